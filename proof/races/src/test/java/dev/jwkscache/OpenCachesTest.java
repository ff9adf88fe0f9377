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
            for (int i = open.get(); i > 0; i--) {
                OpenCaches.closed(address);
            }
            // None is open, if all were counted: the next is the first again, and only the one after it a second.
            long before = warnings();
            OpenCaches.opened(address);
            expectWarnings(before);
            OpenCaches.opened(address);
            expectWarnings(before + 1);
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
}
