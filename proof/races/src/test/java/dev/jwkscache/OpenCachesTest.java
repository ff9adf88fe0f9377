package dev.jwkscache;

import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/** Open caches are counted right, so that people are warned of a second one, once, and not of one after the other. */
class OpenCachesTest {

    @Test
    void cachesOpenedAndClosedAtOnceAreCountedAndWarnedOfOnce() {
        ModelCheck.run(Subject.class, 2, 2);
    }

    public static class Subject {
        /** Counts are kept for the process, so that each run has an address of its own. */
        private final URI address = QuietLogs.unusedAddress();

        private final AtomicInteger open = new AtomicInteger(1);
        private final AtomicInteger seconds = new AtomicInteger();

        public Subject() {
            OpenCaches.opened(address);
        }

        @Operation
        public void open() {
            open.incrementAndGet();
            seconds.incrementAndGet();
            OpenCaches.opened(address);
        }

        @Operation
        public void openAndClose() {
            seconds.incrementAndGet();
            OpenCaches.opened(address);
            OpenCaches.closed(address);
        }

        @Validate
        public void counts() {
            expectWarnings(seconds.get() == 0 ? 0 : 1);
            expectNoneAfterClosing(open.get(), address);
        }

        private void expectWarnings(long expected) {
            if (warnings() != expected) {
                throw new IllegalStateException(warnings() + " warnings instead of " + expected);
            }
        }

        private long warnings() {
            return QuietLogs.warnings(address.toString());
        }
    }

    /** None is open, if all were counted: the next is the first again, and only the one after it a second. */
    private static void expectNoneAfterClosing(int open, URI address) {
        for (int i = 0; i < open; i++) {
            OpenCaches.closed(address);
        }
        long before = QuietLogs.warnings(address.toString());
        OpenCaches.opened(address);
        long first = QuietLogs.warnings(address.toString()) - before;
        OpenCaches.opened(address);
        long second = QuietLogs.warnings(address.toString()) - before;
        if (first != 0 || second != 1) {
            throw new IllegalStateException("a count was lost");
        }
    }
}
