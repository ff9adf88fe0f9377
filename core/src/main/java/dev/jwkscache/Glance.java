package dev.jwkscache;

/**
 * The wall millisecond in which both clocks were last read and the keys of a snapshot found fit to be served at once; who
 * comes in the same millisecond need not read the second clock.
 */
final class Glance {
    /** How much longer keys must be in their state to be noted: what is left of the millisecond, twice over. */
    static final long REACH_NANOS = 2_000_000;

    private static final long NEVER = Long.MIN_VALUE;

    private volatile long wallMillis = NEVER;

    boolean holdsAt(long now) {
        return wallMillis == now;
    }

    void note(long now) {
        wallMillis = now;
    }

    /** So that a wall clock which is set back does not come by the same millisecond again. */
    void forget() {
        wallMillis = NEVER;
    }
}
