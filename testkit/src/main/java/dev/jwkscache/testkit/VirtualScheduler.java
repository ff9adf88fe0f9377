package dev.jwkscache.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The scheduler of {@link VirtualTime#scheduler()}, with the shutdown rules of the JDK's own. */
final class VirtualScheduler extends AbstractExecutorService implements ScheduledExecutorService {
    private static final long ONCE = 0;

    private final VirtualTime time;
    private volatile boolean shutdown;
    private volatile boolean stopped;
    private final AtomicInteger running = new AtomicInteger();

    VirtualScheduler(VirtualTime time) {
        this.time = time;
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        return schedule(Executors.callable(command), delay, unit);
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
        return add(callable, unit.toNanos(delay), ONCE);
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable command, long initialDelay, long period, TimeUnit unit) {
        return add(Executors.callable(command), unit.toNanos(initialDelay), period(period, unit));
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable command, long initialDelay, long delay, TimeUnit unit) {
        // A run takes no virtual time: the next one is as far from its end as from its beginning.
        return scheduleAtFixedRate(command, initialDelay, delay, unit);
    }

    @Override
    public void execute(Runnable command) {
        add(Executors.callable(command), 0, ONCE);
    }

    @Override
    public Future<?> submit(Runnable task) {
        return add(Executors.callable(task), 0, ONCE);
    }

    @Override
    public <T> Future<T> submit(Runnable task, T result) {
        return add(Executors.callable(task, result), 0, ONCE);
    }

    @Override
    public <T> Future<T> submit(Callable<T> task) {
        return add(task, 0, ONCE);
    }

    @Override
    public void shutdown() {
        shutdown = true;
        time.pendingOf(this).stream().filter(VirtualTask::isPeriodic).forEach(task -> task.cancel(false));
    }

    @Override
    public List<Runnable> shutdownNow() {
        shutdown = true;
        stopped = true;
        List<VirtualTask<?>> neverRun = time.pendingOf(this);
        neverRun.forEach(time::remove);
        return new ArrayList<>(neverRun);
    }

    @Override
    public boolean isShutdown() {
        return shutdown;
    }

    @Override
    public boolean isTerminated() {
        return shutdown && running.get() == 0 && time.pendingOf(this).isEmpty();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return isTerminated();
    }

    /** From Java 19 on this overrides a default method that would wait until virtual time has moved. */
    public void close() {
        shutdownNow();
    }

    void running(int change) {
        running.addAndGet(change);
    }

    boolean allows(VirtualTask<?> task) {
        return !stopped && (!shutdown || !task.isPeriodic());
    }

    private <V> VirtualTask<V> add(Callable<V> body, long delayNanos, long periodNanos) {
        Objects.requireNonNull(body, "task");
        VirtualTask<V> task = new VirtualTask<>(time, this, body, periodNanos);
        if (!shutdown) {
            time.add(task, delayNanos);
        }
        // Looked at again after the task is queued: a shutdown in between has not seen it.
        if (shutdown) {
            task.cancel(false);
            throw new RejectedExecutionException("the scheduler of " + time + " is shut down");
        }
        return task;
    }

    private static long period(long period, TimeUnit unit) {
        if (period <= 0) {
            throw new IllegalArgumentException("a period must be more than 0, but is " + period + " " + unit);
        }
        return unit.toNanos(period);
    }
}
