package dev.jwkscache;

import java.util.concurrent.atomic.LongAdder;

/** Counts what a cache does. */
final class Counters {
    final LongAdder fetches = new LongAdder();
    final LongAdder refreshes = new LongAdder();
    final LongAdder failures = new LongAdder();
    final LongAdder unknownKeys = new LongAdder();
    final LongAdder cutLookups = new LongAdder();
    final LongAdder cachedReplies = new LongAdder();

    Values values() {
        return new Values(
                fetches.sum(),
                refreshes.sum(),
                failures.sum(),
                unknownKeys.sum(),
                cutLookups.sum(),
                cachedReplies.sum());
    }

    record Values(long fetches, long refreshes, long failures, long unknownKeys, long cutLookups, long cachedReplies) {}
}
