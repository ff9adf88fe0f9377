package dev.jwkscache.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class VirtualTimeTest {
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    private final VirtualTime time = new VirtualTime(START);
    private final ScheduledExecutorService scheduler = time.scheduler();
    private final Clock wall = time.wallClock();
    private final LongSupplier nanoTime = time.nanoTime();
    private final List<String> events = new ArrayList<>();

    @Test
    void standsStillUntilItIsMoved() {
        long nanos = nanoTime.getAsLong();

        assertThat(wall.instant()).isEqualTo(START);
        assertThat(wall.instant()).isEqualTo(START);
        assertThat(nanoTime.getAsLong()).isEqualTo(nanos);
        assertThat(time.elapsed()).isZero();
    }

    @Test
    void advanceMovesBothClocksExactly() {
        long before = nanoTime.getAsLong();

        time.advance(Duration.ofNanos(1_234_567_890_123L));

        assertThat(wall.instant()).isEqualTo(START.plusNanos(1_234_567_890_123L));
        assertThat(nanoTime.getAsLong() - before).isEqualTo(1_234_567_890_123L);
        assertThat(time.elapsed()).isEqualTo(Duration.ofNanos(1_234_567_890_123L));
    }

    @Test
    void monotonicTimeOverflowsAfterFiveMinutesAndDifferencesStayRight() {
        long before = nanoTime.getAsLong();
        assertThat(before).isPositive();

        time.advance(Duration.ofMinutes(6));

        assertThat(nanoTime.getAsLong()).isNegative();
        assertThat(nanoTime.getAsLong() - before)
                .isEqualTo(Duration.ofMinutes(6).toNanos());
    }

    @Test
    void tasksRunInOrderAcrossTheOverflow() {
        schedule("after", Duration.ofMinutes(6));
        schedule("before", Duration.ofMinutes(4));

        time.advance(Duration.ofMinutes(10));

        assertThat(events).containsExactly("before at PT4M", "after at PT6M");
    }

    @Test
    void tasksRunInTheOrderTheyAreDueWithTheClocksAtTheirTime() {
        schedule("second", Duration.ofSeconds(20));
        schedule("first", Duration.ofSeconds(10));
        schedule("third, scheduled later for the same time", Duration.ofSeconds(20));
        scheduler.schedule(() -> events.add("wall " + wall.instant()), 25, TimeUnit.SECONDS);

        time.advance(Duration.ofSeconds(30));

        assertThat(events)
                .containsExactly(
                        "first at PT10S",
                        "second at PT20S",
                        "third, scheduled later for the same time at PT20S",
                        "wall 2026-03-01T12:00:25Z");
        assertThat(time.elapsed()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void tasksScheduledByTasksRunInTheSameAdvanceIfTheyAreDue() {
        scheduler.schedule(
                () -> {
                    schedule("inner", Duration.ofSeconds(5));
                    schedule("inner, too late", Duration.ofSeconds(50));
                },
                10,
                TimeUnit.SECONDS);

        time.advance(Duration.ofSeconds(30));

        assertThat(events).containsExactly("inner at PT15S");
        assertThat(time.pendingTasks()).isEqualTo(1);
    }

    @Test
    void aTaskDueExactlyAtTheEndRunsAndOneDueANanosecondLaterDoesNot() {
        schedule("at the end", Duration.ofSeconds(1));
        schedule("just after", Duration.ofSeconds(1).plusNanos(1));

        time.advance(Duration.ofSeconds(1));

        assertThat(events).containsExactly("at the end at PT1S");
    }

    @Test
    void runDueRunsWhatIsDueNowAndMovesNothing() {
        scheduler.execute(() -> {
            events.add("outer");
            scheduler.execute(() -> events.add("inner"));
        });
        schedule("later", Duration.ofNanos(1));
        assertThat(events).isEmpty();

        time.runDue();

        assertThat(events).containsExactly("outer", "inner");
        assertThat(time.elapsed()).isZero();
    }

    @Test
    void negativeDelaysAreDueNow() {
        scheduler.schedule(() -> events.add("ran"), -5, TimeUnit.SECONDS);

        time.runDue();

        assertThat(events).containsExactly("ran");
        assertThat(time.elapsed()).isZero();
    }

    @Test
    void advanceToNextTaskStopsThereAndRunsAllThatIsDueThen() {
        schedule("a", Duration.ofSeconds(7));
        schedule("b", Duration.ofSeconds(7));
        schedule("c", Duration.ofSeconds(8));

        assertThat(time.advanceToNextTask()).isTrue();

        assertThat(events).containsExactly("a at PT7S", "b at PT7S");
        assertThat(time.elapsed()).isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void advanceToNextTaskDoesNothingWithoutTasks() {
        assertThat(time.advanceToNextTask()).isFalse();
        assertThat(time.elapsed()).isZero();
    }

    @Test
    void suspendMovesOnlyTheWallClockAndRunsNothing() {
        schedule("due in one minute", Duration.ofMinutes(1));
        long nanos = nanoTime.getAsLong();

        time.suspend(Duration.ofHours(8));

        assertThat(wall.instant()).isEqualTo(START.plus(Duration.ofHours(8)));
        assertThat(nanoTime.getAsLong()).isEqualTo(nanos);
        assertThat(events).isEmpty();
        time.advance(Duration.ofMinutes(1));
        assertThat(events).containsExactly("due in one minute at PT1M");
        assertThat(wall.instant()).isEqualTo(START.plus(Duration.ofHours(8)).plus(Duration.ofMinutes(1)));
    }

    @Test
    void theWallClockCanBeSetAndLeapBothWaysWithoutTouchingTheMonotonicOne() {
        time.setWall(Instant.EPOCH);
        assertThat(wall.instant()).isEqualTo(Instant.EPOCH);

        time.leapWall(Duration.ofDays(2));
        time.leapWall(Duration.ofDays(-3));

        assertThat(wall.instant()).isEqualTo(Instant.EPOCH.minus(Duration.ofDays(1)));
        assertThat(time.elapsed()).isZero();
    }

    @Test
    void aLeapMadeByATaskIsKeptByTheAdvanceThatRunsIt() {
        scheduler.schedule(() -> time.leapWall(Duration.ofHours(-1)), 10, TimeUnit.SECONDS);

        time.advance(Duration.ofSeconds(30));

        assertThat(wall.instant()).isEqualTo(START.plusSeconds(30).minus(Duration.ofHours(1)));
    }

    @Test
    void theWallClockCanBeReadInAnotherZone() {
        Clock tokyo = wall.withZone(ZoneId.of("Asia/Tokyo"));

        time.advance(Duration.ofSeconds(1));

        assertThat(tokyo.instant()).isEqualTo(START.plusSeconds(1));
        assertThat(tokyo.getZone()).isEqualTo(ZoneId.of("Asia/Tokyo"));
        assertThat(wall.getZone()).isEqualTo(ZoneOffset.UTC);
    }

    @Test
    void aTaskThatMovesTimeIsToldNotTo() {
        scheduler.execute(() -> time.advance(Duration.ofSeconds(1)));

        time.runDue();

        assertThat(time.failures()).singleElement().isInstanceOf(IllegalStateException.class);
        assertThat(time.elapsed()).isZero();
    }

    @Test
    void aTaskThatReschedulesItselfWithoutDelayIsFoundOut() {
        scheduler.execute(new Runnable() {
            @Override
            public void run() {
                scheduler.execute(this);
            }
        });

        assertThatIllegalStateException()
                .isThrownBy(time::runDue)
                .withMessageContaining("100000")
                .withMessageContaining("without delay");
    }

    @Test
    void manyTasksAreNoEndlessLoopAsLongAsTimeMoves() {
        AtomicInteger runs = new AtomicInteger();
        scheduler.scheduleAtFixedRate(runs::incrementAndGet, 1, 1, TimeUnit.NANOSECONDS);

        time.advance(Duration.ofNanos(150_000));

        assertThat(runs).hasValue(150_000);
    }

    @Test
    void badDurationsAreRefusedWithWhatIsWrong() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> time.advance(Duration.ofSeconds(-1)))
                .withMessageContaining("PT-1S")
                .withMessageContaining("leapWall");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> time.suspend(Duration.ofSeconds(-1)))
                .withMessageContaining("PT-1S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> time.advance(Duration.ofDays(200_000)))
                .withMessageContaining("longest");
    }

    @Test
    void aTaskWithTheLongestDelayNeverComesButDoesNoHarm() {
        time.advance(Duration.ofDays(1));
        scheduler.schedule(() -> events.add("never"), Long.MAX_VALUE, TimeUnit.NANOSECONDS);

        time.advance(Duration.ofDays(3650));

        assertThat(events).isEmpty();
        assertThat(time.pendingTasks()).isEqualTo(1);
    }

    @Test
    void oneThreadAtATimeMovesTimeAndTheOtherWaitsForIt() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        scheduler.schedule(
                () -> {
                    running.countDown();
                    goOn.await();
                    return null;
                },
                1,
                TimeUnit.SECONDS);
        CompletableFuture<Void> first = CompletableFuture.runAsync(() -> time.advance(Duration.ofSeconds(2)));
        running.await();

        CompletableFuture<Void> second = CompletableFuture.runAsync(() -> time.advance(Duration.ofSeconds(3)));
        // Readers and schedulers do not wait for the task.
        assertThat(time.elapsed()).isEqualTo(Duration.ofSeconds(1));
        scheduler.execute(() -> events.add("scheduled meanwhile"));
        assertThat(second).isNotDone();
        goOn.countDown();
        first.get();
        second.get();

        assertThat(time.elapsed()).isEqualTo(Duration.ofSeconds(5));
        assertThat(events).containsExactly("scheduled meanwhile");
    }

    @Test
    void describesItself() {
        schedule("x", Duration.ofMinutes(5));
        time.advance(Duration.ofMinutes(1));

        assertThat(time).hasToString("VirtualTime[wall 2026-03-01T12:01:00Z, elapsed PT1M, 1 pending, next in PT4M]");
        assertThat(new VirtualTime()).hasToString("VirtualTime[wall 2026-01-01T00:00:00Z, elapsed PT0S, 0 pending]");
    }

    private void schedule(String event, Duration delay) {
        scheduler.schedule(() -> events.add(event + " at " + time.elapsed()), delay.toNanos(), TimeUnit.NANOSECONDS);
    }
}
