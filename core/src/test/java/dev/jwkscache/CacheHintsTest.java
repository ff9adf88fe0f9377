package dev.jwkscache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jwkscache.spi.OriginResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9111 §4.2 and §5.2, RFC 9110 §10.2.3. */
class CacheHintsTest {
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            max-age=600                        | 0    | 600
            MAX-AGE=600                        | 0    | 600
            public, max-age=600, immutable     | 0    | 600
            max-age="600"                      | 0    | 600
            max-age= 600                       | 0    | 600
            max-age=1                          | 0    | 1
            max-age=600                        | 599  | 1
            max-age=600                        | 600  | 0
            max-age=600                        | 601  | 0
            max-age=600                        | -5   | 600
            max-age=600                        | soon | 600
            max-age=2147483648                 | 0    | 2147483648
            max-age=2147483649                 | 0    | 2147483648
            max-age=99999999999999999999999999 | 0    | 2147483648
            """)
    void freshnessIsMaxAgeLessAge(String cacheControl, String age, long seconds) {
        assertThat(CacheHints.freshness(response(Map.of("Cache-Control", List.of(cacheControl), "Age", List.of(age)))))
                .isEqualTo(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "max-age=0",
                "no-cache",
                "no-store",
                "max-age",
                "max-age=",
                "max-age=-1",
                "max-age=6e2",
                "s-maxage=5"
            })
    void noMaxAgeIsNoHint(String cacheControl) {
        assertThat(CacheHints.freshness(response(Map.of("Cache-Control", List.of(cacheControl)))))
                .isNull();
        assertThat(CacheHints.freshness(response(Map.of()))).isNull();
    }

    @Test
    void theLastFieldCounts() {
        assertThat(CacheHints.freshness(response(Map.of("Cache-Control", List.of("max-age=5", "max-age=7")))))
                .isEqualTo(Duration.ofSeconds(7));
    }

    @ParameterizedTest
    @CsvSource({"0,false", "1,true", "-1,false", "x,false", "600,true"})
    void anAgeTellsOfACacheOnTheWay(String age, boolean fromCache) {
        assertThat(CacheHints.fromCache(response(Map.of("Age", List.of(age))))).isEqualTo(fromCache);
        assertThat(CacheHints.fromCache(response(Map.of()))).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            120                           | 120
            ' 120 '                       | 120
            0                             | 0
            9999999999                    | 2147483648
            99999999999                   | 2147483648
            Sun, 22 Nov 2026 12:00:30 GMT | 30
            Sun, 22 Nov 2026 12:00:00 GMT | 0
            Sun, 22 Nov 2026 11:59:30 GMT | 0
            """)
    void quietIsANumberOfSecondsOrADate(String retryAfter, long seconds) {
        assertThat(CacheHints.retryAfter(response(Map.of("Retry-After", List.of(retryAfter))), NOW))
                .isEqualTo(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @ValueSource(strings = {"soon", "-1", "1.5", "", "Mon, 22 Nov 2026 12:00:30 GMT", "2026-11-22T12:00:30Z", "\u0661"})
    void anythingElseAsksForNoQuiet(String retryAfter) {
        assertThat(CacheHints.retryAfter(response(Map.of("Retry-After", List.of(retryAfter))), NOW))
                .isNull();
        assertThat(CacheHints.retryAfter(response(Map.of()), NOW)).isNull();
    }

    private static OriginResponse response(Map<String, List<String>> headers) {
        return new OriginResponse(200, headers, new byte[0]);
    }
}
