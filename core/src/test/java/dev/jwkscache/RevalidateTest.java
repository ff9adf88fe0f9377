package dev.jwkscache;

import static dev.jwkscache.Stage.ALG;
import static dev.jwkscache.Stage.COOLDOWN;
import static dev.jwkscache.Stage.MAX_STALENESS;
import static dev.jwkscache.Stage.MILLI;
import static dev.jwkscache.Stage.MISS_WAIT;
import static dev.jwkscache.Stage.kid;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jwkscache.testkit.Behaviour;
import dev.jwkscache.testkit.SigningKey;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What those meet who serve a whole set on: {@code getAsync} and {@code revalidate}. */
class RevalidateTest {

    static List<Behaviour> failures() {
        return Stage.failures();
    }

    @Test
    void aRotationIsSeenByWhoeverRevalidates() {
        try (Stage stage = Stage.started()) {
            SigningKey rotated = stage.provider.rotate(ALG);

            assertThat(stage.cache.revalidate())
                    .isCompletedWithValueMatching(set -> set.kids().contains(kid(rotated)));
            assertThat(stage.lastRequest().header("Cache-Control")).isEqualTo("no-cache");
        }
    }

    @Test
    void sixtyFourMakeOneFetchAndTheBudgetOfMissesBoundsTheRest() {
        try (Stage stage = Stage.started()) {
            stage.provider.behave(Behaviour.healthy().slow(Duration.ofSeconds(1)));
            List<CompletableFuture<JwkSet>> callers = IntStream.range(0, 64)
                    .mapToObj(i -> stage.cache.revalidate())
                    .toList();
            assertThat(callers).noneMatch(CompletableFuture::isDone);

            stage.time.advance(Duration.ofSeconds(1));
            assertThat(callers)
                    .allSatisfy(caller -> assertThat(caller)
                            .isCompletedWithValueMatching(set -> set.kids().contains(stage.kid())));
            assertThat(stage.fetches()).isEqualTo(2);

            assertThat(stage.cache.revalidate()).as("the budget is spent").isCompleted();
            assertThat(stage.fetches()).isEqualTo(2);
            stage.time.advance(COOLDOWN);
            assertThat(stage.cache.revalidate()).isNotDone();
            assertThat(stage.fetches()).isEqualTo(3);
            assertThat(stage.cache.status().unknownKeys())
                    .as("nobody asked for an unknown kid")
                    .isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("failures")
    void whateverFailsTheKeysAtHandComeAfterMissWaitAtMost(Behaviour failure) {
        try (Stage stage = Stage.started()) {
            JwkSet before = stage.cache.get();
            stage.provider.behave(failure);

            CompletableFuture<JwkSet> caller = stage.cache.revalidate();
            stage.time.advance(MISS_WAIT);

            assertThat(caller).isCompletedWithValue(before);
        }
    }

    @ParameterizedTest
    @MethodSource("failures")
    void expiredKeysAreNeverHandedOut(Behaviour failure) {
        try (Stage stage = Stage.started()) {
            stage.provider.behave(failure);
            stage.time.advance(MAX_STALENESS.plus(MILLI));

            CompletableFuture<JwkSet> newer = stage.cache.revalidate();
            CompletableFuture<JwkSet> any = stage.cache.getAsync();
            stage.time.advance(Stage.FETCH_TIMEOUT);

            assertThat(newer).isCompletedExceptionally();
            assertThat(newer.handle((set, refusal) -> refusal))
                    .isCompletedWithValueMatching(KeysExpiredException.class::isInstance);
            assertThat(any.handle((set, refusal) -> refusal))
                    .isCompletedWithValueMatching(KeysExpiredException.class::isInstance);
        }
    }

    @Test
    void anEmptyCacheMakesOneFetchForAll() {
        try (Stage stage = new Stage()) {
            stage.provider.behave(Behaviour.healthy().slow(Duration.ofSeconds(1)));
            CompletableFuture<JwkSet> one = stage.cache.getAsync();
            CompletableFuture<JwkSet> other = stage.cache.revalidate();
            assertThat(one).isNotDone();

            stage.time.advance(Duration.ofSeconds(1));

            assertThat(one).isCompletedWithValueMatching(set -> set.kids().contains(stage.kid()));
            assertThat(other).isCompletedWithValue(one.join());
            assertThat(stage.fetches()).isEqualTo(1);
        }
    }

    @Test
    void keysAtHandComeAtOnceAndCancellingDisturbsNobody() {
        try (Stage stage = Stage.started()) {
            assertThat(stage.cache.getAsync()).isCompletedWithValue(stage.cache.get());
            stage.provider.behave(Behaviour.healthy().slow(Duration.ofSeconds(1)));
            CompletableFuture<JwkSet> impatient = stage.cache.revalidate();
            CompletableFuture<JwkSet> patient = stage.cache.revalidate();

            impatient.cancel(true);
            stage.time.advance(Duration.ofSeconds(1));

            assertThat(patient).isCompleted();
        }
    }
}
