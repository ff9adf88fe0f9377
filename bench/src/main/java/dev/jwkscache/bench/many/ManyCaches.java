package dev.jwkscache.bench.many;

import com.google.gson.Gson;
import com.sun.management.OperatingSystemMXBean;
import dev.jwkscache.CacheStatus;
import dev.jwkscache.JwksCache;
import dev.jwkscache.JwksCacheListener;
import dev.jwkscache.RefreshTrigger;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A process of its own that holds many caches and tells what that is like, as JSON. */
final class ManyCaches {
    private final String jwksUri;
    private final int count;
    private final Duration interval;
    private final CountDownLatch loaded;
    private final AtomicReferenceArray<@Nullable JwksCache> caches;
    private final AtomicReferenceArray<@Nullable Instant> due;
    private final ConcurrentLinkedQueue<Long> lateMillis = new ConcurrentLinkedQueue<>();

    private ManyCaches(String jwksUri, int count, Duration interval) {
        this.jwksUri = jwksUri;
        this.count = count;
        this.interval = interval;
        this.loaded = new CountDownLatch(count);
        this.caches = new AtomicReferenceArray<>(count);
        this.due = new AtomicReferenceArray<>(count);
    }

    /**
     * Runs.
     *
     * @param arguments jwks_uri, how many caches, their refresh interval and how long to watch them, in seconds
     */
    public static void main(String[] arguments) throws InterruptedException {
        ManyCaches many = new ManyCaches(
                arguments[0], Integer.parseInt(arguments[1]), Duration.ofSeconds(Long.parseLong(arguments[2])));
        System.out.println(new Gson().toJson(many.run(Duration.ofSeconds(Long.parseLong(arguments[3])))));
        // The caches end with the process: closing ten thousand is nobody's measure.
        System.exit(0);
    }

    private ManyResult run(Duration watched) throws InterruptedException {
        warmUp();
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        Heap before = Heap.now();
        ThreadCount threads = new ThreadCount();
        threads.start();

        long began = System.nanoTime();
        for (int i = 0; i < count; i++) {
            JwksCache cache = build(i);
            caches.set(i, cache);
            cache.startAsync();
        }
        if (!loaded.await(10, TimeUnit.MINUTES)) {
            throw new IllegalStateException(loaded.getCount() + " caches have no keys after ten minutes");
        }
        double startMillis = (System.nanoTime() - began) / 1e6;
        Heap after = Heap.now();

        long cpuBefore = system.getProcessCpuTime();
        long watchedSince = System.nanoTime();
        LockSupport.parkUntil(System.currentTimeMillis() + watched.toMillis());
        double seconds = (System.nanoTime() - watchedSince) / 1e9;
        double cpu = (system.getProcessCpuTime() - cpuBefore) / 1e7 / seconds;

        List<Long> late = new ArrayList<>(lateMillis);
        late.sort(null);
        long onTime = late.stream().filter(millis -> millis <= 1000).count();
        return new ManyResult(
                count,
                startMillis,
                threads.most(),
                (double) (after.bytes() - before.bytes()) / count,
                seconds,
                late.size(),
                late.isEmpty() ? 100 : 100.0 * onTime / late.size(),
                late.isEmpty() ? 0 : late.get((int) (late.size() * 0.99)),
                failures(),
                cpu,
                after.since(before, count));
    }

    /** One cache that comes and goes, so that classes and what is shared do not count. */
    private void warmUp() throws InterruptedException {
        try (JwksCache cache = JwksCache.builder(URI.create(jwksUri)).build()) {
            cache.start();
            cache.refresh().join();
        }
        // The threads of that one end by themselves, the HTTP client's when it is collected.
        while (Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().matches("(jwks-cache-|HttpClient-).*"))) {
            System.gc();
            Thread.sleep(10);
        }
    }

    private JwksCache build(int index) {
        return JwksCache.builder(URI.create(jwksUri + "?tenant=" + index))
                .timeToLive(interval.multipliedBy(2))
                .refreshInterval(interval)
                .fetchTimeout(Duration.ofSeconds(Math.min(30, interval.toSeconds())))
                .listener(new Punctuality(index))
                .build();
    }

    private long failures() {
        long failures = 0;
        for (int i = 0; i < count; i++) {
            JwksCache cache = caches.get(i);
            failures += cache == null ? 0 : cache.status().failedRefreshes();
        }
        return failures;
    }

    /** Compares when each request was sent with when the cache had said it would be. */
    private final class Punctuality implements JwksCacheListener {
        private final int index;

        Punctuality(int index) {
            this.index = index;
        }

        @Override
        public void refreshed(Refreshed event) {
            JwksCache cache = caches.get(index);
            if (cache == null) {
                throw new IllegalStateException("refreshed before it was built");
            }
            CacheStatus status = cache.status();
            Instant sent = Instant.now().minus(status.age().orElseThrow());
            Instant wasDue = due.getAndSet(index, status.nextAttempt().orElse(null));
            if (event.trigger() == RefreshTrigger.SCHEDULE && wasDue != null) {
                lateMillis.add(Duration.between(wasDue, sent).toMillis());
            } else {
                loaded.countDown();
            }
        }
    }
}
