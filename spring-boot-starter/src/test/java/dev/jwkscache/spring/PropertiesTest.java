package dev.jwkscache.spring;

import static dev.jwkscache.spring.Contexts.ISSUER;
import static dev.jwkscache.spring.Contexts.JWT;
import static dev.jwkscache.spring.Contexts.KEYS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jwkscache.JwksCache;
import dev.jwkscache.Transport;
import dev.jwkscache.redis.RedisSnapshotStore;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** That every setting of a builder is a property, and arrives there: the builder itself complains about its value. */
class PropertiesTest {
    /** What no text can say: for these there are beans, and the groups transport and store; and what serves only who serves keys on. */
    private static final Set<String> NO_PROPERTIES =
            Set.of("keepJson", "build", "listener", "origin", "time", "store", "transport");

    private static final Map<String, String> REFUSED = Map.ofEntries(
            Map.entry("timeToLive", "0"),
            Map.entry("refreshInterval", "0"),
            Map.entry("minRefreshInterval", "0"),
            Map.entry("fetchTimeout", "0"),
            Map.entry("maxStaleness", "0"),
            Map.entry("missCooldown", "0"),
            Map.entry("missWait", "-1"),
            Map.entry("staleWait", "-1"),
            Map.entry("storeWait", "0"),
            Map.entry("maxDocumentBytes", "100MB"),
            Map.entry("minRsaBits", "512"),
            Map.entry("signatureUses", "sig,enc"),
            Map.entry("fetchBase", "ftp://issuer.example"));

    private static final Map<String, String> ACCEPTED = Map.ofEntries(
            Map.entry("timeToLive", "300"),
            Map.entry("refreshInterval", "200s"),
            Map.entry("minRefreshInterval", "20"),
            Map.entry("fetchTimeout", "1500ms"),
            Map.entry("maxStaleness", "2h"),
            Map.entry("missCooldown", "20"),
            Map.entry("missWait", "0"),
            Map.entry("staleWait", "1"),
            Map.entry("storeWait", "1"),
            Map.entry("maxDocumentBytes", "65536"),
            Map.entry("minRsaBits", "3072"),
            Map.entry("signatureUses", "sig,jwt-svid"),
            Map.entry("fetchBase", "https://127.0.0.1:8443"));

    private final ApplicationContextRunner context = Contexts.plain();

    static Stream<String> settings() {
        return REFUSED.keySet().stream();
    }

    static String kebab(String name) {
        return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    @Test
    void everySettingOfABuilderIsAProperty() {
        assertThat(namesOf(JwksCache.Builder.class))
                .hasSizeGreaterThan(10)
                .isEqualTo(
                        Stream.concat(settings(), Stream.of("allowPlainHttp")).collect(Collectors.toSet()))
                .allSatisfy(name -> assertThat(Metadata.property("jwks-cache." + kebab(name)))
                        .as(name)
                        .isNotNull());
        // Those of the transport and of Redis: SSLContext and SslOptions are what a bundle makes.
        assertThat(namesOf(Transport.class))
                .containsExactlyInAnyOrder("sslContext", "trustedCertificates", "proxy", "header", "bearerTokenFile");
        for (String name : Set.of("trusted-certificates", "ssl.bundle", "proxy.host", "headers", "bearer-token-file")) {
            assertThat(Metadata.property("jwks-cache.transport." + name)).isNotNull();
        }
        assertThat(namesOf(RedisSnapshotStore.Builder.class))
                .contains("sslOptions")
                .filteredOn(name -> !name.equals("sslOptions"))
                .hasSizeGreaterThan(5)
                .allSatisfy(name -> assertThat(Metadata.property(
                                "jwks-cache.store.redis." + (name.equals("hmacKey") ? "hmac-key-file" : kebab(name))))
                        .as(name)
                        .isNotNull());
    }

    @ParameterizedTest
    @MethodSource("settings")
    void aSettingOfAllArrivesAtTheBuilder(String name) {
        context.withPropertyValues(ISSUER, "jwks-cache." + kebab(name) + "=" + REFUSED.get(name))
                .run(it -> assertThat(it)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining(name.equals("fetchBase") ? "ftp:" : name + " "));
    }

    @ParameterizedTest
    @MethodSource("settings")
    void aSettingOfOneIssuerGoesBeforeThatOfAll(String name) {
        String all = "jwks-cache." + kebab(name) + "=";
        String own = "jwks-cache.issuers.a." + kebab(name) + "=";
        ApplicationContextRunner one = context.withPropertyValues("jwks-cache.issuers.a.issuer-uri=https://a.example");

        one.withPropertyValues(all + REFUSED.get(name), own + ACCEPTED.get(name))
                .run(it -> assertThat(it).hasNotFailed());
        one.withPropertyValues(all + ACCEPTED.get(name), own + REFUSED.get(name))
                .run(it -> assertThat(it)
                        .getFailure()
                        .isInstanceOf(BeanCreationException.class)
                        .rootCause()
                        .hasMessageContaining(name.equals("fetchBase") ? "ftp:" : name + " "));
    }

    @Test
    void plainHttpBeyondLoopbackHasToBeAllowed() {
        ApplicationContextRunner plain = context.withPropertyValues(JWT + ".issuer-uri=http://keycloak:8080/realms/a");

        plain.run(it -> assertThat(it).getFailure().rootCause().hasMessageContaining("http"));
        plain.withPropertyValues("jwks-cache.allow-plain-http=true")
                .run(it -> assertThat(it).hasNotFailed());
    }

    @Test
    void aNumberWithoutAUnitIsSeconds() {
        context.withPropertyValues(ISSUER, "jwks-cache.time-to-live=600", "jwks-cache.refresh-interval=601")
                .run(it -> assertThat(it)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("601 s")
                        .hasMessageContaining("600 s"));
    }

    @Test
    void whereAllAreReachedSaysNothingOfKeysWithAnAddressOfTheirOwnUnlessThereIsNoOther() {
        String base = "jwks-cache.fetch-base=https://127.0.0.1:8443";
        context.withPropertyValues(ISSUER, KEYS, "jwks-cache.issuers.b.issuer-uri=https://b.example", base)
                .run(it -> assertThat(it).hasNotFailed());
        context.withPropertyValues(KEYS, base)
                .run(it -> assertThat(it).getFailure().rootCause().hasMessageContaining("fetchBase is set"));
    }

    @Test
    void whatIsMissingOrTwiceIsRefusedByName() {
        Map<String[], String> refused = Map.of(
                new String[] {"jwks-cache.issuers.a.time-to-live=5m"},
                "jwks-cache.issuers.a has neither issuer-uri nor jwk-set-uri",
                new String[] {KEYS, "jwks-cache.issuers.a.issuer-uri=https://a.example"},
                JWT + ".issuer-uri is not set, but with 2 issuers",
                new String[] {ISSUER, "jwks-cache.issuers.default.issuer-uri=https://a.example"},
                "the name 'default' stands for",
                new String[] {ISSUER, "jwks-cache.issuers.a.issuer-uri=https://issuer.example"},
                "is named by " + JWT + " and by jwks-cache.issuers.a",
                new String[] {"jwks-cache.issuers.a.issuer-uri=not an address"},
                "jwks-cache.issuers.a.issuer-uri is 'not an address'",
                new String[] {"jwks-cache.issuers.a.jwk-set-uri=ftp://a.example"},
                "ftp");
        refused.forEach((properties, message) -> context.withPropertyValues(properties)
                .run(it -> assertThat(it)
                        .getFailure()
                        .as(Arrays.toString(properties))
                        .hasStackTraceContaining(message)));
    }

    private static Set<String> namesOf(Class<?> builder) {
        return Arrays.stream(builder.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()) && !Modifier.isStatic(method.getModifiers()))
                .map(Method::getName)
                .filter(name -> !NO_PROPERTIES.contains(name) && !name.equals("toString"))
                .collect(Collectors.toSet());
    }
}
