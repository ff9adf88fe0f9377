package dev.jwkscache;

import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * All who may join get the one flight. The origin never answers here, so that each request takes effect at one moment and
 * its result has to be that of some order, one after the other.
 */
class OneFlightTest {

    @Test
    void whoeverAsksWhileAFetchIsUnderWayJoinsItOrTheOneThatWaitsForItsTurn() {
        ModelCheck.run(Subject.class, 3, 2);
    }

    @Test
    void aCacheIsClosedOnce() {
        ModelCheck.runDuel(Closing.class);
    }

    public static class Closing {
        private final Rig rig = Rig.loaded(true);

        @Operation
        public boolean close() {
            return rig.refresher.close();
        }

        @Validate
        public void allIsQuiet() {
            Invariants.hold(rig);
        }
    }

    public static class Subject {
        private final Rig rig = new Rig();

        @Operation
        public String start() {
            return name(rig.request(RefreshTrigger.START));
        }

        @Operation
        public String schedule() {
            return name(rig.request(RefreshTrigger.SCHEDULE));
        }

        @Operation
        public String recover() {
            return name(rig.request(RefreshTrigger.RECOVERY));
        }

        @Operation
        public String miss() {
            return name(rig.request(RefreshTrigger.MISS));
        }

        @Operation
        public String refresh() {
            return name(rig.request(RefreshTrigger.MANUAL));
        }

        @Operation
        public boolean close() {
            return rig.refresher.close();
        }

        @Validate
        public void oneExchangeAtMost() {
            Invariants.hold(rig);
            if (rig.origin.calls() > 1) {
                throw new IllegalStateException(rig.origin.calls() + " exchanges");
            }
        }

        private static String name(@Nullable Flight flight) {
            return flight == null ? "none" : flight.trigger().name();
        }
    }
}
