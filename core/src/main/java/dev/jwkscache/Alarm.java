package dev.jwkscache;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** One timer that is set anew again and again. */
final class Alarm {
    /** A sleeping machine stops the timer but not the ageing, so that whoever is woken looks at both clocks this often. */
    private static final Duration LONGEST_NAP = Duration.ofSeconds(30);

    private final AtomicReference<@Nullable Future<?>> pending = new AtomicReference<>();
    private final ScheduledExecutorService timer;
    private final Runnable task;

    Alarm(ScheduledExecutorService timer, Runnable task) {
        this.timer = timer;
        this.task = task;
    }

    /** Rings after that time, or earlier; replaces what was set before. Null: not at all. */
    void set(@Nullable Duration delay) {
        Future<?> previous = pending.getAndSet(delay == null ? null : schedule(delay));
        if (previous != null) {
            previous.cancel(false);
        }
    }

    private @Nullable Future<?> schedule(Duration delay) {
        Duration nap = delay.compareTo(LONGEST_NAP) < 0 ? delay : LONGEST_NAP;
        try {
            return timer.schedule(task, Moment.saturatedNanos(nap), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException closed) {
            return null;
        }
    }
}
