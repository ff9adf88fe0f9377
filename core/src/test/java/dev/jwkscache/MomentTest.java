package dev.jwkscache;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** DESIGN §2.2: of the two clocks, whichever says that more time has passed is believed. */
class MomentTest {
    private static final long MILLI = 1_000_000;
    private static final long SECOND = 1_000 * MILLI;
    private static final Moment THEN = new Moment(5 * SECOND, 50_000);

    @ParameterizedTest
    @CsvSource({
        // monotonic and wall seconds since, seconds that have passed
        "0, 0, 0",
        "3, 3, 3",
        "3, 2, 3",
        "2, 3, 3",
        "3, -100, 3",
        "-100, 3, 3",
        "-1, -1, 0"
    })
    void theClockThatSaysMoreIsBelieved(long monotonic, long wall, long passed) {
        assertThat(THEN.nanosUntil(after(monotonic, wall))).isEqualTo(passed * SECOND);
    }

    @Test
    void monotonicTimeMayPassItsLargestNumber() {
        Moment then = new Moment(Long.MAX_VALUE - 1, 0);
        Moment now = new Moment(Long.MIN_VALUE + 1, 0);

        assertThat(then.nanosUntil(now)).isEqualTo(3);
        assertThat(then.isReachedBy(now)).isTrue();
        assertThat(now.isReachedBy(then)).as("by the wall clock, which stands").isTrue();
        assertThat(new Moment(now.nanos(), 1).isReachedBy(then)).isFalse();
        assertThat(new Moment(now.nanos(), 1).remaining(then)).isEqualTo(Duration.ofNanos(3));
    }

    @Test
    void aWallClockBeyondAllReasonIsFarAwayAndNoOverflow() {
        Moment beginning = new Moment(0, 0);
        long far = Long.MAX_VALUE / 4_000_000 * MILLI;

        assertThat(beginning.nanosUntil(new Moment(0, Long.MAX_VALUE))).isEqualTo(far);
        assertThat(beginning.nanosUntil(new Moment(7, Long.MIN_VALUE / 2))).isEqualTo(7);
        assertThat(new Moment(0, Long.MAX_VALUE - 5).plus(Duration.ofSeconds(1)).wallMillis())
                .isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void addingMovesBothClocks() {
        assertThat(THEN.plus(Duration.ofMillis(1500))).isEqualTo(new Moment(6 * SECOND + 500 * MILLI, 51_500));
        Moment far = new Moment(0, 0).plus(Duration.ofDays(1_000_000_000));
        assertThat(far).isEqualTo(new Moment(Long.MAX_VALUE / 4_000_000 * MILLI, Long.MAX_VALUE / 4_000_000));
        assertThat(far.isReachedBy(new Moment(SECOND, 1_000))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, true, 0",
        "0, -9, true, 0",
        "-9, 0, true, 0",
        "1, -9, true, 0",
        "-9, 1, true, 0",
        "-2, -3, false, 2",
        "-3, -2, false, 2",
        "-1, -1, false, 1"
    })
    void aMomentIsReachedWhenEitherClockReachesIt(long monotonic, long wall, boolean reached, long remaining) {
        Moment now = after(monotonic, wall);

        assertThat(THEN.isReachedBy(now)).isEqualTo(reached);
        assertThat(THEN.remaining(now)).isEqualTo(Duration.ofSeconds(remaining));
    }

    @Test
    void anAnchoredMomentIsAsOldByTheMonotonicClockAsItHasEverLooked() {
        assertThat(THEN.anchoredAt(after(3, 3))).isSameAs(THEN);
        assertThat(THEN.anchoredAt(after(3, 2))).isSameAs(THEN);

        Moment anchored = THEN.anchoredAt(after(1, 100));

        assertThat(anchored).isEqualTo(new Moment(6 * SECOND - 100 * SECOND, 50_000));
        assertThat(anchored.nanosUntil(after(2, 0))).isEqualTo(101 * SECOND);
    }

    @Test
    void ofTwoTheOneThatEitherClockReachesFirst() {
        Moment byWall = new Moment(100 * SECOND, 51_000);
        Moment byNanos = new Moment(8 * SECOND, 900_000);

        assertThat(Moment.earlier(byWall, byNanos, THEN)).isSameAs(byWall);
        assertThat(Moment.earlier(byNanos, byWall, THEN)).isSameAs(byWall);
        assertThat(Moment.later(byWall, byNanos, THEN)).isSameAs(byNanos);
        assertThat(Moment.later(byNanos, byWall, THEN)).isSameAs(byNanos);

        Moment same = new Moment(THEN.nanos() + SECOND, 51_000);
        assertThat(Moment.earlier(byWall, same, THEN)).isSameAs(byWall);
        assertThat(Moment.later(byWall, same, THEN)).isSameAs(byWall);
    }

    @Test
    void durationsThatNoLongHoldsAreTheLongest() {
        assertThat(Moment.saturatedNanos(Duration.ofSeconds(2))).isEqualTo(2 * SECOND);
        assertThat(Moment.saturatedNanos(Duration.ofSeconds(Long.MAX_VALUE))).isEqualTo(Long.MAX_VALUE);
        assertThat(Moment.saturatedNanos(Duration.ofSeconds(Long.MIN_VALUE))).isEqualTo(Long.MIN_VALUE);
    }

    @Test
    void theWallClockTellsTheInstant() {
        assertThat(THEN.wall()).isEqualTo(Instant.ofEpochSecond(50));
    }

    private static Moment after(long monotonicSeconds, long wallSeconds) {
        return new Moment(THEN.nanos() + monotonicSeconds * SECOND, THEN.wallMillis() + wallSeconds * 1_000);
    }
}
