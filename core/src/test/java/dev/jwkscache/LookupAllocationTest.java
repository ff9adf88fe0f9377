package dev.jwkscache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.jwkscache.spi.OriginResponse;
import dev.jwkscache.testkit.ScriptedProvider;
import dev.jwkscache.testkit.VirtualTime;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What lookups leave for the garbage collector, counted by the JVM for this thread. */
class LookupAllocationTest {
    private static final int LOOKUPS = 200_000;
    private static final String ALG = "ES256";

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void aLookupOfAKnownKidAllocatesNothing() {
        try (RunningClocks clocks = new RunningClocks()) {
            clocks.cache.start();

            for (Supplier<Object> lookup : lookups(clocks)) {
                assertThat(allocated(lookup)).isZero();
            }
        }
    }

    /** Both clocks are read once a millisecond, and whether to fetch is decided; what that takes is not for each lookup. */
    @Test
    void whenKeysAreStaleALookupAllocatesLessThanAByte() {
        try (RunningClocks clocks = new RunningClocks()) {
            clocks.cache.start();
            clocks.ahead = Stage.TTL.plusSeconds(1);
            clocks.outage = true;
            assertThat(clocks.cache.status().state()).isEqualTo(CacheState.STALE);

            for (Supplier<Object> lookup : lookups(clocks)) {
                assertThat(allocated(lookup)).isLessThan(LOOKUPS);
            }
            assertThat(clocks.cache.status().failedRefreshes()).isPositive();
        }
    }

    @Test
    void aRefusalAtOnceIsSmallWhateverTheKid() {
        try (Stage stage = Stage.started()) {
            String forged = "x".repeat(8 << 10);
            assertThatThrownBy(() -> stage.cache.key(forged, ALG)).isInstanceOf(UnknownKeyException.class);

            long each = allocated(() -> refusal(stage.cache, forged)) / LOOKUPS;

            assertThat(each).isLessThan(1024);
            assertThat(refusal(stage.cache, forged).getStackTrace()).isEmpty();
        }
    }

    @Test
    void findingAKnownIssuerAllocatesNothing() {
        try (JwksCaches caches = JwksCaches.builder()
                .issuer("https://named.example", JwksCache.forIssuer(URI.create("https://named.example")))
                .allow(
                        issuer -> true,
                        issuer -> JwksCache.builder(URI.create(issuer)).origin(request -> new CompletableFuture<>()))
                .build()) {
            for (String issuer : List.of("https://named.example", "https://allowed.example")) {
                assertThat(allocated(() -> caches.forIssuer(issuer))).isZero();
            }
        }
    }

    @Test
    void refusingAnIssuerIsSmallWhateverItsName() {
        try (JwksCaches caches = JwksCaches.builder().build()) {
            String forged = "https://" + "x".repeat(8 << 10);

            assertThat(allocated(() -> refusal(caches, forged)) / LOOKUPS).isLessThan(1024);
        }
    }

    private static UnknownIssuerException refusal(JwksCaches caches, String issuer) {
        try {
            throw new AssertionError(caches.forIssuer(issuer));
        } catch (UnknownIssuerException refusal) {
            return refusal;
        }
    }

    private static List<Supplier<Object>> lookups(RunningClocks clocks) {
        JwksCache cache = clocks.cache;
        String kid = Stage.kid(clocks.provider.current(ALG));
        return List.of(
                () -> cache.key(kid, ALG).publicKey(),
                () -> cache.keys(kid, ALG),
                () -> cache.keys(null, ALG),
                cache::get);
    }

    private static UnknownKeyException refusal(JwksCache cache, String kid) {
        try {
            throw new AssertionError(cache.key(kid, ALG));
        } catch (UnknownKeyException refusal) {
            return refusal;
        }
    }

    private long allocated(Supplier<Object> lookup) {
        repeat(lookup, 1_000);
        // The first call may be the one that allocates for all that follow.
        threads.getCurrentThreadAllocatedBytes();
        long before = threads.getCurrentThreadAllocatedBytes();
        repeat(lookup, LOOKUPS);
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    private static void repeat(Supplier<Object> lookup, int times) {
        for (int i = 0; i < times; i++) {
            if (lookup.get() == null) {
                throw new AssertionError("no key");
            }
        }
    }

    /** A cache on the machine's own clocks, so that many milliseconds pass, whose wall clock can be set forward. */
    private static final class RunningClocks extends Clock implements AutoCloseable {
        private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        final ScriptedProvider provider = ScriptedProvider.inMemory(new VirtualTime(), ALG);
        final JwksCache cache = JwksCache.builder(provider.jwksUri())
                .time(this, System::nanoTime, timer)
                .origin(request -> outage()
                        ? CompletableFuture.failedFuture(new IOException("outage"))
                        : CompletableFuture.completedFuture(new OriginResponse(
                                200, Map.of(), provider.document().getBytes(StandardCharsets.UTF_8))))
                .build();
        volatile Duration ahead = Duration.ZERO;
        volatile boolean outage;

        private boolean outage() {
            return outage;
        }

        @Override
        public long millis() {
            return System.currentTimeMillis() + ahead.toMillis();
        }

        @Override
        public Instant instant() {
            return Instant.ofEpochMilli(millis());
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public void close() {
            cache.close();
            provider.close();
            timer.shutdownNow();
        }
    }
}
