package dev.jwkscache.bench.soak;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** The system's wall clock and an offset that a run sets; remembers every offset there was. */
final class LiveClock extends Clock {
    private final List<long[]> offsets = new ArrayList<>();

    /** Makes a clock that is right. */
    LiveClock() {
        offsets.add(new long[] {System.nanoTime(), 0});
    }

    synchronized void leap(Duration by) {
        offsets.add(new long[] {System.nanoTime(), offset() + by.toMillis()});
    }

    synchronized long offset() {
        return offsets.get(offsets.size() - 1)[1];
    }

    /** The smallest or the largest offset in force at any time between two, in milliseconds. */
    synchronized long extreme(long from, long to, boolean largest) {
        long found = largest ? Long.MIN_VALUE : Long.MAX_VALUE;
        for (int i = 0; i < offsets.size(); i++) {
            boolean begun = offsets.get(i)[0] - to <= 0;
            boolean over = i + 1 < offsets.size() && offsets.get(i + 1)[0] - from < 0;
            if (begun && !over) {
                long offset = offsets.get(i)[1];
                found = largest ? Math.max(found, offset) : Math.min(found, offset);
            }
        }
        return found;
    }

    boolean steadySince(long from, long to) {
        return extreme(from, to, true) == extreme(from, to, false);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("the zone of this clock is UTC");
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(millis());
    }

    @Override
    public long millis() {
        return System.currentTimeMillis() + offset();
    }
}
