package dev.jwkscache.bench.fleet.simulation;

/**
 * What serves a store. Either one thread, as that of a Redis, that does one thing after the other so that a crowd waits; or, to
 * see what is decided rather than what a server can bear, as many threads as there are calls.
 */
final class StoreServer {
    private final SimulatedTime time;
    private final boolean oneThread;
    private long busyUntil;
    private long longestQueue;

    /** What a server does, and what one core is assumed to need for it. */
    enum Work {
        SCRIPT(20_000),
        LOOK(8_000),
        /** To send an announcement to one of those who watch. */
        TELL(4_000);

        private final long nanos;

        Work(long nanos) {
            this.nanos = nanos;
        }
    }

    StoreServer(SimulatedTime time, boolean oneThread) {
        this.time = time;
        this.oneThread = oneThread;
    }

    /** Whether anything ever has to wait for something else. */
    boolean hasQueue() {
        return oneThread;
    }

    /** When something that arrives now is done. */
    long serve(Work work) {
        long now = time.elapsedNanos();
        if (!oneThread) {
            return now + work.nanos;
        }
        busyUntil = Math.max(now, busyUntil) + work.nanos;
        longestQueue = Math.max(longestQueue, busyUntil - now);
        return busyUntil;
    }

    /** The longest that anything has waited since this was asked last, in nanoseconds. */
    long longestQueue() {
        long longest = longestQueue;
        longestQueue = 0;
        return longest;
    }
}
