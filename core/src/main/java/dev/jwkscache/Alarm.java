package dev.jwkscache;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
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

    /**
     * Rings after that time, or earlier; replaces what was set before. Null: not at all.
     *
     * @return false if it rang before it was in place: what that has set may be what was just replaced, so set it again
     */
    boolean set(@Nullable Duration delay) {
        AtomicBoolean rang = new AtomicBoolean();
        Future<?> previous = pending.getAndSet(delay == null ? null : schedule(delay, rang));
        if (previous != null) {
            previous.cancel(false);
        }
        return !rang.get();
    }

    private @Nullable Future<?> schedule(Duration delay, AtomicBoolean rang) {
        Duration nap = delay.compareTo(LONGEST_NAP) < 0 ? delay : LONGEST_NAP;
        try {
            return timer.schedule(
                    () -> {
                        rang.set(true);
                        task.run();
                    },
                    Moment.saturatedNanos(nap),
                    TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException closed) {
            return null;
        }
    }
}
