package dev.jwkscache.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class VirtualSchedulerTest {
    private final VirtualTime time = new VirtualTime();
    private final ScheduledExecutorService scheduler = time.scheduler();
    private final List<Duration> runs = new ArrayList<>();

    @Test
    void tasksRunInTheThreadThatMovesTime() {
        List<Thread> threads = new ArrayList<>();
        scheduler.execute(() -> threads.add(Thread.currentThread()));

        time.advance(Duration.ofSeconds(1));

        assertThat(threads).containsExactly(Thread.currentThread());
    }

    @Test
    void submittedTasksHaveTheirResultOnceTimeHasMoved() throws Exception {
        Future<String> callable = scheduler.submit(() -> "called");
        Future<String> runnable = scheduler.submit(() -> {}, "ran");
        Future<?> plain = scheduler.submit(() -> {});
        Future<String> scheduled = scheduler.schedule(() -> "scheduled", 1, TimeUnit.SECONDS);
        assertThat(callable).isNotDone();

        time.runDue();

        assertThat(callable.get()).isEqualTo("called");
        assertThat(runnable.get()).isEqualTo("ran");
        assertThat(plain).isDone();
        assertThat(scheduled).isNotDone();
        time.advance(Duration.ofSeconds(1));
        assertThat(scheduled.get()).isEqualTo("scheduled");
    }

    @Test
    void fixedRateCountsFromWhenTheRunWasDue() {
        scheduler.scheduleAtFixedRate(this::note, 2, 10, TimeUnit.SECONDS);

        time.advance(Duration.ofSeconds(35));

        assertThat(runs)
                .containsExactly(
                        Duration.ofSeconds(2), Duration.ofSeconds(12), Duration.ofSeconds(22), Duration.ofSeconds(32));
    }

    @Test
    void fixedDelayCountsFromTheEndOfTheRun() {
        scheduler.scheduleWithFixedDelay(this::note, 0, 10, TimeUnit.SECONDS);

        time.advance(Duration.ofSeconds(25));

        assertThat(runs).containsExactly(Duration.ZERO, Duration.ofSeconds(10), Duration.ofSeconds(20));
    }

    @Test
    void aCancelledTaskIsNoLongerPendingAndNeverRuns() {
        Future<?> once = scheduler.schedule(this::note, 1, TimeUnit.SECONDS);
        Future<?> periodic = scheduler.scheduleAtFixedRate(this::note, 1, 1, TimeUnit.SECONDS);
        assertThat(time.pendingTasks()).isEqualTo(2);

        assertThat(once.cancel(false)).isTrue();
        assertThat(periodic.cancel(false)).isTrue();

        assertThat(time.pendingTasks()).isZero();
        time.advance(Duration.ofSeconds(5));
        assertThat(runs).isEmpty();
        assertThat(once).isCancelled();
        assertThat(once.cancel(false)).isFalse();
    }

    @Test
    void aTaskCanCancelAnotherThatIsDueAtTheSameTime() {
        List<Future<?>> victim = new ArrayList<>();
        scheduler.schedule(() -> victim.get(0).cancel(false), 1, TimeUnit.SECONDS);
        victim.add(scheduler.schedule(this::note, 1, TimeUnit.SECONDS));

        time.advance(Duration.ofSeconds(2));

        assertThat(runs).isEmpty();
    }

    @Test
    void aPeriodicTaskCanCancelItself() {
        List<Future<?>> self = new ArrayList<>();
        self.add(scheduler.scheduleAtFixedRate(
                () -> {
                    note();
                    self.get(0).cancel(false);
                },
                1,
                1,
                TimeUnit.SECONDS));

        time.advance(Duration.ofSeconds(10));

        assertThat(runs).hasSize(1);
        assertThat(time.pendingTasks()).isZero();
    }

    @Test
    void aTaskThatThrowsStopsNeitherTheOthersNorTheAdvance() {
        Future<?> failing = scheduler.schedule(
                () -> {
                    throw new IllegalStateException("scripted");
                },
                1,
                TimeUnit.SECONDS);
        scheduler.execute(() -> {
            throw new AssertionError("an Error too");
        });
        scheduler.schedule(this::note, 2, TimeUnit.SECONDS);

        time.advance(Duration.ofSeconds(3));

        assertThat(runs).containsExactly(Duration.ofSeconds(2));
        assertThat(time.elapsed()).isEqualTo(Duration.ofSeconds(3));
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(failing::get)
                .withRootCauseInstanceOf(IllegalStateException.class);
        assertThat(time.failures()).extracting(Throwable::getMessage).containsExactly("an Error too", "scripted");
    }

    @Test
    void aPeriodicTaskThatThrowsIsNotRunAgain() {
        Future<?> failing = scheduler.scheduleAtFixedRate(
                () -> {
                    note();
                    throw new IllegalStateException("scripted");
                },
                1,
                1,
                TimeUnit.SECONDS);

        time.advance(Duration.ofSeconds(5));

        assertThat(runs).hasSize(1);
        assertThat(failing).isDone();
        assertThat(time.pendingTasks()).isZero();
    }

    @Test
    void getDelayCountsDownInVirtualTime() {
        ScheduledFuture<?> task = scheduler.schedule(this::note, 10, TimeUnit.SECONDS);
        ScheduledFuture<?> later = scheduler.schedule(this::note, 11, TimeUnit.SECONDS);

        time.advance(Duration.ofSeconds(4));

        assertThat(task.getDelay(TimeUnit.SECONDS)).isEqualTo(6);
        assertThat(task.compareTo(later)).isNegative();
    }

    @Test
    void afterShutdownOneTimeTasksStillRunPeriodicOnesAndNewOnesDoNot() {
        scheduler.schedule(this::note, 2, TimeUnit.SECONDS);
        Future<?> periodic = scheduler.scheduleAtFixedRate(this::note, 1, 1, TimeUnit.SECONDS);

        scheduler.shutdown();

        assertThat(periodic).isCancelled();
        assertThat(scheduler.isShutdown()).isTrue();
        assertThat(scheduler.isTerminated()).isFalse();
        assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> scheduler.execute(this::note));
        time.advance(Duration.ofSeconds(3));
        assertThat(runs).containsExactly(Duration.ofSeconds(2));
        assertThat(scheduler.isTerminated()).isTrue();
    }

    @Test
    void shutdownNowReturnsWhatNeverRan() throws Exception {
        scheduler.schedule(this::note, 2, TimeUnit.SECONDS);
        scheduler.scheduleAtFixedRate(this::note, 1, 1, TimeUnit.SECONDS);

        assertThat(scheduler.shutdownNow()).hasSize(2);

        assertThat(scheduler.isTerminated()).isTrue();
        assertThat(scheduler.awaitTermination(1, TimeUnit.DAYS)).isTrue();
        assertThat(time.pendingTasks()).isZero();
        time.advance(Duration.ofSeconds(3));
        assertThat(runs).isEmpty();
    }

    @Test
    void aPeriodicTaskThatShutsItsSchedulerDownIsNotRunAgain() {
        Future<?> task = scheduler.scheduleAtFixedRate(
                () -> {
                    note();
                    scheduler.shutdownNow();
                    assertThat(scheduler.isTerminated()).isFalse();
                },
                1,
                1,
                TimeUnit.SECONDS);

        time.advance(Duration.ofSeconds(5));

        assertThat(runs).hasSize(1);
        assertThat(time.failures()).isEmpty();
        assertThat(task).isCancelled();
        assertThat(scheduler.isTerminated()).isTrue();
    }

    @Test
    void awaitTerminationNeverWaits() throws Exception {
        scheduler.schedule(this::note, 1, TimeUnit.SECONDS);
        scheduler.shutdown();

        assertThat(scheduler.awaitTermination(1, TimeUnit.DAYS)).isFalse();
    }

    @Test
    void anotherSchedulerOnTheSameTimeOutlivesTheFirst() {
        ScheduledExecutorService second = time.newScheduler();
        scheduler.schedule(this::note, 1, TimeUnit.SECONDS);
        second.schedule(this::note, 2, TimeUnit.SECONDS);
        assertThat(time.pendingTasks()).isEqualTo(2);

        scheduler.shutdownNow();
        time.advance(Duration.ofSeconds(3));

        assertThat(runs).containsExactly(Duration.ofSeconds(2));
        assertThat(second.isShutdown()).isFalse();
        assertThat(time.scheduler()).isSameAs(scheduler);
    }

    @Test
    void tasksMayBeScheduledFromManyThreadsWhileTimeMoves() {
        List<CompletableFuture<Void>> producers = new ArrayList<>();
        for (int producer = 0; producer < 4; producer++) {
            producers.add(CompletableFuture.runAsync(() -> {
                for (int i = 0; i < 1_000; i++) {
                    scheduler.schedule(this::note, i % 7, TimeUnit.MILLISECONDS);
                }
            }));
        }
        CompletableFuture<Void> all = CompletableFuture.allOf(producers.toArray(CompletableFuture<?>[]::new));
        while (!all.isDone()) {
            time.advance(Duration.ofMillis(1));
        }
        time.advance(Duration.ofMillis(10));

        assertThat(runs).hasSize(4_000).isSorted();
        assertThat(time.pendingTasks()).isZero();
    }

    @Test
    void badArgumentsAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> scheduler.scheduleAtFixedRate(this::note, 0, 0, TimeUnit.SECONDS))
                .withMessageContaining("0 SECONDS");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> scheduler.scheduleWithFixedDelay(this::note, 0, -1, TimeUnit.SECONDS));
        assertThatNullPointerException().isThrownBy(() -> scheduler.execute(null));
    }

    private void note() {
        runs.add(time.elapsed());
    }
}
