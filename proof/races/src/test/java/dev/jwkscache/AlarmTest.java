package dev.jwkscache;

import dev.jwkscache.HandTimer.Purpose;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/** The schedule lives on, however alarms, fetches and those who set the alarm anew fall together. */
class AlarmTest {

    @Test
    void wheneverAFetchIsDueByItselfOneAlarmIsSet() {
        ModelCheck.run(Subject.class, 2, 2);
    }

    public static class Subject {
        private final Rig rig = Rig.loaded(true);

        @Operation
        public void alarm() {
            rig.run(Purpose.ALARM);
        }

        @Operation
        public void schedule() {
            rig.refresher.schedule();
        }

        @Operation
        public void miss() {
            rig.request(RefreshTrigger.MISS);
        }

        @Operation
        public void refresh() {
            rig.request(RefreshTrigger.MANUAL);
        }

        @Operation
        public void answer() {
            rig.answerOldest();
        }

        @Operation
        public void refuse() {
            rig.refuseOldest();
        }

        @Validate
        public void allIsQuiet() {
            Invariants.hold(rig);
        }
    }
}
