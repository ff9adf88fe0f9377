package dev.jwkscache;

import static dev.jwkscache.Stage.ALG;
import static dev.jwkscache.Stage.FETCH_TIMEOUT;
import static dev.jwkscache.Stage.TTL;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jwkscache.Calling.Attempt;
import dev.jwkscache.testkit.Behaviour;
import dev.jwkscache.testkit.ScriptedProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The promise: callers of known keys never wait and never fail while the keys may still be trusted. */
class KnownKeysNeverWaitTest {
    private static final int CALLERS = 32;

    static Stream<Behaviour> faults() {
        return Stream.concat(
                Stage.failures().stream(),
                Stream.of(
                        Behaviour.healthy().slow(Duration.ofSeconds(4)),
                        Behaviour.oneBadKey(),
                        Behaviour.unknownKty(),
                        Behaviour.redirectLoop(),
                        Behaviour.withEtag()));
    }

    /** In virtual time a call that has its answer while no time passes has waited for nothing. */
    @ParameterizedTest
    @MethodSource("faults")
    void noCallerWaitsThroughTwelveFetchTimeoutsOfAnyFault(Behaviour fault) {
        try (Stage stage = Stage.started()) {
            String kid = stage.kid();
            stage.provider.behave(fault);
            stage.time.advance(TTL);
            stage.time.suspend(Duration.ofSeconds(1));

            for (int step = 0; step < 12 * 4; step++) {
                for (int i = 0; i < CALLERS; i++) {
                    assertThat(Calling.ASYNC.key(stage.cache, kid, ALG).result())
                            .isCompleted();
                }
                stage.time.advance(FETCH_TIMEOUT.dividedBy(4));
            }
            List<Attempt<VerificationKey>> blocking = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                blocking.add(Calling.BLOCKING.key(stage.cache, kid, ALG));
            }
            assertThat(blocking)
                    .allSatisfy(caller -> assertThat(caller.result()).isCompleted());
        }
    }

    private static List<Behaviour> networkFaults() {
        return List.of(
                Behaviour.refuse(),
                Behaviour.reset(),
                Behaviour.hangBeforeHeaders(),
                Behaviour.hangInBody(),
                Behaviour.drip(1, Duration.ofMillis(20)),
                Behaviour.status(500),
                Behaviour.html(),
                Behaviour.emptySet(),
                Behaviour.truncated(),
                Behaviour.cutOff(),
                Behaviour.chunkedOversize(2 << 20),
                Behaviour.gzipBomb(),
                Behaviour.deepNesting(100_000),
                Behaviour.redirectLoop());
    }

    /** The same with real threads and real sockets: whatever the fetches meet, no call fails. */
    @Test
    void noCallerFailsWhileRealFetchesFail() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(CALLERS);
        AtomicBoolean over = new AtomicBoolean();
        try (ScriptedProvider provider = ScriptedProvider.start(ALG);
                JwksCache cache = JwksCache.builder(provider.jwksUri())
                        .fetchTimeout(Duration.ofSeconds(1))
                        .missCooldown(Duration.ofNanos(1))
                        .missWait(Duration.ofSeconds(20))
                        .build()) {
            cache.start();
            String kid = provider.current(ALG).kid();
            Callable<Integer> caller = () -> {
                int calls = 0;
                do {
                    assertThat(cache.key(kid, ALG).kid()).isEqualTo(kid);
                    calls++;
                    LockSupport.parkNanos(100_000);
                } while (!over.get());
                return calls;
            };
            List<Future<Integer>> callers = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                callers.add(pool.submit(caller));
            }
            for (Behaviour fault : networkFaults()) {
                provider.behave(fault);
                long failed = cache.status().failedRefreshes();
                assertThat(cache.keyAsync("forged", ALG))
                        .failsWithin(Duration.ofSeconds(20))
                        .withThrowableThat()
                        .withCauseInstanceOf(UnknownKeyException.class);
                assertThat(cache.status().failedRefreshes()).as("%s", fault).isGreaterThan(failed);
            }
            over.set(true);
            for (Future<Integer> done : callers) {
                assertThat(done.get(20, TimeUnit.SECONDS)).isPositive();
            }
        } finally {
            over.set(true);
            pool.shutdownNow();
        }
    }

    @Test
    void aRotationUnderLoadRefusesNobody() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(CALLERS);
        try (ScriptedProvider provider = ScriptedProvider.start(ALG);
                JwksCache cache = JwksCache.builder(provider.jwksUri())
                        .missCooldown(Duration.ofNanos(1))
                        .missWait(Duration.ofSeconds(20))
                        .build()) {
            cache.start();
            for (int rotation = 0; rotation < 20; rotation++) {
                String kid = provider.rotate(ALG).kid();
                long before = cache.status().fetches();
                List<Callable<VerificationKey>> callers = new ArrayList<>();
                for (int i = 0; i < CALLERS * 2; i++) {
                    callers.add(() -> cache.key(kid, ALG));
                }
                for (Future<VerificationKey> key : pool.invokeAll(callers)) {
                    assertThat(key.get().kid()).isEqualTo(kid);
                }
                assertThat(cache.status().fetches() - before).isEqualTo(1);
            }
        } finally {
            pool.shutdownNow();
        }
    }
}
