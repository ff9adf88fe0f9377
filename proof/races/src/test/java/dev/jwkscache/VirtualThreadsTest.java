package dev.jwkscache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jwkscache.testkit.Behaviour;
import dev.jwkscache.testkit.ScriptedProvider;
import dev.jwkscache.testkit.SigningKey;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import jdk.jfr.consumer.RecordedEvent;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** A thousand callers on two carriers: whoever waits for keys gives his carrier away. */
@EnabledForJreRange(min = JRE.JAVA_21)
class VirtualThreadsTest {
    private static final String ALG = "ES256";
    private static final int CALLERS = 1000;
    private static final Duration SLOW = Duration.ofSeconds(1);

    /** Whoever waits for another thread to initialize a class is pinned by the JVM; that is once in a process, and not ours. */
    @BeforeAll
    static void initializeClasses() throws Exception {
        try (ScriptedProvider provider = ScriptedProvider.start(ALG);
                JwksCache cache = JwksCache.builder(provider.jwksUri()).build()) {
            VirtualThreads.run(1, () -> cache.key(provider.current(ALG).kid(), ALG));
            SigningKey next = provider.rotate();
            VirtualThreads.run(1, () -> cache.key(next.kid(), ALG));
        }
    }

    @Test
    void aThousandCallersOfAnEmptyCacheWaitForOneFetchAndPinNobody() throws Exception {
        try (ScriptedProvider provider = ScriptedProvider.start(ALG);
                JwksCache cache = JwksCache.builder(provider.jwksUri()).build()) {
            SigningKey key = provider.current(ALG);
            provider.behave(Behaviour.healthy().slow(SLOW));

            List<RecordedEvent> pinned = VirtualThreads.pinnedDuring(() -> answersOf(cache, key));

            assertThat(pinned).isEmpty();
            assertThat(provider.requestCount()).isEqualTo(1);
        }
    }

    @Test
    void aThousandCallersWithANewKidWaitForOneFetchAndPinNobody() throws Exception {
        try (ScriptedProvider provider = ScriptedProvider.start(ALG);
                JwksCache cache = JwksCache.builder(provider.jwksUri()).build()) {
            cache.start();
            SigningKey key = provider.rotate();
            provider.behave(Behaviour.healthy().slow(SLOW));
            provider.clearRequests();

            List<RecordedEvent> pinned = VirtualThreads.pinnedDuring(() -> answersOf(cache, key));

            assertThat(pinned).isEmpty();
            assertThat(provider.requestCount()).isEqualTo(1);
        }
    }

    /** Shows that the two tests above can fail: a caller who waits inside a class initializer, a native frame, is pinned. */
    @Test
    void aCallerWhoWaitsUnderANativeFrameIsSeenToBePinned() throws Exception {
        try (ScriptedProvider provider = ScriptedProvider.start(ALG);
                JwksCache cache = JwksCache.builder(provider.jwksUri()).build()) {
            provider.behave(Behaviour.healthy().slow(SLOW));
            Pinning.waiting = cache::get;

            List<RecordedEvent> pinned =
                    VirtualThreads.pinnedDuring(() -> VirtualThreads.run(1, () -> new Pinning().answer()));

            assertThat(pinned).isNotEmpty();
        }
    }

    private static List<VerificationKey> answersOf(JwksCache cache, SigningKey key) throws Exception {
        CountDownLatch all = new CountDownLatch(CALLERS);
        List<VerificationKey> answers = VirtualThreads.run(CALLERS, () -> {
            all.countDown();
            // None asks before all are there, so that all wait at once.
            all.await();
            return cache.key(key.kid(), ALG);
        });
        assertThat(answers)
                .hasSize(CALLERS)
                .allSatisfy(answer -> assertThat(answer.publicKey()).isEqualTo(key.publicKey()));
        return answers;
    }

    private static final class Pinning {
        private static volatile Callable<Object> waiting = () -> "nothing";

        Object answer() {
            return Inside.ANSWER;
        }

        private static final class Inside {
            static final Object ANSWER;

            static {
                try {
                    ANSWER = waiting.call();
                } catch (Exception e) {
                    throw new ExceptionInInitializerError(e);
                }
            }
        }
    }
}
