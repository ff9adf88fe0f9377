package dev.jwkscache.bench.fleet.live;

import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** Threads that ask for a known kid at one instance after the other, all the time. */
final class Callers implements AutoCloseable {
    private static final int THREADS = 4;
    private static final long PAUSE_NANOS = 500_000;

    private final IntFunction<LiveInstance> instances;
    private final int count;
    private final Supplier<String> kid;
    private volatile Log log = new Log();
    private volatile boolean closed;

    /** What callers saw since somebody looked last. */
    static final class Log {
        final Histogram nanos = new ConcurrentHistogram(60_000_000_000L, 3);
        private final AtomicLong failures = new AtomicLong();

        long failures() {
            return failures.get();
        }
    }

    Callers(IntFunction<LiveInstance> instances, int count, Supplier<String> kid) {
        this.instances = instances;
        this.count = count;
        this.kid = kid;
        for (int i = 0; i < THREADS; i++) {
            int seed = i;
            Thread thread = new Thread(() -> call(new SplittableRandom(seed)), "caller-" + i);
            thread.setDaemon(true);
            thread.start();
        }
    }

    private void call(SplittableRandom random) {
        while (!closed) {
            LiveInstance instance = instances.apply(random.nextInt(count));
            String known = kid.get();
            Log current = log;
            long began = System.nanoTime();
            try {
                instance.cache().key(known, LiveFleet.ALG);
            } catch (RuntimeException refused) {
                current.failures.incrementAndGet();
            }
            current.nanos.recordValue(System.nanoTime() - began);
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** What was seen since the last call. */
    Log take() {
        Log taken = log;
        log = new Log();
        return taken;
    }

    /** Does not wait for the last lookups. */
    @Override
    public void close() {
        closed = true;
    }
}
