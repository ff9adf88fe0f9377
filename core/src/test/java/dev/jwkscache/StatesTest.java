package dev.jwkscache;

import static dev.jwkscache.Stage.ALG;
import static dev.jwkscache.Stage.FETCH_TIMEOUT;
import static dev.jwkscache.Stage.MAX_STALENESS;
import static dev.jwkscache.Stage.MILLI;
import static dev.jwkscache.Stage.TTL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jwkscache.Calling.Attempt;
import dev.jwkscache.testkit.Behaviour;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** DESIGN §2.2: empty, fresh, stale, expired, and what each answers. */
class StatesTest {

    static Stream<Behaviour> failures() {
        return Stage.failures().stream();
    }

    @ParameterizedTest
    @EnumSource
    void emptyMakesOneFetchWhateverTheNumberOfCallers(Calling calling) {
        try (Stage stage = new Stage()) {
            stage.provider.behave(Behaviour.healthy().slow(Duration.ofSeconds(1)));
            List<Attempt<VerificationKey>> callers = IntStream.range(0, 64)
                    .mapToObj(i -> calling.key(stage.cache, stage.kid(), ALG))
                    .toList();
            assertThat(callers).allMatch(Attempt::waits);

            stage.time.advance(Duration.ofSeconds(1));

            assertThat(callers)
                    .allSatisfy(caller -> assertThat(caller.value().kid()).isEqualTo(stage.kid()));
            assertThat(stage.fetches()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void emptyWaitsAtMostTheFetchTimeoutThenIsUnavailable(Calling calling) {
        try (Stage stage = new Stage()) {
            stage.provider.behave(Behaviour.hangBeforeHeaders());
            Attempt<VerificationKey> caller = calling.key(stage.cache, "any", ALG);

            stage.time.advance(FETCH_TIMEOUT.minus(MILLI));
            assertThat(caller.waits()).isTrue();
            stage.time.advance(MILLI);

            assertThat(caller.failure())
                    .isInstanceOf(KeysUnavailableException.class)
                    .hasMessageContaining("5 s");
            assertThat(stage.fetches()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void emptyAnswersAtOnceWhileBackOffRuns(Calling calling) {
        try (Stage stage = new Stage()) {
            stage.random = 1;
            stage.provider.behave(Behaviour.status(503));
            assertThat(calling.key(stage.cache, "any", ALG).failure()).isInstanceOf(KeysUnavailableException.class);

            Attempt<VerificationKey> during = calling.key(stage.cache, "any", ALG);

            assertThat(during.failure())
                    .isInstanceOf(KeysUnavailableException.class)
                    .hasMessageContaining("https://provider.test/jwks.json")
                    .hasMessageContaining("status 503")
                    .hasMessageContaining("1 fetch failed since 20")
                    .hasMessageContaining("next attempt in 1 s");
            assertThat(((JwksException) during.failure()).retryAfter()).contains(Duration.ofSeconds(1));
            assertThat(stage.fetches()).isEqualTo(1);

            stage.provider.behave(Behaviour.healthy());
            stage.time.advance(Duration.ofSeconds(1));
            assertThat(calling.key(stage.cache, stage.kid(), ALG).value()).isNotNull();
        }
    }

    @ParameterizedTest
    @EnumSource
    void freshIsServedAtOnceWithoutAFetch(Calling calling) {
        try (Stage stage = Stage.started()) {
            stage.provider.behave(Behaviour.hangBeforeHeaders());
            stage.time.suspend(TTL);

            assertThat(stage.cache.status().state()).isEqualTo(CacheState.FRESH);
            assertThat(calling.key(stage.cache, stage.kid(), ALG).result()).isCompleted();
            assertThat(stage.cache.get().kids()).containsExactly(stage.kid());
            assertThat(stage.fetches()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void staleIsServedAtOnceAndStartsOneRefreshThatNobodyWaitsFor(Calling calling) {
        try (Stage stage = Stage.started()) {
            stage.provider.behave(Behaviour.hangBeforeHeaders());
            stage.time.suspend(TTL.plus(MILLI));
            assertThat(stage.cache.status().state()).isEqualTo(CacheState.STALE);

            for (int i = 0; i < 64; i++) {
                assertThat(calling.key(stage.cache, stage.kid(), ALG).result()).isCompleted();
            }
            assertThat(stage.cache.get().size()).isEqualTo(1);

            assertThat(stage.fetches()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void staleWaitMakesCallersWaitThatLongAndNoLonger(Calling calling) {
        try (Stage stage = Stage.started(builder -> builder.staleWait(Duration.ofSeconds(1)))) {
            stage.provider.behave(Behaviour.hangBeforeHeaders());
            stage.time.suspend(TTL.plus(MILLI));
            Attempt<VerificationKey> caller = calling.key(stage.cache, stage.kid(), ALG);

            stage.time.advance(Duration.ofMillis(999));
            assertThat(caller.waits()).isTrue();
            stage.time.advance(MILLI);

            assertThat(caller.value().kid()).isEqualTo(stage.kid());
            assertThat(stage.fetches()).isEqualTo(2);
        }
    }

    @Test
    void staleWaitGivesTheNewKeysWhenTheyComeInTime() {
        try (Stage stage = Stage.started(builder -> builder.staleWait(Duration.ofSeconds(1)))) {
            String old = stage.kid();
            stage.provider.rotate(ALG);
            stage.provider.behave(Behaviour.healthy().slow(Duration.ofMillis(300)));
            stage.time.suspend(TTL.plus(MILLI));
            Attempt<JwkSet> caller = Calling.blocking(stage.cache::get);

            stage.time.advance(Duration.ofMillis(300));

            assertThat(caller.value().kids()).containsExactlyInAnyOrder(old, stage.kid());
        }
    }

    @ParameterizedTest
    @MethodSource("failures")
    void maxStalenessIsExactWhateverFailed(Behaviour failure) {
        try (Stage stage = Stage.started()) {
            String kid = stage.kid();
            stage.provider.behave(failure);

            stage.time.advance(MAX_STALENESS.minus(MILLI));
            assertThat(stage.cache.key(kid, ALG).kid()).isEqualTo(kid);
            stage.time.advance(MILLI.plus(MILLI));

            Attempt<VerificationKey> late = Calling.ASYNC.key(stage.cache, kid, ALG);
            Attempt<JwkSet> lateGet = Calling.blocking(stage.cache::get);
            stage.time.advance(FETCH_TIMEOUT);
            assertThat(late.failure()).isInstanceOf(KeysExpiredException.class);
            assertThat(lateGet.failure()).isInstanceOf(KeysExpiredException.class);
            assertThat(stage.cache.status().state()).isEqualTo(CacheState.EXPIRED);
        }
    }

    @ParameterizedTest
    @EnumSource
    void expiredJoinsOneAttemptAndServesWhatItBrings(Calling calling) {
        try (Stage stage = Stage.started()) {
            stage.time.suspend(MAX_STALENESS.plus(MILLI));
            stage.provider.behave(Behaviour.healthy().slow(Duration.ofSeconds(1)));
            List<Attempt<VerificationKey>> callers = IntStream.range(0, 64)
                    .mapToObj(i -> calling.key(stage.cache, stage.kid(), ALG))
                    .toList();
            assertThat(callers).allMatch(Attempt::waits);

            stage.time.advance(Duration.ofSeconds(1));

            assertThat(callers)
                    .allSatisfy(caller -> assertThat(caller.value().kid()).isEqualTo(stage.kid()));
            assertThat(stage.fetches()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void expiredIsRefusedAtOnceWhileBackOffRuns(Calling calling) {
        try (Stage stage = Stage.started()) {
            stage.random = 1;
            stage.provider.behave(Behaviour.refuse());
            stage.time.advance(MAX_STALENESS.plus(MILLI));
            int before = stage.fetches();

            Attempt<VerificationKey> caller = calling.key(stage.cache, stage.kid(), ALG);

            assertThat(caller.failure())
                    .isInstanceOf(KeysExpiredException.class)
                    .hasMessageContaining("past max staleness of 3600 s")
                    .hasMessageContaining("Connection refused");
            assertThat(((JwksException) caller.failure()).retryAfter()).isPresent();
            assertThat(stage.fetches()).isEqualTo(before);
        }
    }

    @Test
    void ageCountsFromWhenTheRequestWasSent() {
        try (Stage stage = new Stage()) {
            stage.provider.behave(Behaviour.healthy().slow(Duration.ofSeconds(4)));
            Attempt<JwkSet> caller = Calling.blocking(stage.cache::get);
            stage.time.advance(Duration.ofSeconds(4));
            caller.value();

            assertThat(stage.cache.status().age()).contains(Duration.ofSeconds(4));
        }
    }

    @Test
    void aSuspendedMachineAgesItsKeys() {
        try (Stage stage = Stage.started()) {
            stage.provider.behave(Behaviour.refuse());
            stage.time.suspend(Duration.ofHours(2));

            assertThat(stage.cache.status().age()).contains(Duration.ofHours(2));
            assertThatThrownBy(stage.cache::get).isInstanceOf(KeysExpiredException.class);
        }
    }

    @Test
    void aClockSetBackDoesNotMakeKeysYounger() {
        try (Stage stage = Stage.started()) {
            stage.provider.behave(Behaviour.refuse());
            stage.time.advance(Duration.ofMinutes(30));
            stage.time.leapWall(Duration.ofHours(-5));

            assertThat(stage.cache.status().age()).contains(Duration.ofMinutes(30));
            stage.time.advance(Duration.ofMinutes(30).plus(MILLI));
            assertThat(stage.cache.status().state()).isEqualTo(CacheState.EXPIRED);
        }
    }

    @Test
    void anAgeThatWasSeenNeverShrinks() {
        try (Stage stage = Stage.started()) {
            stage.provider.behave(Behaviour.refuse());
            stage.time.leapWall(Duration.ofMinutes(50));
            assertThat(stage.cache.status().age()).contains(Duration.ofMinutes(50));
            stage.time.leapWall(Duration.ofMinutes(-50));

            assertThat(stage.cache.status().age()).contains(Duration.ofMinutes(50));
            stage.time.advance(Duration.ofMinutes(10).plus(MILLI));
            assertThat(stage.cache.status().state()).isEqualTo(CacheState.EXPIRED);
        }
    }

    @Test
    void afterResumeAFetchStartsWithoutCallers() {
        try (Stage stage = Stage.started()) {
            stage.time.suspend(Duration.ofHours(2));
            stage.time.advance(Duration.ofSeconds(30));

            assertThat(stage.fetches()).isEqualTo(2);
            assertThat(stage.cache.status().state()).isEqualTo(CacheState.FRESH);
        }
    }

    @Test
    void aFailedStartThrowsAndCanBeRepeated() {
        try (Stage stage = new Stage()) {
            stage.provider.behave(Behaviour.refuse());
            assertThatThrownBy(stage.cache::start)
                    .isInstanceOf(KeysUnavailableException.class)
                    .hasMessageContaining("Connection refused");
            stage.time.advance(Duration.ofHours(1));
            assertThat(stage.fetches()).as("a failed start leaves no schedule").isEqualTo(1);

            stage.provider.behave(Behaviour.healthy());
            stage.cache.start();

            assertThat(stage.cache.get().kids()).containsExactly(stage.kid());
        }
    }

    @Test
    void startAsyncGoesOnTrying() {
        try (Stage stage = new Stage()) {
            stage.provider.behave(Behaviour.refuse());
            var ready = stage.cache.startAsync();
            stage.time.advance(Duration.ofMinutes(2));
            assertThat(ready).isNotDone();
            assertThat(stage.fetches()).isBetween(4, 12);

            stage.provider.behave(Behaviour.healthy());
            stage.time.advance(Duration.ofMinutes(5));

            assertThat(ready).isCompleted();
            assertThat(stage.cache.get().size()).isEqualTo(1);
        }
    }

    @Test
    void theThreeOutcomesAreTyped() {
        try (Stage stage = new Stage()) {
            stage.provider.behave(Behaviour.refuse());
            assertThatThrownBy(() -> stage.cache.key("k", ALG)).isInstanceOf(KeysUnavailableException.class);
            stage.provider.behave(Behaviour.healthy());
            stage.time.advance(Duration.ofSeconds(1));
            assertThatThrownBy(() -> stage.cache.key("forged", ALG)).isInstanceOf(UnknownKeyException.class);
            stage.provider.behave(Behaviour.refuse());
            stage.time.advance(MAX_STALENESS.plus(MILLI));
            assertThatThrownBy(() -> stage.cache.key(stage.kid(), ALG)).isInstanceOf(KeysExpiredException.class);
        }
    }
}
