package dev.jwkscache.redis;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** Holds this machine's wall clock against that of Redis, and generations against both. */
final class FleetClock {
    /** By how much this clock may differ from that of Redis; two instances may then differ by twice as much. */
    static final Duration TOLERANCE = Duration.ofSeconds(2);

    /** No generation grows away from the time by more than the number of turns in one millisecond, or a clock was wrong. */
    private static final Duration HORIZON = Duration.ofDays(1);

    private final Clock clock;
    private final String where;

    FleetClock(Clock clock, String where) {
        this.clock = clock;
        this.where = where;
    }

    String where() {
        return where;
    }

    long millis() {
        return clock.millis();
    }

    void check(long redisMillis) throws IOException {
        long difference = Math.abs(clock.millis() - redisMillis);
        if (difference > TOLERANCE.toMillis()) {
            throw differs(difference);
        }
    }

    IOException differs(long redisMillis, long atMillis) {
        return differs(Math.abs(atMillis - redisMillis));
    }

    private IOException differs(long difference) {
        return new IOException("the clock of this machine and that of Redis at " + where + " differ by " + difference
                + " ms, which is more than " + TOLERANCE.toMillis()
                + " ms: ages of keys cannot be compared; synchronize both (NTP)");
    }

    /** As old as it can be by the clock of whoever wrote it, as far as the tolerance goes. */
    static Instant atTheEarliest(Instant written) {
        return written.minus(TOLERANCE.multipliedBy(2));
    }

    boolean plausible(long generation) {
        return generation >= 0 && generation <= clock.millis() + HORIZON.toMillis();
    }

    long plausibly(long generation) throws IOException {
        if (!plausible(generation)) {
            throw new IOException("Redis at " + where + " counts generations that lie more than " + HORIZON.toHours()
                    + " h ahead of this clock: somebody else wrote there, or its clock was wrong; delete the key of the"
                    + " address");
        }
        return generation;
    }
}
