package dev.jwkscache.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeOptionTest {
    /** Half past six in the evening in Berlin. */
    private static final Clock NOW = Clock.fixed(Instant.parse("2026-11-28T17:30:00Z"), ZoneId.of("Europe/Berlin"));

    @ParameterizedTest
    @CsvSource({
        "14:03, 2026-11-28T13:03:00Z",
        "14:03:07.5, 2026-11-28T13:03:07.500Z",
        "2026-11-27 14:03, 2026-11-27T13:03:00Z",
        "2026-07-01T14:03, 2026-07-01T12:03:00Z",
        "2026-11-28, 2026-11-27T23:00:00Z",
        "2026-11-28T14:03:00Z, 2026-11-28T14:03:00Z",
        "2026-11-28 14:03:00-05:00, -",
        "2026-11-28T09:03:00-05:00, 2026-11-28T14:03:00Z",
        "2026-10-25T02:30+01:00, 2026-10-25T01:30:00Z",
    })
    void readsTimesAsPeopleWriteThem(String text, String expected) {
        if (expected.equals("-")) {
            assertThatThrownBy(() -> TimeOption.parse(text, NOW)).hasMessageStartingWith("is still to come");
        } else {
            assertThat(TimeOption.parse(text, NOW)).isEqualTo(Instant.parse(expected));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "yesterday           | must be a time such as 14:03, '2026-11-28 14:03' or 2026-11-28T13:03:00Z",
                "25:00               | must be a time such as 14:03, '2026-11-28 14:03' or 2026-11-28T13:03:00Z",
                "23:00               | is still to come (it is 2026-11-28T18:30 here); name the day, or the offset",
                "2026-10-25 02:30    | was shown twice by the clocks of Europe/Berlin; add the offset, as in 2026-10-25T02:30+02:00",
                "2026-03-29 02:30    | was shown never by the clocks of Europe/Berlin; add the offset, as in 2026-03-29T02:30+01:00",
            })
    void whatIsNoTimeIsRefusedWithWhatHelps(String text, String message) {
        assertThatThrownBy(() -> TimeOption.parse(text, NOW))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }
}
