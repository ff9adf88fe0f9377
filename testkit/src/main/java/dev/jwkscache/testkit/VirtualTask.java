package dev.jwkscache.testkit;

import java.util.Comparator;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RunnableScheduledFuture;
import java.util.concurrent.TimeUnit;

/** One scheduled task of {@link VirtualTime}; its place in the queue is guarded by the time's own lock. */
final class VirtualTask<V> extends FutureTask<V> implements RunnableScheduledFuture<V> {
    static final Comparator<VirtualTask<?>> BY_DUE_TIME =
            Comparator.<VirtualTask<?>>comparingLong(VirtualTask::dueNanos).thenComparingLong(task -> task.sequence);

    private final VirtualTime time;
    private final VirtualScheduler owner;
    private final long periodNanos;
    private volatile long dueNanos;
    private long sequence;
    private boolean movedTime;

    VirtualTask(VirtualTime time, VirtualScheduler owner, Callable<V> body, long periodNanos) {
        super(body);
        this.time = time;
        this.owner = owner;
        this.periodNanos = periodNanos;
    }

    VirtualScheduler owner() {
        return owner;
    }

    long dueNanos() {
        return dueNanos;
    }

    void due(long nanos, long place) {
        dueNanos = nanos;
        sequence = place;
    }

    /** Whether the clocks had to move to reach this run; known only to the thread that runs it. */
    boolean movedTime() {
        return movedTime;
    }

    void movedTime(boolean moved) {
        movedTime = moved;
    }

    /** Tells whether a periodic task may be queued for another run. */
    boolean mayRun() {
        return !isDone() && owner.allows(this);
    }

    @Override
    public boolean isPeriodic() {
        return periodNanos > 0;
    }

    @Override
    public void run() {
        owner.running(1);
        try {
            if (!isPeriodic()) {
                super.run();
            } else if (super.runAndReset() && !time.addAgain(this, periodNanos)) {
                cancel(false);
            }
        } finally {
            owner.running(-1);
        }
    }

    @Override
    protected void setException(Throwable failure) {
        time.failed(failure);
        super.setException(failure);
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        boolean cancelled = super.cancel(mayInterruptIfRunning);
        if (cancelled) {
            time.remove(this);
        }
        return cancelled;
    }

    @Override
    public long getDelay(TimeUnit unit) {
        return unit.convert(dueNanos - time.elapsedNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
        return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
    }
}
