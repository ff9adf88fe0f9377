package dev.jwkscache.bench.fleet.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Simulated time runs what is due, in order and once, and nothing that was cancelled. */
class SimulatedTimeTest {
    private final SimulatedTime time = new SimulatedTime();

    @Test
    void everythingRunsAtItsTimeAndInOrder() {
        SplittableRandom random = new SplittableRandom(7);
        List<Long> ran = new ArrayList<>();
        List<Long> due = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            // Some beyond the wheel, some many in one slot.
            long at = i % 3 == 0 ? random.nextLong(Duration.ofHours(2).toNanos()) : random.nextLong(5_000_000);
            due.add(at);
            time.at(
                    () -> {
                        assertThat(time.elapsedNanos()).isEqualTo(at);
                        ran.add(at);
                    },
                    at);
        }
        time.advanceTo(Duration.ofHours(1));
        assertThat(time.elapsed()).isEqualTo(Duration.ofHours(1));
        time.advanceTo(Duration.ofHours(2));

        assertThat(ran).isEqualTo(due.stream().sorted().toList());
        assertThat(time.fired()).isEqualTo(10_000);
    }

    @Test
    void atTheSameTimeTheFirstThatWasSetRunsFirst() {
        List<Integer> ran = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            int number = i;
            time.after(() -> ran.add(number), Duration.ofSeconds(1));
        }
        time.advanceTo(Duration.ofSeconds(1));

        assertThat(ran).isSorted().hasSize(100);
    }

    @Test
    void whatIsCancelledNeverRuns() {
        SplittableRandom random = new SplittableRandom(7);
        List<Timer> timers = new ArrayList<>();
        List<Timer> ran = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            long at = i % 3 == 0 ? random.nextLong(Duration.ofHours(2).toNanos()) : random.nextLong(5_000_000);
            int index = i;
            timers.add(time.at(() -> ran.add(timers.get(index)), at));
        }
        time.advanceTo(Duration.ofMillis(2));
        List<Timer> cancelled = timers.stream()
                .filter(timer -> !timer.isDone() && random.nextBoolean())
                .toList();
        cancelled.forEach(timer -> assertThat(timer.cancel(false)).isTrue());
        time.advanceTo(Duration.ofHours(2));

        assertThat(ran).doesNotContainAnyElementsOf(cancelled).hasSize(10_000 - cancelled.size());
        assertThat(cancelled).hasSizeGreaterThan(1_000).allMatch(Timer::isCancelled);
    }

    @Test
    void aTaskMaySetAnotherForNow() {
        List<String> ran = new ArrayList<>();
        time.after(() -> time.after(() -> ran.add("at once"), Duration.ZERO), Duration.ofMillis(1));
        time.after(() -> ran.add("later"), Duration.ofMillis(1).plusNanos(1));
        time.advanceTo(Duration.ofMillis(2));

        assertThat(ran).containsExactly("at once", "later");
    }
}
