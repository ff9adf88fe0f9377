package dev.jwkscache.bench.fleet.simulation;

import java.util.concurrent.CancellationException;
import java.util.concurrent.Delayed;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One task that waits for its time; links itself into the list of all that are due about then. */
final class Timer implements ScheduledFuture<Object> {
    final long due;
    final long sequence;

    @Nullable
    Timer previous;

    @Nullable
    Timer next;

    private final SimulatedTime time;
    private @Nullable Runnable task;
    private boolean cancelled;

    Timer(SimulatedTime time, Runnable task, long due, long sequence) {
        this.time = time;
        this.task = task;
        this.due = due;
        this.sequence = sequence;
    }

    /** Runs unless it was cancelled; whether it did. */
    boolean fire() {
        Runnable running = task;
        task = null;
        if (running != null) {
            running.run();
        }
        return running != null;
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        if (task == null) {
            return false;
        }
        // What a cancelled timer holds on to would live until its time otherwise.
        task = null;
        cancelled = true;
        time.forget(this);
        return true;
    }

    @Override
    public boolean isCancelled() {
        return cancelled;
    }

    @Override
    public boolean isDone() {
        return task == null;
    }

    /** Nobody in the library waits for a timer, and nobody could: there is one thread. */
    @Override
    public Object get() {
        throw new CancellationException("a simulated timer has no result");
    }

    @Override
    public Object get(long timeout, TimeUnit unit) {
        return get();
    }

    @Override
    public long getDelay(TimeUnit unit) {
        return unit.convert(due - time.elapsedNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
        return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
    }
}
