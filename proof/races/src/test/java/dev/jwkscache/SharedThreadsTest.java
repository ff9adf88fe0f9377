package dev.jwkscache;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledExecutorService;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/** The threads of the process live as long as somebody uses them, and no longer. */
class SharedThreadsTest {

    @Test
    void allUsersShareTheSameThreadsAndTheLastOneEndsThem() {
        ModelCheck.run(Subject.class, 2, 3);
    }

    public static class Subject {
        private final Queue<ScheduledExecutorService> seen = new ConcurrentLinkedQueue<>();

        /** Borrows, looks, and gives back twice, which must count once. */
        @Operation
        public boolean borrow() {
            SharedThreads.Lease lease = SharedThreads.lease();
            boolean alive = !noted(lease).isShutdown();
            lease.release();
            lease.release();
            return alive;
        }

        /** Borrows a second time while the first lasts: the same threads, until both are given back. */
        @Operation
        public String borrowTwice() {
            SharedThreads.Lease first = SharedThreads.lease();
            SharedThreads.Lease second = SharedThreads.lease();
            boolean shared = noted(first) == noted(second);
            first.release();
            boolean alive = !second.engine().timer().isShutdown();
            second.release();
            return shared + " " + alive;
        }

        @Validate
        public void theLastOneEndsThem() {
            for (ScheduledExecutorService timer : seen) {
                if (!timer.isShutdown()) {
                    throw new IllegalStateException("nobody uses these threads, yet they are not ended");
                }
            }
        }

        private ScheduledExecutorService noted(SharedThreads.Lease lease) {
            ScheduledExecutorService timer = lease.engine().timer();
            seen.add(timer);
            return timer;
        }
    }
}
