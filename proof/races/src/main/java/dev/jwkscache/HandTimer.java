package dev.jwkscache;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A timer whose tasks run when somebody runs them. At its end it behaves like {@code ScheduledThreadPoolExecutor}: what is
 * handed over later is rejected, and what is handed over at that very moment may come back cancelled.
 */
final class HandTimer extends AbstractExecutorService implements ScheduledExecutorService {
    /** What a cache sets a timer for. */
    enum Purpose {
        DEADLINE,
        ALARM,
        GIVE_UP
    }

    private enum Progress {
        WAITING,
        STARTED,
        CANCELLED
    }

    private final AtomicInteger handedOver = new AtomicInteger();
    private final Queue<Task> tasks = new ConcurrentLinkedQueue<>();
    private volatile boolean down;

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        if (down) {
            throw new RejectedExecutionException("shut down");
        }
        Task task = new Task(command, unit.toNanos(delay), handedOver.incrementAndGet());
        tasks.add(task);
        if (down && tasks.remove(task)) {
            task.cancel(false);
        }
        return task;
    }

    /** The tasks for that purpose that may still run, oldest first. */
    List<Task> waiting(Purpose purpose) {
        List<Task> found = new ArrayList<>();
        for (Task task : tasks) {
            if (task.purpose() == purpose && task.isWaiting()) {
                found.add(task);
            }
        }
        return found;
    }

    @Override
    public List<Runnable> shutdownNow() {
        down = true;
        tasks.clear();
        return List.of();
    }

    @Override
    public void shutdown() {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean isShutdown() {
        return down;
    }

    @Override
    public boolean isTerminated() {
        return down;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return down;
    }

    @Override
    public void execute(Runnable command) {
        throw new UnsupportedOperationException();
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable command, long first, long period, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable command, long first, long delay, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    /** One task; either it is run, once, or it is cancelled. */
    static final class Task implements ScheduledFuture<Object> {
        private final AtomicReference<Progress> progress = new AtomicReference<>(Progress.WAITING);
        private final Runnable command;
        private final long delayNanos;
        private final int number;

        private Task(Runnable command, long delayNanos, int number) {
            this.command = command;
            this.delayNanos = delayNanos;
            this.number = number;
        }

        Purpose purpose() {
            if (command.getClass().getName().startsWith(Lookup.class.getName())) {
                return Purpose.GIVE_UP;
            }
            return delayNanos == Rig.FETCH_TIMEOUT.toNanos() ? Purpose.DEADLINE : Purpose.ALARM;
        }

        long delayNanos() {
            return delayNanos;
        }

        boolean isWaiting() {
            return progress.get() == Progress.WAITING;
        }

        void run() {
            if (progress.compareAndSet(Progress.WAITING, Progress.STARTED)) {
                command.run();
            }
        }

        @Override
        public boolean cancel(boolean interrupt) {
            return progress.compareAndSet(Progress.WAITING, Progress.CANCELLED);
        }

        @Override
        public boolean isCancelled() {
            return progress.get() == Progress.CANCELLED;
        }

        @Override
        public boolean isDone() {
            return !isWaiting();
        }

        @Override
        public Object get() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Object get(long timeout, TimeUnit unit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(delayNanos, TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
        }

        @Override
        public String toString() {
            return purpose() + " " + number + " " + progress;
        }
    }
}
