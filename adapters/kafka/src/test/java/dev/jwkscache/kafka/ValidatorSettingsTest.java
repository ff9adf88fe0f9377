package dev.jwkscache.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jwkscache.CacheStatus;
import dev.jwkscache.JwksCache;
import dev.jwkscache.spi.OriginResponse;
import dev.jwkscache.testkit.ScriptedProvider;
import dev.jwkscache.testkit.VirtualTime;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of Kafka's refresh settings, seen from the provider over two hours of no time. */
class ValidatorSettingsTest {

    @ParameterizedTest
    @CsvSource({
        // refresh, max staleness -> fetches in two hours (the jitter is a tenth), max staleness of the cache
        "3600000,          , 21,  27, 3600",
        "  60000,          ,109, 134, 3600",
        "7200000,          ,  1,   2, 14400",
        "3600000,    120000,109, 134, 120",
        "  90000,    120000, 72,  90, 120",
        "3600000,   7200000, 21,  27, 7200",
    })
    void theyBecomeThoseOfTheCache(long refresh, String maxStaleness, int least, int most, long expiry) {
        VirtualTime time = new VirtualTime();
        ScriptedProvider provider = ScriptedProvider.inMemory(time);
        Map<String, Object> configs = new HashMap<>(Configs.of(provider));
        configs.put("sasl.oauthbearer.jwks.endpoint.refresh.ms", refresh);
        configs.put("jwks.cache.max.staleness.ms", maxStaleness);
        ValidatorSettings settings = ValidatorSettings.of(configs, Configs.MECHANISM, List.of());
        JwksCache.Builder builder = JwksCache.builder(provider.jwksUri())
                .time(time.wallClock(), time.nanoTime(), time.scheduler())
                .origin(request -> provider.exchange(Map.of())
                        .thenApply(answer -> new OriginResponse(answer.status(), Map.of(), answer.body())));
        try (provider;
                JwksCache cache = settings.applyTo(builder).build()) {
            cache.startAsync();
            time.advance(Duration.ofHours(2));

            assertThat(provider.requestCount()).isBetween(least, most);
            CacheStatus status = cache.status();
            assertThat(status.age().orElseThrow().plus(status.timeToExpiry().orElseThrow()))
                    .isEqualTo(Duration.ofSeconds(expiry));
        }
    }
}
