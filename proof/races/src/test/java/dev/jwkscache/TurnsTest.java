package dev.jwkscache;

import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/** At a gate nobody waits while a place is free, and never are too many inside. */
class TurnsTest {

    @Test
    void nobodyWaitsWhileAPlaceIsFreeAndNeverAreTooManyInside() {
        ModelCheck.run(Subject.class, 2, 3);
    }

    public static class Subject {
        private static final int PLACES = 1;

        private final Gate gate = new Gate(PLACES);
        private final AtomicInteger came = new AtomicInteger();
        private final AtomicInteger admitted = new AtomicInteger();
        private final AtomicInteger inside = new AtomicInteger();
        private final AtomicInteger most = new AtomicInteger();

        @Operation
        public void come() {
            enter(false);
        }

        @Operation
        public void comeUrgently() {
            enter(true);
        }

        /** Only if somebody is inside. */
        @Operation
        public void go() {
            if (inside.getAndUpdate(now -> Math.max(0, now - 1)) > 0) {
                gate.leave();
            }
        }

        private void enter(boolean urgent) {
            came.incrementAndGet();
            gate.enter(
                    () -> {
                        admitted.incrementAndGet();
                        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                    },
                    urgent);
        }

        @Validate
        public void nobodyIsForgotten() {
            if (most.get() > PLACES) {
                throw new IllegalStateException(most + " were inside");
            }
            if (admitted.get() < came.get() && inside.get() < PLACES) {
                throw new IllegalStateException(
                        (came.get() - admitted.get()) + " wait, though only " + inside + " are inside");
            }
        }
    }
}
