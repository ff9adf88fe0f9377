package dev.jwkscache;

import dev.jwkscache.HandTimer.Purpose;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/**
 * A flight ends once, whatever ends it. These operations take effect in several steps, so that no order one after the other
 * explains them; what must hold is what {@link Rig#fault()} lists.
 */
class EndingsTest {

    @Test
    void answerRefusalDeadlinePurgeAndCloseLeaveOneEndingAndNobodyWaiting() {
        ModelCheck.run(Subject.class, 2, 2);
    }

    public static class Subject {
        private final Rig rig = Rig.loaded(true);

        public Subject() {
            rig.request(RefreshTrigger.RECOVERY);
        }

        @Operation
        public void answer() {
            rig.answerOldest();
        }

        @Operation
        public void refuse() {
            rig.refuseOldest();
        }

        @Operation
        public void deadline() {
            rig.run(Purpose.DEADLINE);
        }

        @Operation
        public void alarm() {
            rig.run(Purpose.ALARM);
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
        public void purge() {
            rig.purge();
        }

        @Operation
        public void close() {
            rig.close();
        }

        @Validate
        public void allIsQuiet() {
            Invariants.hold(rig);
        }
    }
}
