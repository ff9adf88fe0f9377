package dev.jwkscache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jwkscache.testkit.Behaviour;
import dev.jwkscache.testkit.RecordedRequest;
import dev.jwkscache.testkit.ScriptedProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** DESIGN §2.1: what {@code close()} leaves behind is nothing. */
class LifecycleTest {
    private static final String ALG = "ES256";

    @Test
    void closeDuringAHangingFetchLeavesNoThreadAndNoSocket() throws Exception {
        try (ScriptedProvider provider = ScriptedProvider.start(ALG)) {
            provider.behave(Behaviour.hangBeforeHeaders());
            JwksCache cache = JwksCache.builder(provider.jwksUri()).build();
            CompletableFuture<RecordedRequest> arrived = provider.nextRequest();
            CompletableFuture<Void> ready = cache.startAsync();
            CompletableFuture<VerificationKey> waiting = cache.keyAsync("any", ALG);
            arrived.get(20, TimeUnit.SECONDS);

            cache.close();

            assertThat(waiting)
                    .failsWithin(java.time.Duration.ofSeconds(20))
                    .withThrowableThat()
                    .withCauseInstanceOf(KeysUnavailableException.class)
                    .withMessageContaining("is closed");
            assertThat(ready).failsWithin(java.time.Duration.ofSeconds(20));
            provider.allConnectionsClosed().get(20, TimeUnit.SECONDS);
            assertNothingLeft();
        }
    }

    @Test
    void aHundredCachesBuiltAndClosedLeaveNothing() throws Exception {
        try (ScriptedProvider provider = ScriptedProvider.start(ALG)) {
            List<JwksCache> caches = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                JwksCache cache = JwksCache.builder(provider.jwksUri()).build();
                cache.start();
                caches.add(cache);
            }
            Set<String> named = threads();
            assertThat(named).hasSizeLessThanOrEqualTo(5);
            caches.forEach(JwksCache::close);

            assertNothingLeft();
            awaitCollected(provider);
        }
    }

    @Test
    void aClosedCacheServesNothingAndDoesNothing() throws Exception {
        try (Stage stage = Stage.started()) {
            stage.cache.close();
            stage.cache.close();

            assertThatThrownBy(stage.cache::get)
                    .isInstanceOf(KeysUnavailableException.class)
                    .hasMessage("the cache of https://provider.test/jwks.json is closed");
            assertThatThrownBy(() -> stage.cache.key(stage.kid(), ALG)).isInstanceOf(KeysUnavailableException.class);
            assertThatThrownBy(stage.cache::start).isInstanceOf(KeysUnavailableException.class);
            assertThat(stage.cache.refresh()).isCompletedExceptionally();
            assertThat(stage.cache.startAsync()).isCompletedExceptionally();
            stage.cache.purge();
            assertThat(stage.cache.status().nextAttempt()).isEmpty();
            assertThat(stage.time.pendingTasks()).isZero();
            stage.time.advance(java.time.Duration.ofHours(2));
            assertThat(stage.fetches()).isEqualTo(1);
        }
    }

    @Test
    void aCacheThatIsClosedWhileCallersBlockLetsThemGo() {
        try (Stage stage = new Stage()) {
            stage.provider.behave(Behaviour.hangBeforeHeaders());
            var get = Calling.blocking(stage.cache::get);
            var key = Calling.BLOCKING.key(stage.cache, "any", ALG);
            assertThat(get.waits()).isTrue();
            stage.cache.close();

            assertThat(get.failure()).isInstanceOf(KeysUnavailableException.class);
            assertThat(key.failure()).isInstanceOf(KeysUnavailableException.class);
            assertThat(stage.provider.openConnections()).isZero();
            assertThat(stage.time.pendingTasks()).isZero();
        }
    }

    @Test
    void buildingACacheFetchesNothingAndStartsNoThread() throws Exception {
        try (ScriptedProvider provider = ScriptedProvider.start(ALG)) {
            assertNothingLeft();
            JwksCache cache = JwksCache.builder(provider.jwksUri()).build();

            assertThat(threads()).isEmpty();
            assertThat(provider.requestCount()).isZero();
            cache.close();
        }
    }

    /** Threads end soon after, not at once; the HTTP client of a JDK before 21 ends when it is collected. */
    private static void assertNothingLeft() throws InterruptedException {
        for (int i = 0; i < 2_000 && !threads().isEmpty(); i++) {
            if (i % 100 == 0) {
                System.gc();
            }
            TimeUnit.MILLISECONDS.sleep(10);
        }
        assertThat(threads()).isEmpty();
    }

    private static void awaitCollected(ScriptedProvider provider) throws Exception {
        provider.allConnectionsClosed().get(20, TimeUnit.SECONDS);
        assertThat(provider.openConnections()).isZero();
    }

    private static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .map(Thread::getName)
                .filter(name -> name.startsWith("jwks-cache-") || name.startsWith("HttpClient-"))
                .collect(Collectors.toSet());
    }
}
