package dev.jwkscache.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.util.unit.DataSize;

/** Spring Boot's guide says how properties are described; editors and the README show it. */
class MetadataTest {
    private static final Set<String> WITHOUT_DEFAULT = Set.of(
            "jwks-cache.fetch-base",
            "jwks-cache.issuers",
            "jwks-cache.refresh-interval",
            "jwks-cache.store.file.directory",
            "jwks-cache.store.file.hmac-key-file",
            "jwks-cache.store.redis.hmac-key-file",
            "jwks-cache.store.redis.ssl.bundle",
            "jwks-cache.store.redis.uri",
            "jwks-cache.transport.bearer-token-file",
            "jwks-cache.transport.headers",
            "jwks-cache.transport.proxy.host",
            "jwks-cache.transport.proxy.port",
            "jwks-cache.transport.ssl.bundle",
            "jwks-cache.transport.trusted-certificates");

    private final Map<String, Map<String, Object>> properties = Metadata.properties();

    @Test
    void everyPropertyIsDescribedAsTheGuideSays() {
        assertThat(properties).hasSizeGreaterThan(30).allSatisfy((name, property) -> {
            String description = (String) property.get("description");
            String type = (String) property.get("type");
            assertThat(name).startsWith("jwks-cache.");
            assertThat(description).as(name).isNotBlank().endsWith(".");
            assertThat(description).as(name).doesNotStartWith("The ").doesNotStartWith("A ");
            assertThat(description.startsWith("Whether ") || description.startsWith("Enable "))
                    .as(name)
                    .isEqualTo(type.equals("java.lang.Boolean"));
            assertThat(description.startsWith("Comma-separated list"))
                    .as(name)
                    .isEqualTo(type.startsWith("java.util.List") || type.startsWith("java.util.Set"));
            assertThat(description.endsWith("If a duration suffix is not specified, seconds will be used."))
                    .as(name)
                    .isEqualTo(type.equals("java.time.Duration"));
        });
    }

    @Test
    void everyPropertyTellsItsDefaultIfItHasOne() {
        assertThat(properties)
                .allSatisfy((name, property) -> assertThat(property.containsKey("defaultValue"))
                        .as(name)
                        .isNotEqualTo(WITHOUT_DEFAULT.contains(name)));
        assertThat(properties.keySet()).containsAll(WITHOUT_DEFAULT);
    }

    @Test
    void theDefaultsAreThoseOfTheLibrary() throws Exception {
        Map<String, String> constants = Map.of(
                "time-to-live", "DEFAULT_TIME_TO_LIVE",
                "min-refresh-interval", "DEFAULT_MIN_REFRESH_INTERVAL",
                "fetch-timeout", "DEFAULT_FETCH_TIMEOUT",
                "max-staleness", "DEFAULT_MAX_STALENESS",
                "miss-cooldown", "DEFAULT_MISS_COOLDOWN",
                "miss-wait", "DEFAULT_MISS_WAIT",
                "store-wait", "DEFAULT_STORE_WAIT");
        for (Map.Entry<String, String> constant : constants.entrySet()) {
            String told =
                    (String) properties.get("jwks-cache." + constant.getKey()).get("defaultValue");
            assertThat(DurationStyle.detectAndParse(told))
                    .as(constant.getKey())
                    .isEqualTo(library(constant.getValue()));
        }
        assertThat(DurationStyle.detectAndParse(
                        (String) properties.get("jwks-cache.stale-wait").get("defaultValue")))
                .isEqualTo(Duration.ZERO);
        assertThat(DataSize.parse((String)
                                properties.get("jwks-cache.max-document-bytes").get("defaultValue"))
                        .toBytes())
                .isEqualTo(((Integer) library("DEFAULT_MAX_DOCUMENT_BYTES")).longValue());
    }

    private static Object library(String constant) throws Exception {
        Field field = Class.forName("dev.jwkscache.Settings").getDeclaredField(constant);
        field.setAccessible(true);
        return field.get(null);
    }
}
