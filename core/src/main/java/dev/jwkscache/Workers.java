package dev.jwkscache;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One thread for the work of all caches, which is short, and more for as long as something blocks it: DNS, or an origin of
 * somebody's own. While tasks wait and none ends for a tenth of a second, the number of threads doubles.
 */
final class Workers implements Executor {
    static final long PATIENCE_MILLIS = 100;

    private static final long IDLE_SECONDS = 30;

    private final LinkedBlockingQueue<Runnable> waiting = new LinkedBlockingQueue<>();
    private final AtomicLong ended = new AtomicLong();
    private final AtomicBoolean watched = new AtomicBoolean();
    private final ScheduledExecutorService timer;
    private final ThreadPoolExecutor pool;

    Workers(ScheduledExecutorService timer, ThreadFactory threads) {
        this.timer = timer;
        this.pool = new ThreadPoolExecutor(1, 1, IDLE_SECONDS, TimeUnit.SECONDS, waiting, threads) {
            @Override
            protected void afterExecute(Runnable task, @Nullable Throwable thrown) {
                ended.incrementAndGet();
            }
        };
        pool.allowCoreThreadTimeOut(true);
    }

    @Override
    public void execute(Runnable task) {
        pool.execute(task);
        watch();
    }

    /** Takes no more; what was taken is still done, though nobody looks any more whether something blocks. Does not wait. */
    void shutdown() {
        grow(waiting.size());
        pool.shutdown();
    }

    private void watch() {
        if (!waiting.isEmpty() && watched.compareAndSet(false, true)) {
            lookAgain(ended.get());
        }
    }

    private void lookAgain(long before) {
        try {
            timer.schedule(() -> look(before), PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closed) {
            grow(waiting.size());
        }
    }

    private void look(long before) {
        long now = ended.get();
        if (waiting.isEmpty()) {
            resize(1);
            watched.set(false);
            watch();
            return;
        }
        if (now == before) {
            grow(pool.getPoolSize());
        }
        lookAgain(now);
    }

    private void grow(int by) {
        resize(Math.max(1, pool.getPoolSize() + Math.min(by, waiting.size())));
    }

    /** Those above the size end when they are idle. */
    private void resize(int size) {
        if (size > pool.getMaximumPoolSize()) {
            pool.setMaximumPoolSize(size);
            pool.setCorePoolSize(size);
        } else {
            pool.setCorePoolSize(size);
            pool.setMaximumPoolSize(size);
        }
    }
}
