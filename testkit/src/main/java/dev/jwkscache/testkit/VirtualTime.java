package dev.jwkscache.testkit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Time that stands still until a test moves it: a wall clock, a monotonic clock and a scheduler that belong together.
 *
 * <p>Scheduled tasks run only inside {@link #advance}, {@link #advanceToNextTask} and {@link #runDue}, in the thread
 * that calls them, in the order in which they are due (tasks due at the same time: in the order in which they were
 * scheduled). While a task runs, both clocks stand at the time for which it was scheduled. Nothing here ever sleeps.
 *
 * <p>The two clocks can part, as on a real machine: {@link #suspend} moves only the wall clock, {@link #setWall} and
 * {@link #leapWall} set it. The scheduler follows the monotonic clock.
 *
 * <p>Thread-safe: any thread may read the clocks and schedule tasks. One thread at a time moves time; others that try
 * wait for it. A task must not move time itself.
 */
public final class VirtualTime {
    /**
     * Far fewer than a test needs, far more than a task that always reschedules itself without delay can hide behind.
     */
    private static final int MAX_TASKS_AT_ONE_TIME = 100_000;

    private static final Instant DEFAULT_START = Instant.parse("2026-01-01T00:00:00Z");

    /**
     * The monotonic clock passes Long.MAX_VALUE after five minutes, which code that compares two readings by &lt;
     * notices.
     */
    private static final long NANO_ORIGIN =
            Long.MAX_VALUE - Duration.ofMinutes(5).toNanos();

    /** Held by the thread that moves time, also while tasks run; guards nothing that readers of the clocks need. */
    private final ReentrantLock mover = new ReentrantLock();

    private final Object state = new Object();
    private final PriorityQueue<VirtualTask<?>> queue = new PriorityQueue<>(VirtualTask.BY_DUE_TIME);
    private final List<Throwable> failures = new ArrayList<>();
    private final Clock wallClock = new WallClock(ZoneOffset.UTC);
    private final VirtualScheduler scheduler = new VirtualScheduler(this);
    private Instant wall;
    private long elapsedNanos;
    private long scheduledCount;

    /** Makes time that starts at 2026-01-01T00:00:00Z. */
    public VirtualTime() {
        this(DEFAULT_START);
    }

    /**
     * Makes time that starts at the given instant.
     *
     * @param start what {@link #wallClock()} shows at first
     */
    public VirtualTime(Instant start) {
        this.wall = Objects.requireNonNull(start, "start");
    }

    /**
     * Returns the wall clock, in UTC; always the same object.
     *
     * @return a clock that reads this time
     */
    public Clock wallClock() {
        return wallClock;
    }

    /**
     * Returns the monotonic clock, a stand-in for {@link System#nanoTime()}.
     *
     * <p>It starts five virtual minutes before {@link Long#MAX_VALUE} and then overflows, as a real one may: only the
     * difference of two readings means anything.
     *
     * @return a supplier of the monotonic time in nanoseconds
     */
    public LongSupplier nanoTime() {
        return () -> NANO_ORIGIN + elapsedNanos();
    }

    /**
     * Returns the scheduler whose tasks run when time is moved; always the same object.
     *
     * <p>{@code execute} and {@code submit} make a task that is due now, which the next call that moves time or
     * {@link #runDue()} runs. A task that throws stops neither the others nor the advance (see {@link #failures()}); a
     * periodic task that throws is not run again. {@code awaitTermination} never waits: it tells whether the scheduler
     * is terminated. {@code close} (Java 19 and later) is {@code shutdownNow}. After {@code shutdown}, one-time tasks
     * still run at their time and periodic ones do not, as in the JDK.
     *
     * @return the scheduler
     */
    public ScheduledExecutorService scheduler() {
        return scheduler;
    }

    /**
     * Makes another scheduler on the same time, which can be shut down without shutting down {@link #scheduler()}.
     *
     * <p>For tests in which a component that owns its scheduler is closed and built again.
     *
     * @return a new scheduler
     */
    public ScheduledExecutorService newScheduler() {
        return new VirtualScheduler(this);
    }

    /**
     * Moves both clocks by the given duration and runs every task that becomes due, tasks scheduled by tasks included.
     *
     * @param by how far, not negative; zero is {@link #runDue()}
     * @throws IllegalArgumentException if {@code by} is negative or longer than 292 years
     * @throws IllegalStateException if a task calls this, or if 100,000 tasks ran without time moving
     */
    public void advance(Duration by) {
        long nanos = nanos(by);
        move(() -> runUntil(saturatedAdd(elapsedNanos(), nanos)));
    }

    /**
     * Runs the tasks that are due now, tasks scheduled by them and due now included, without moving time.
     *
     * @throws IllegalStateException if a task calls this, or if 100,000 tasks ran
     */
    public void runDue() {
        move(() -> runUntil(elapsedNanos()));
    }

    /**
     * Moves both clocks to the time of the next task and runs every task due then; does nothing if there is none.
     *
     * @return whether there was a task
     * @throws IllegalStateException if a task calls this, or if 100,000 tasks ran without time moving
     */
    public boolean advanceToNextTask() {
        boolean[] found = new boolean[1];
        move(() -> {
            Long due = nextDue();
            if (due != null) {
                found[0] = true;
                runUntil(Math.max(due, elapsedNanos()));
            }
        });
        return found[0];
    }

    /**
     * Suspends the machine: the wall clock moves, the monotonic clock stands still and no task runs.
     *
     * @param duration for how long, not negative
     * @throws IllegalArgumentException if {@code duration} is negative or longer than 292 years
     * @throws IllegalStateException if a task calls this
     */
    public void suspend(Duration duration) {
        nanos(duration);
        move(() -> leapWall(duration));
    }

    /**
     * Sets the wall clock, as an administrator or a time server does; the monotonic clock goes on undisturbed.
     *
     * @param instant what the wall clock is to show
     */
    public void setWall(Instant instant) {
        Objects.requireNonNull(instant, "instant");
        synchronized (state) {
            wall = instant;
        }
    }

    /**
     * Moves the wall clock alone, forwards or backwards.
     *
     * @param by how far; negative is backwards
     */
    public void leapWall(Duration by) {
        synchronized (state) {
            wall = wall.plus(by);
        }
    }

    /**
     * Returns the monotonic time that has passed since this object was made; suspends and leaps do not count.
     *
     * @return never negative
     */
    public Duration elapsed() {
        return Duration.ofNanos(elapsedNanos());
    }

    /**
     * Returns how many tasks wait for their time, those that are due now included, over all schedulers of this time.
     *
     * @return a periodic task counts once, a cancelled one not at all
     */
    public int pendingTasks() {
        synchronized (state) {
            return queue.size();
        }
    }

    /**
     * Returns what tasks have thrown so far, in order.
     *
     * <p>As with the JDK's schedulers the future of the task has it too, but nobody may be looking at that.
     *
     * @return a copy
     */
    public List<Throwable> failures() {
        synchronized (state) {
            return List.copyOf(failures);
        }
    }

    /** Returns both clocks, the number of pending tasks and when the next one is due. */
    @Override
    public String toString() {
        synchronized (state) {
            VirtualTask<?> next = queue.peek();
            return "VirtualTime[wall " + wall + ", elapsed " + Duration.ofNanos(elapsedNanos) + ", " + queue.size()
                    + " pending"
                    + (next == null ? "" : ", next in " + Duration.ofNanos(Math.max(0, next.dueNanos() - elapsedNanos)))
                    + "]";
        }
    }

    /** Returns the monotonic time since the start; unlike {@link #nanoTime()} it does not wrap. */
    long elapsedNanos() {
        synchronized (state) {
            return elapsedNanos;
        }
    }

    void add(VirtualTask<?> task, long delayNanos) {
        synchronized (state) {
            task.due(saturatedAdd(elapsedNanos, Math.max(0, delayNanos)), scheduledCount++);
            queue.add(task);
        }
    }

    /** Puts a periodic task back, unless its scheduler or its owner has ended it meanwhile. */
    boolean addAgain(VirtualTask<?> task, long periodNanos) {
        synchronized (state) {
            if (!task.mayRun()) {
                return false;
            }
            task.due(saturatedAdd(task.dueNanos(), periodNanos), scheduledCount++);
            return queue.add(task);
        }
    }

    void remove(VirtualTask<?> task) {
        synchronized (state) {
            queue.remove(task);
        }
    }

    List<VirtualTask<?>> pendingOf(VirtualScheduler owner) {
        synchronized (state) {
            return queue.stream()
                    .filter(task -> task.owner() == owner)
                    .sorted(VirtualTask.BY_DUE_TIME)
                    .toList();
        }
    }

    void failed(Throwable failure) {
        synchronized (state) {
            failures.add(failure);
        }
    }

    private void move(Runnable movement) {
        if (mover.isHeldByCurrentThread()) {
            throw new IllegalStateException(
                    "a task may not move time while time is being moved: schedule another task instead");
        }
        mover.lock();
        try {
            movement.run();
        } finally {
            mover.unlock();
        }
    }

    private void runUntil(long targetNanos) {
        int ranAtThisTime = 0;
        for (VirtualTask<?> task = takeDue(targetNanos); task != null; task = takeDue(targetNanos)) {
            ranAtThisTime = task.movedTime() ? 1 : ranAtThisTime + 1;
            if (ranAtThisTime > MAX_TASKS_AT_ONE_TIME) {
                throw new IllegalStateException("more than " + MAX_TASKS_AT_ONE_TIME + " tasks ran at " + this
                        + ": one of them schedules itself again without delay");
            }
            task.run();
        }
    }

    private @Nullable VirtualTask<?> takeDue(long targetNanos) {
        synchronized (state) {
            VirtualTask<?> next = queue.peek();
            if (next == null || next.dueNanos() > targetNanos) {
                moveClocksTo(targetNanos);
                return null;
            }
            queue.remove(next);
            next.movedTime(next.dueNanos() > elapsedNanos);
            moveClocksTo(next.dueNanos());
            return next;
        }
    }

    private void moveClocksTo(long nanos) {
        if (nanos > elapsedNanos) {
            wall = wall.plusNanos(nanos - elapsedNanos);
            elapsedNanos = nanos;
        }
    }

    private @Nullable Long nextDue() {
        synchronized (state) {
            VirtualTask<?> next = queue.peek();
            return next == null ? null : next.dueNanos();
        }
    }

    private static long saturatedAdd(long nanos, long notNegative) {
        long sum = nanos + notNegative;
        return sum < nanos ? Long.MAX_VALUE : sum;
    }

    /** Returns the length in nanoseconds; 292 years for what is longer, which no test lives to see. */
    static long saturatedNanos(Duration duration) {
        try {
            return duration.toNanos();
        } catch (ArithmeticException e) {
            return Long.MAX_VALUE;
        }
    }

    private static long nanos(Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException("time does not move by " + duration
                    + ": the duration must not be negative (leapWall moves the wall clock backwards)");
        }
        try {
            return duration.toNanos();
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(
                    "time does not move by " + duration + ": the longest duration is "
                            + Duration.ofNanos(Long.MAX_VALUE),
                    e);
        }
    }

    private final class WallClock extends Clock {
        private final ZoneId zone;

        WallClock(ZoneId zone) {
            this.zone = zone;
        }

        @Override
        public ZoneId getZone() {
            return zone;
        }

        @Override
        public Clock withZone(ZoneId other) {
            return new WallClock(other);
        }

        @Override
        public Instant instant() {
            synchronized (state) {
                return wall;
            }
        }
    }
}
