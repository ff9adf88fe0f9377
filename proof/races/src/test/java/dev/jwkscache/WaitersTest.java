package dev.jwkscache;

import dev.jwkscache.HandTimer.Purpose;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/** A caller who waits is answered by the landing, by his bound or by the end of the cache; one of them always comes. */
class WaitersTest {

    @Test
    void nobodyHangsWhenLandingBoundAndCloseFallTogether() {
        ModelCheck.run(Subject.class, 2, 2);
    }

    /** A timer that is shut down at the very moment when somebody sets it may hand out a task that it has cancelled itself. */
    @Test
    void nobodyHangsWhoComesWhileTheTimerIsShutDown() {
        ModelCheck.runDuel(Closing.class);
    }

    public static class Closing {
        private final Rig rig = Rig.loaded(false);

        @Operation
        public void lookup() {
            rig.lookup(1);
        }

        @Operation(runOnce = true)
        public void close() {
            rig.close();
        }

        @Validate
        public void allIsQuiet() {
            Invariants.hold(rig);
        }
    }

    public static class Subject {
        private final Rig rig = Rig.loaded(false);

        public Subject() {
            rig.request(RefreshTrigger.RECOVERY);
        }

        @Operation
        public void lookup() {
            rig.lookup(1);
        }

        @Operation
        public void lookupInVain() {
            rig.lookup(9);
        }

        @Operation
        public void giveUp() {
            rig.run(Purpose.GIVE_UP);
        }

        @Operation
        public void answer() {
            rig.answerOldest();
        }

        @Operation(runOnce = true)
        public void purge() {
            rig.purge();
        }

        @Operation(runOnce = true)
        public void close() {
            rig.close();
        }

        @Validate
        public void allIsQuiet() {
            Invariants.hold(rig);
        }
    }
}
