package dev.jwkscache;

import static dev.jwkscache.Stage.ALG;
import static dev.jwkscache.Stage.MAX_STALENESS;
import static dev.jwkscache.Stage.MILLI;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jwkscache.testkit.Behaviour;
import dev.jwkscache.testkit.VirtualTime;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clocks that stand still, leap and go backwards: ages never shrink, expiry is never late, no refresh storm follows. */
class ClockTest {
    private static final Duration TEN_MINUTES = Duration.ofMinutes(10);

    static LongStream seeds() {
        return LongStream.range(0, 60);
    }

    @Test
    void aSuspendIsFollowedByOneFetchAndTheUsualSchedule() {
        try (Stage stage = Stage.started()) {
            stage.time.suspend(Duration.ofHours(8));
            assertThat(stage.cache.status().age()).contains(Duration.ofHours(8));
            assertThat(stage.cache.key(stage.kid(), ALG)).isNotNull();
            assertThat(stage.fetches()).isEqualTo(2);
            assertThat(stage.cache.status().age()).contains(Duration.ZERO);

            stage.time.advance(TEN_MINUTES);
            assertThat(stage.fetches()).isBetween(3, 5);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {-365 * 24 * 3600L, -3600, -1, 1, 3600, 365 * 24 * 3600L})
    void aLeapOfTheWallClockIsFollowedByTheUsualNumberOfFetches(long seconds) {
        try (Stage stage = Stage.started()) {
            stage.time.advance(Duration.ofSeconds(100));
            stage.time.leapWall(Duration.ofSeconds(seconds));
            int before = stage.fetches();
            stage.time.advance(TEN_MINUTES);

            assertThat(stage.fetches() - before).isBetween(1, 4);
            assertThat(stage.cache.status().state()).isEqualTo(CacheState.FRESH);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {-365 * 24 * 3600L, -3600, 3600, 365 * 24 * 3600L})
    void aLeapDuringAnOutageNeitherStormsNorStopsTheRetries(long seconds) {
        try (Stage stage = Stage.started()) {
            stage.provider.behave(Behaviour.status(500));
            stage.time.advance(Duration.ofMinutes(15));
            stage.time.leapWall(Duration.ofSeconds(seconds));
            int before = stage.fetches();
            stage.time.advance(TEN_MINUTES);
            assertThat(stage.fetches() - before).isBetween(1, 8);

            stage.provider.behave(Behaviour.healthy());
            stage.time.advance(Stage.REFRESH.plusSeconds(30));
            assertThat(stage.cache.status().state()).isEqualTo(CacheState.FRESH);
        }
    }

    @Test
    void quietThatEndedByALeapStaysEndedWhenTheClockIsSetBack() {
        try (Stage stage = Stage.started()) {
            stage.provider.behave(Behaviour.tooManyRequests(Duration.ofSeconds(300)));
            stage.time.advance(Duration.ofSeconds(331));
            stage.time.leapWall(Duration.ofSeconds(300));
            stage.provider.behave(Behaviour.status(500));
            stage.time.advance(Duration.ofSeconds(31));
            stage.time.leapWall(Duration.ofSeconds(-400));
            int before = stage.fetches();
            stage.time.advance(Duration.ofSeconds(60));

            assertThat(stage.fetches() - before).isBetween(1, 8);
        }
    }

    @Test
    void forwardAndBackAgainTheKeysStayAsOldAsTheyLooked() {
        try (Stage stage = Stage.started()) {
            stage.provider.behave(Behaviour.refuse());
            stage.time.leapWall(Duration.ofMinutes(59));
            assertThat(stage.cache.key(stage.kid(), ALG)).isNotNull();
            stage.time.leapWall(Duration.ofMinutes(-59));
            stage.time.advance(Duration.ofMinutes(1));
            assertThat(stage.cache.key(stage.kid(), ALG)).isNotNull();
            stage.time.advance(MILLI);

            assertThatThrownBy(() -> stage.cache.key(stage.kid(), ALG)).isInstanceOf(KeysExpiredException.class);
        }
    }

    @Test
    void ofTwoLookupsInOneMillisecondTheOneThatIsTooLateIsRefused() {
        try (Stage stage = Stage.started()) {
            stage.provider.behave(Behaviour.refuse());
            stage.time.advance(MAX_STALENESS);
            assertThat(stage.cache.key(stage.kid(), ALG)).isNotNull();
            stage.time.advance(Duration.ofNanos(1));

            assertThatThrownBy(() -> stage.cache.key(stage.kid(), ALG)).isInstanceOf(KeysExpiredException.class);
        }
    }

    @Test
    void aWallClockThatIsSetBackToTheMillisecondOfTheLastLookupHidesNothing() {
        try (Stage stage = Stage.started()) {
            stage.provider.behave(Behaviour.refuse());
            stage.time.advance(MAX_STALENESS.minusSeconds(10));
            assertThat(stage.cache.key(stage.kid(), ALG)).isNotNull();
            stage.time.advance(Duration.ofSeconds(40));
            stage.time.leapWall(Duration.ofSeconds(-40));

            assertThatThrownBy(() -> stage.cache.key(stage.kid(), ALG)).isInstanceOf(KeysExpiredException.class);
        }
    }

    /** A run of leaps, suspends and outages, against the one rule: age is what either clock says, and never shrinks. */
    @ParameterizedTest
    @MethodSource("seeds")
    void whateverTheClocksDoAgesNeverShrinkAndExpiryIsNeverLate(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        try (Stage stage = Stage.started()) {
            VirtualTime time = stage.time;
            List<Moment> validated = stage.events.refreshedAt;
            int known = validated.size();
            Duration seen = Duration.ZERO;
            for (int step = 0; step < 120; step++) {
                stage.provider.behave(random.nextInt(4) == 0 ? Behaviour.healthy() : Behaviour.status(500));
                Duration by = Duration.ofMillis(random.nextLong(1, 15 * 60_000));
                int before = stage.fetches();
                switch (random.nextInt(5)) {
                    case 0 -> time.suspend(by);
                    case 1 -> time.leapWall(by);
                    case 2 -> time.leapWall(by.negated());
                    default -> time.advance(by);
                }
                CacheStatus status = stage.cache.status();
                assertThat(stage.fetches() - before).as("no storm").isLessThanOrEqualTo(20);
                if (validated.size() > known) {
                    known = validated.size();
                    seen = Duration.ZERO;
                }
                Moment fetched = validated.get(known - 1);
                Duration least = Duration.ofNanos(Math.max(
                        time.nanoTime().getAsLong() - fetched.nanos(),
                        (time.wallClock().millis() - fetched.wallMillis()) * 1_000_000));
                assertThat(status.age().orElseThrow())
                        .as("never younger than a clock says or than it looked")
                        .isGreaterThanOrEqualTo(least)
                        .isGreaterThanOrEqualTo(seen);
                seen = status.age().orElseThrow();
                if (seen.compareTo(MAX_STALENESS) > 0) {
                    stage.provider.behave(Behaviour.status(500));
                    assertThatThrownBy(() -> stage.cache.key(stage.kid(), ALG))
                            .isInstanceOf(KeysExpiredException.class);
                } else {
                    assertThat(stage.cache.key(stage.kid(), ALG)).isNotNull();
                }
            }
            assertThat(known).as("the run saw refreshes").isGreaterThan(5);
        }
    }
}
