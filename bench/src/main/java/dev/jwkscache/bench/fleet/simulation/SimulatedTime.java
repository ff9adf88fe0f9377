package dev.jwkscache.bench.fleet.simulation;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Time for hundreds of thousands of caches: both clocks and the scheduler that belongs to them. Not thread-safe: one thread
 * moves time and does everything.
 *
 * <p>A wheel of lists, one for each millisecond or so of the next minutes: to set a timer, and to cancel one, costs the same
 * however many there are. {@code VirtualTime} of the test kit keeps one ordered queue under a lock, which is right for tests.
 */
final class SimulatedTime extends AbstractExecutorService implements ScheduledExecutorService {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final int SLOT_BITS = 20;
    private static final int SLOTS = 1 << 18;
    private static final Comparator<Timer> ORDER =
            Comparator.<Timer>comparingLong(timer -> timer.due).thenComparingLong(timer -> timer.sequence);

    private final @Nullable Timer[] slots = new Timer[SLOTS];
    /** Those of the current slot, in order. */
    private final PriorityQueue<Timer> current = new PriorityQueue<>(ORDER);
    /** Those beyond the wheel. */
    private final PriorityQueue<Timer> far = new PriorityQueue<>(ORDER);

    private final Clock clock = new Wall();
    private long slot;
    private long nanos;
    private long sequence;
    private long fired;

    Clock clock() {
        return clock;
    }

    /** Since the beginning; also the monotonic clock. */
    long elapsedNanos() {
        return nanos;
    }

    Duration elapsed() {
        return Duration.ofNanos(nanos);
    }

    /** How many tasks have run. */
    long fired() {
        return fired;
    }

    /** Runs everything that is due up to then, in order, and stops there. */
    void advanceTo(Duration end) {
        long until = end.toNanos();
        while (true) {
            Timer timer = current.peek();
            if (timer == null) {
                if (slot >= until >> SLOT_BITS) {
                    break;
                }
                nextSlot();
            } else if (timer.due > until) {
                break;
            } else {
                current.poll();
                nanos = Math.max(nanos, timer.due);
                fired += timer.fire() ? 1 : 0;
            }
        }
        nanos = until;
    }

    private void nextSlot() {
        slot++;
        int index = (int) (slot & (SLOTS - 1));
        for (Timer timer = slots[index]; timer != null; ) {
            Timer next = timer.next;
            timer.next = null;
            timer.previous = null;
            current.add(timer);
            timer = next;
        }
        slots[index] = null;
        while (!far.isEmpty() && slotOf(far.peek()) <= slot) {
            current.add(far.poll());
        }
    }

    Timer at(Runnable task, long due) {
        Timer timer = new Timer(this, task, due, sequence++);
        long wanted = slotOf(timer);
        if (wanted <= slot) {
            current.add(timer);
        } else if (wanted < slot + SLOTS) {
            int index = (int) (wanted & (SLOTS - 1));
            Timer head = slots[index];
            timer.next = head;
            if (head != null) {
                head.previous = timer;
            }
            slots[index] = timer;
        } else {
            far.add(timer);
        }
        return timer;
    }

    Timer after(Runnable task, Duration delay) {
        return at(task, nanos + delay.toNanos());
    }

    /** A cancelled one leaves its list; in a queue it waits for its time, empty. */
    @SuppressWarnings("ReferenceEquality") // The head of the list is this very timer, or another.
    void forget(Timer timer) {
        int index = (int) (slotOf(timer) & (SLOTS - 1));
        Timer before = timer.previous;
        Timer behind = timer.next;
        if (before != null) {
            before.next = behind;
        } else if (slots[index] == timer) {
            slots[index] = behind;
        }
        if (behind != null) {
            behind.previous = before;
        }
        timer.previous = null;
        timer.next = null;
    }

    private static long slotOf(Timer timer) {
        return timer.due >> SLOT_BITS;
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        return at(command, nanos + Math.max(0, unit.toNanos(delay)));
    }

    @Override
    public void execute(Runnable command) {
        at(command, nanos);
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
        throw new UnsupportedOperationException("a cache schedules tasks without a result");
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable command, long initialDelay, long period, TimeUnit unit) {
        throw new UnsupportedOperationException("a cache sets each timer anew");
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable command, long initialDelay, long delay, TimeUnit unit) {
        throw new UnsupportedOperationException("a cache sets each timer anew");
    }

    @Override
    public void shutdown() {}

    @Override
    public List<Runnable> shutdownNow() {
        return List.of();
    }

    @Override
    public boolean isShutdown() {
        return false;
    }

    @Override
    public boolean isTerminated() {
        return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return false;
    }

    private final class Wall extends Clock {
        @Override
        public long millis() {
            return START.toEpochMilli() + nanos / 1_000_000;
        }

        @Override
        public Instant instant() {
            return START.plusNanos(nanos);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return Clock.fixed(instant(), zone);
        }
    }
}
