package dev.jwkscache;

import dev.jwkscache.RefreshPolicy.Start;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/** Each kind of fetch spends its own budget, once. The origin answers at once and time stands still. */
class BudgetsTest {

    @Test
    void aCooldownHasOneFetchForMissesAndNoBudgetIsSpentByAnotherKind() {
        ModelCheck.run(Subject.class, 2, 2);
    }

    public static class Subject {
        private final Rig rig = Rig.answeredAtOnce();
        private final AtomicInteger misses = new AtomicInteger();
        private final AtomicInteger manuals = new AtomicInteger();

        @Operation
        public void miss() {
            count(rig.request(RefreshTrigger.MISS), RefreshTrigger.MISS, misses);
        }

        @Operation
        public void refresh() {
            count(rig.request(RefreshTrigger.MANUAL), RefreshTrigger.MANUAL, manuals);
        }

        @Operation
        public void schedule() {
            rig.request(RefreshTrigger.SCHEDULE);
        }

        @Operation
        public void recover() {
            rig.request(RefreshTrigger.RECOVERY);
        }

        @Validate
        public void budgets() {
            Invariants.hold(rig);
            RefreshState state = rig.refresher.state();
            expect(rig.told().of(RefreshTrigger.MISS) <= 1, "more than one fetch for misses in one cooldown");
            expect(rig.told().of(RefreshTrigger.MANUAL) <= 1, "more than one manual fetch at one time");
            expect(misses.get() == 0 || !mayStart(state, RefreshTrigger.MISS), "a miss cost nothing");
            expect(misses.get() > 0 || mayStart(state, RefreshTrigger.MISS), "another kind spent the budget of misses");
            expect(manuals.get() > 0 || mayStart(state, RefreshTrigger.MANUAL), "another kind spent the manual budget");
            // The schedule may fetch until a fetch has succeeded, whoever asked for that one.
            expect(
                    mayStart(state, RefreshTrigger.SCHEDULE) == (state.snapshot() == null),
                    "the schedule lost its turn or did not move");
            expect(rig.counters.failures.sum() == 0, "a fetch failed, though the origin answers and never blocks");
        }

        private static void count(Flight flight, RefreshTrigger trigger, AtomicInteger own) {
            if (flight != null && flight.trigger() == trigger) {
                own.incrementAndGet();
            }
        }

        private static boolean mayStart(RefreshState state, RefreshTrigger trigger) {
            return Rig.POLICY.decide(state, trigger, new HandClock().now()) instanceof Start;
        }

        private static void expect(boolean holds, String fault) {
            if (!holds) {
                throw new IllegalStateException(fault);
            }
        }
    }
}
