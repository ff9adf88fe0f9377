package dev.jwkscache;

import static dev.jwkscache.Stage.ALG;
import static dev.jwkscache.Stage.COOLDOWN;
import static dev.jwkscache.Stage.MILLI;
import static dev.jwkscache.Stage.REFRESH;
import static dev.jwkscache.Stage.kid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jwkscache.spi.OriginResponse;
import dev.jwkscache.testkit.Behaviour;
import dev.jwkscache.testkit.RecordedRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What failures do to the schedule, and what they do not. */
class BackOffTest {

    static Stream<Behaviour> failures() {
        return Stage.failures().stream();
    }

    @Test
    void backOffIsExponentialFromOneSecondUpToTheRefreshInterval() {
        try (Stage stage = Stage.started()) {
            stage.random = 1;
            stage.provider.behave(Behaviour.status(500));
            stage.time.advance(Duration.ofMinutes(30));

            List<Long> pauses = new ArrayList<>();
            List<RecordedRequest> requests = stage.provider.requests();
            for (int i = 2; i < requests.size(); i++) {
                pauses.add(Duration.between(
                                requests.get(i - 1).when(), requests.get(i).when())
                        .toSeconds());
            }
            assertThat(pauses).startsWith(1L, 2L, 4L, 8L, 16L, 32L, 64L, 128L, 256L, 300L, 300L);
        }
    }

    @Test
    void backOffHasFullJitter() {
        RefreshPolicy policy = new RefreshPolicy(new SettingsTest().defaults());

        assertThat(policy.backoff(4, 0.5)).isEqualTo(Duration.ofSeconds(4));
        assertThat(policy.backoff(4, 0.0)).isEqualTo(Duration.ofMillis(100));
        assertThat(policy.backoff(4, 1.0)).isEqualTo(Duration.ofSeconds(8));
        assertThat(policy.backoff(1_000_000, 1.0)).isEqualTo(REFRESH);
    }

    @Test
    void aProviderThatFailsFromBootIsNotStormed() {
        try (Stage stage = new Stage()) {
            stage.provider.behave(Behaviour.status(500));
            stage.cache.startAsync();
            for (int i = 0; i < 60_000; i++) {
                stage.time.advance(Duration.ofMillis(10));
                assertThatThrownBy(stage.cache::get).isInstanceOf(KeysUnavailableException.class);
            }
            assertThat(stage.fetches()).isBetween(5, 25);
        }
    }

    @Test
    void retryAfterIsHonouredByEveryBudget() {
        try (Stage stage = Stage.started()) {
            stage.provider.behave(Behaviour.tooManyRequests(Duration.ofSeconds(120)));
            stage.time.advance(REFRESH);
            int before = stage.fetches();
            stage.provider.behave(Behaviour.healthy());
            for (int i = 0; i < 119; i++) {
                assertThatThrownBy(() -> stage.cache.key("new", ALG)).isInstanceOf(UnknownKeyException.class);
                assertThat(stage.cache.refresh())
                        .isCompletedExceptionally()
                        .failsWithin(Duration.ZERO)
                        .withThrowableThat()
                        .withCauseInstanceOf(KeysUnavailableException.class)
                        .withMessageContaining("Retry-After");
                stage.time.advance(Duration.ofSeconds(1));
            }
            assertThat(stage.fetches()).isEqualTo(before);
            stage.time.advance(Duration.ofSeconds(1));
            assertThat(stage.fetches()).isEqualTo(before + 1);
        }
    }

    @Test
    void retryAfterMayBeADateAndIsBounded() {
        assertThat(CacheHints.retryAfter(answer("Retry-After", "Wed, 21 Oct 2026 07:28:00 GMT"), at("07:27:00")))
                .isEqualTo(Duration.ofMinutes(1));
        assertThat(CacheHints.retryAfter(answer("Retry-After", "Wed, 21 Oct 2026 07:28:00 GMT"), at("08:00:00")))
                .isEqualTo(Duration.ZERO);
        assertThat(CacheHints.retryAfter(answer("Retry-After", "soon"), at("08:00:00")))
                .isNull();
        try (Stage stage = Stage.started()) {
            stage.provider.behave(Behaviour.status(503, Duration.ofDays(300)));
            stage.time.advance(REFRESH);
            int before = stage.fetches();
            stage.time.advance(RefreshPolicy.MAX_QUIET);
            assertThat(stage.fetches())
                    .as("a provider cannot silence a cache for days")
                    .isEqualTo(before + 1);
        }
    }

    @ParameterizedTest
    @MethodSource("failures")
    void theScheduleSurvivesEveryFailureOfTheProvider(Behaviour failure) {
        try (Stage stage = Stage.started()) {
            stage.provider.behave(failure);
            stage.time.advance(Duration.ofMinutes(40));
            assertThat(stage.events.failed).hasSizeGreaterThan(5);
            stage.provider.behave(Behaviour.healthy());
            stage.time.advance(REFRESH.plusSeconds(20));

            assertThat(stage.cache.status().state()).isEqualTo(CacheState.FRESH);
            assertThat(stage.cache.status().lastFailure()).isEmpty();
        }
    }

    @Test
    void theScheduleSurvivesWhateverAnOriginThrows() {
        AtomicInteger calls = new AtomicInteger();
        List<Throwable> thrown = List.of(
                new IllegalStateException("evil \u001b[31m text"),
                new StackOverflowError(),
                new OutOfMemoryError("not really"),
                new AssertionError());
        try (Stage stage = new Stage(builder -> builder.origin(request -> {
            int call = calls.getAndIncrement();
            if (call < thrown.size()) {
                throw Stage.<RuntimeException>sneaky(thrown.get(call));
            }
            return switch (call) {
                case 4 -> null;
                case 5 -> CompletableFuture.completedFuture(null);
                case 6 -> new CompletableFuture<>();
                default -> CompletableFuture.failedFuture(new IllegalArgumentException());
            };
        }))) {
            stage.cache.startAsync();
            stage.time.advance(Duration.ofMinutes(60));

            assertThat(calls.get()).isGreaterThan(15);
            assertThat(stage.events.failed)
                    .extracting(event -> event.failure().reason())
                    .startsWith(
                            FailureReason.ORIGIN,
                            FailureReason.ORIGIN,
                            FailureReason.ORIGIN,
                            FailureReason.ORIGIN,
                            FailureReason.ORIGIN,
                            FailureReason.ORIGIN,
                            FailureReason.TIMEOUT,
                            FailureReason.ORIGIN);
            assertThat(stage.events.failed.get(0).failure().detail()).doesNotContain("evil");
        }
    }

    @Test
    void theScheduleSurvivesWhateverAListenerThrows() {
        try (Stage stage = new Stage(builder -> builder.listener(new JwksCacheListener() {
            @Override
            public void refreshed(Refreshed event) {
                throw new StackOverflowError();
            }

            @Override
            public void refreshFailed(RefreshFailed event) {
                throw new IllegalStateException();
            }
        }))) {
            stage.cache.start();
            stage.time.advance(REFRESH);
            stage.provider.behaveOnce(Behaviour.refuse());
            stage.time.advance(REFRESH);
            stage.time.advance(REFRESH);

            assertThat(stage.events.refreshed).hasSizeGreaterThanOrEqualTo(3);
        }
    }

    @Test
    void budgetsAreSeparate() {
        try (Stage stage = Stage.started()) {
            stage.provider.behave(Behaviour.hangBeforeHeaders());
            Calling.ASYNC.key(stage.cache, "forged", ALG);
            stage.time.advance(Stage.FETCH_TIMEOUT);
            assertThat(stage.cache.status().failedRefreshes()).isEqualTo(1);
            stage.provider.behave(Behaviour.healthy());

            stage.time.advance(Duration.ofSeconds(1));

            assertThat(stage.fetches())
                    .as("recovery does not wait for the miss cooldown")
                    .isEqualTo(3);
            assertThat(stage.cache.refresh()).as("nor does a manual refresh").isCompleted();
            String rotated = kid(stage.provider.rotate(ALG));
            stage.time.advance(COOLDOWN);
            assertThat(stage.cache.key(rotated, ALG).kid()).isEqualTo(rotated);
        }
    }

    @Test
    void neitherScheduleNorRecoveryNorAManualRefreshSpendsTheMissBudget() {
        try (Stage stage = Stage.started()) {
            stage.provider.behave(Behaviour.refuse());
            stage.time.advance(REFRESH);
            stage.provider.behave(Behaviour.healthy());
            stage.time.advance(Duration.ofSeconds(1));
            stage.time.suspend(Stage.TTL.plus(MILLI));
            stage.cache.get();
            stage.cache.refresh().join();
            int before = stage.fetches();

            String rotated = kid(stage.provider.rotate(ALG));
            assertThat(stage.cache.key(rotated, ALG).kid()).isEqualTo(rotated);

            assertThat(stage.fetches()).isEqualTo(before + 1);
        }
    }

    @Test
    void retryAfterBindsAlsoAnEmptyCacheAndItsStart() {
        try (Stage stage = new Stage()) {
            stage.provider.behave(Behaviour.tooManyRequests(Duration.ofSeconds(120)));
            assertThatThrownBy(stage.cache::start).isInstanceOf(KeysUnavailableException.class);
            stage.provider.behave(Behaviour.healthy());
            for (int i = 0; i < 119; i++) {
                stage.time.advance(Duration.ofSeconds(1));
                assertThatThrownBy(stage.cache::get).isInstanceOf(KeysUnavailableException.class);
                assertThatThrownBy(stage.cache::start).hasMessageContaining("Retry-After");
            }
            assertThat(stage.fetches()).isEqualTo(1);
            stage.time.advance(Duration.ofSeconds(1));
            stage.cache.start();
            assertThat(stage.fetches()).isEqualTo(2);
        }
    }

    @Test
    void startAsyncGoesOnWhereAStartFailed() {
        try (Stage stage = new Stage()) {
            stage.provider.behave(Behaviour.refuse());
            assertThatThrownBy(stage.cache::start).isInstanceOf(KeysUnavailableException.class);
            var ready = stage.cache.startAsync();
            stage.provider.behave(Behaviour.healthy());
            stage.time.advance(Duration.ofSeconds(1));

            assertThat(ready).isCompleted();
            assertThat(stage.cache.get().size()).isEqualTo(1);
        }
    }

    @Test
    void anHourOfOutageAfterARotationAndTheRecovery() {
        try (Stage stage = Stage.started()) {
            stage.provider.rotate(ALG);
            String rotated = stage.kid();
            assertThat(stage.cache.key(rotated, ALG).kid()).isEqualTo(rotated);
            stage.provider.behave(Behaviour.hangBeforeHeaders());
            for (int minute = 0; minute < 59; minute++) {
                stage.time.advance(Duration.ofMinutes(1));
                assertThat(stage.cache.key(rotated, ALG).kid()).isEqualTo(rotated);
            }
            assertThat(stage.cache.status().state()).isEqualTo(CacheState.STALE);
            stage.provider.behave(Behaviour.healthy());
            stage.time.advance(REFRESH.plusSeconds(10));

            assertThat(stage.cache.status().state()).isEqualTo(CacheState.FRESH);
        }
    }

    private static OriginResponse answer(String name, String value) {
        return new OriginResponse(503, java.util.Map.of(name, List.of(value)), new byte[0]);
    }

    private static Instant at(String time) {
        return Instant.parse("2026-10-21T" + time + "Z");
    }
}
