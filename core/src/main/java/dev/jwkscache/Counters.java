package dev.jwkscache;

import dev.jwkscache.spi.SnapshotRefusal;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts what a cache does. */
final class Counters {
    final LongAdder fetches = new LongAdder();
    final LongAdder refreshes = new LongAdder();
    final LongAdder failures = new LongAdder();
    final LongAdder taken = new LongAdder();
    final LongAdder storeFailures = new LongAdder();
    final LongAdder unknownKeys = new LongAdder();
    final LongAdder cutLookups = new LongAdder();
    final LongAdder cachedReplies = new LongAdder();
    private final ConcurrentMap<SnapshotRefusal, Long> refused = new ConcurrentHashMap<>();

    void refused(SnapshotRefusal reason) {
        refused.merge(reason, 1L, Long::sum);
    }

    Values values() {
        return new Values(
                fetches.sum(),
                refreshes.sum(),
                failures.sum(),
                taken.sum(),
                storeFailures.sum(),
                Map.copyOf(refused),
                unknownKeys.sum(),
                cutLookups.sum(),
                cachedReplies.sum());
    }

    record Values(
            long fetches,
            long refreshes,
            long failures,
            long taken,
            long storeFailures,
            Map<SnapshotRefusal, Long> refusedSnapshots,
            long unknownKeys,
            long cutLookups,
            long cachedReplies) {}
}
