package dev.jwkscache;

import static dev.jwkscache.Stage.ALG;
import static dev.jwkscache.Stage.REFRESH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jwkscache.spi.OriginRequest;
import dev.jwkscache.spi.OriginResponse;
import dev.jwkscache.testkit.Behaviour;
import dev.jwkscache.testkit.ScriptedProvider;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Origins, servers and clocks that break their promises: the cache keeps its own. */
class HostileOriginTest {

    @Test
    void anOriginThatBlocksItsThreadHoldsUpNoOtherCacheAndIsNotCalledAgainMeanwhile() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger calls = new AtomicInteger();
        try (ScriptedProvider provider = ScriptedProvider.start(ALG);
                JwksCache blocked = JwksCache.builder(URI.create("https://blocked.example/"))
                        .fetchTimeout(Duration.ofMillis(20))
                        .origin(request -> {
                            calls.incrementAndGet();
                            awaitUninterrupted(release);
                            return new CompletableFuture<>();
                        })
                        .build();
                JwksCache healthy = JwksCache.builder(provider.jwksUri()).build()) {
            blocked.startAsync();
            CountDownLatch failures = new CountDownLatch(1);
            while (blocked.status().failedRefreshes() < 4) {
                failures.await(10, TimeUnit.MILLISECONDS);
            }

            healthy.start();

            assertThat(healthy.get().size()).isEqualTo(1);
            assertThat(calls).hasValue(1);
            release.countDown();
        }
    }

    @Test
    void anExchangeThatCannotBeCancelledDoesNotEndTheSchedule() {
        AtomicInteger calls = new AtomicInteger();
        try (Stage stage = new Stage(builder -> builder.origin(request -> {
            calls.incrementAndGet();
            return new CompletableFuture<>() {
                @Override
                public boolean cancel(boolean mayInterruptIfRunning) {
                    throw new IllegalStateException("not me");
                }
            };
        }))) {
            stage.cache.startAsync();
            stage.time.advance(Duration.ofHours(1));

            assertThat(calls.get()).isGreaterThan(10);
            assertThat(stage.events.failed).hasSizeGreaterThan(10);
        }
    }

    @Test
    void aKeyThatWasRefusedAsExpiredIsNotServedAgainWhenTheClockIsSetBack() {
        try (Stage stage = Stage.started()) {
            stage.provider.behave(Behaviour.refuse());
            stage.time.leapWall(Duration.ofHours(2));
            assertThatThrownBy(() -> stage.cache.key(stage.kid(), ALG)).isInstanceOf(KeysExpiredException.class);
            stage.time.leapWall(Duration.ofHours(-2));

            assertThatThrownBy(() -> stage.cache.key(stage.kid(), ALG)).isInstanceOf(KeysExpiredException.class);
        }
    }

    @Test
    void keysThatWereServedAsStaleStayThatOldWhenTheClockIsSetBack() {
        try (Stage stage = Stage.started()) {
            stage.provider.behave(Behaviour.refuse());
            stage.time.leapWall(Duration.ofMinutes(15));
            stage.cache.get();
            stage.time.leapWall(Duration.ofMinutes(-15));
            stage.time.advance(Duration.ofMinutes(45).plus(Stage.MILLI));

            assertThatThrownBy(stage.cache::get).isInstanceOf(KeysExpiredException.class);
        }
    }

    @Test
    void aHealthyProvidersKeysNeverExpireHoweverSettingsAndJitterFall() {
        Duration all = Duration.ofSeconds(600);
        try (Stage stage = new Stage(
                builder -> builder.timeToLive(all).refreshInterval(all).maxStaleness(all))) {
            stage.random = 1;
            stage.cache.start();
            for (int i = 0; i < 7200; i++) {
                stage.time.advance(Duration.ofSeconds(1));
                assertThat(stage.cache.status().state()).isEqualTo(CacheState.FRESH);
            }
        }
    }

    @Test
    void jitterDoesNotGoBelowTheLeastInterval() {
        try (Stage stage = new Stage()) {
            stage.random = 0;
            stage.provider.behave(Behaviour.healthy().cacheControl("max-age=30"));
            stage.cache.start();
            stage.time.advance(Duration.ofSeconds(30).minus(Stage.MILLI));
            assertThat(stage.fetches()).isEqualTo(1);
        }
    }

    @Test
    void afterAPurgeNoCopyOnTheWayWillDoWhoeverFetches() {
        List<OriginRequest> requests = new CopyOnWriteArrayList<>();
        AtomicReference<byte[]> document = new AtomicReference<>(new byte[0]);
        try (Stage stage = new Stage(builder -> builder.origin(request -> {
            requests.add(request);
            return CompletableFuture.completedFuture(
                    new OriginResponse(200, Map.of("ETag", List.of("\"1\"")), document.get()));
        }))) {
            document.set(stage.provider.document().getBytes(StandardCharsets.UTF_8));
            stage.cache.start();
            stage.cache.refresh().join();
            stage.cache.purge();
            stage.cache.get();

            assertThat(requests).hasSize(3);
            assertThat(requests.get(0).forced()).isFalse();
            assertThat(requests.get(2).forced()).isTrue();
            assertThat(requests.get(2).etag()).isNull();
            stage.time.advance(REFRESH.plus(REFRESH));
            assertThat(requests.get(requests.size() - 1).forced()).isFalse();
        }
    }

    @Test
    void aServerThatFailsOnValidatorsIsAskedWithoutThem() {
        AtomicReference<byte[]> document = new AtomicReference<>(new byte[0]);
        try (Stage stage = new Stage(builder -> builder.origin(request -> CompletableFuture.completedFuture(
                request.etag() == null
                        ? new OriginResponse(200, Map.of("ETag", List.of("\"1\"")), document.get())
                        : new OriginResponse(412, Map.of(), new byte[0]))))) {
            document.set(stage.provider.document().getBytes(StandardCharsets.UTF_8));
            stage.cache.start();
            stage.time.advance(REFRESH.plusSeconds(2));

            assertThat(stage.events.failed).hasSize(1);
            assertThat(stage.events.refreshed).hasSize(2);
        }
    }

    @Test
    void startAcceptsStaleKeysAlsoWhereCallersWaitForFresherOnes() {
        try (Stage stage = Stage.started(builder -> builder.staleWait(Duration.ofSeconds(1)))) {
            stage.provider.behave(Behaviour.refuse());
            stage.time.suspend(Stage.TTL.plus(Stage.MILLI));

            stage.cache.start();

            assertThat(stage.cache.get().size()).isEqualTo(1);
        }
    }

    @Test
    void startAsyncFetchesOnlyWithoutKeys() {
        try (Stage stage = Stage.started()) {
            for (int i = 0; i < 100; i++) {
                assertThat(stage.cache.startAsync()).isCompleted();
            }
            assertThat(stage.fetches()).isEqualTo(1);
        }
    }

    @Test
    void aRepeatedStartWaitsItsTurn() {
        try (Stage stage = new Stage()) {
            stage.provider.behave(Behaviour.refuse());
            assertThatThrownBy(stage.cache::start).isInstanceOf(KeysUnavailableException.class);
            stage.provider.behave(Behaviour.healthy());
            var second = Calling.blocking(() -> {
                stage.cache.start();
                return true;
            });
            assertThat(second.waits()).isTrue();
            assertThat(stage.fetches()).isEqualTo(1);
            stage.time.advance(RefreshPolicy.MANUAL_GAP);

            assertThat(second.value()).isTrue();
            assertThat(stage.fetches()).isEqualTo(2);
        }
    }

    @Test
    void aProcessOutOfThreadsCostsAFetchAndNotTheSchedule() {
        AtomicInteger refused = new AtomicInteger();
        try (Stage stage = new Stage()) {
            Engine engine = new Engine(
                    stage.time.scheduler(),
                    task -> {
                        if (refused.getAndIncrement() < 3) {
                            throw new OutOfMemoryError("unable to create native thread");
                        }
                        task.run();
                    },
                    task -> {
                        throw new RejectedExecutionException();
                    },
                    Runnable::run,
                    Gate.open(),
                    () -> {});
            Refresher refresher = refresher(stage, engine, new Counters());
            refresher.schedule();
            stage.time.advance(Duration.ofMinutes(1));

            assertThat(refused.get()).isGreaterThan(3);
            assertThat(refresher.state().snapshot()).isNotNull();
            refresher.close();
        }
    }

    /** What a lookup races with when a fetch ends between its look and its wish. */
    @Test
    void whoSawOlderKeysIsShownTheNewOnesBeforeHeCostsAFetchOrIsRefused() {
        try (Stage stage = new Stage()) {
            Counters counters = new Counters();
            Refresher refresher = refresher(stage, Engine.of(stage.time.scheduler(), () -> {}), counters);
            TimeSource time = new TimeSource(stage.time.wallClock(), stage.time.nanoTime());
            refresher.request(RefreshTrigger.RECOVERY, time.now());
            Snapshot seen = refresher.state().snapshot();
            refresher.request(RefreshTrigger.MANUAL, time.now());
            assertThat(refresher.state().snapshot()).isNotSameAs(seen);
            assertThat(counters.values().fetches()).isEqualTo(2);

            for (RefreshTrigger trigger : List.of(RefreshTrigger.MISS, RefreshTrigger.RECOVERY)) {
                assertThat(refresher.request(trigger, time.now(), seen).landed())
                        .isCompletedWithValueMatching(landing -> landing instanceof Flight.Loaded);
            }
            assertThat(counters.values().fetches()).isEqualTo(2);
            refresher.close();
        }
    }

    private static Refresher refresher(Stage stage, Engine engine, Counters counters) {
        byte[] document = stage.provider.document().getBytes(StandardCharsets.UTF_8);
        return Stage.refresher(
                engine,
                request -> CompletableFuture.completedFuture(new OriginResponse(200, Map.of(), document)),
                stage.timeSource(),
                counters,
                stage.events);
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
