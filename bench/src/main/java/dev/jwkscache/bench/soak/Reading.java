package dev.jwkscache.bench.soak;

/**
 * One look at both clocks.
 *
 * @param nanos monotonic time; only differences mean anything
 * @param wallMillis wall time
 */
record Reading(long nanos, long wallMillis) {

    /** Time since an earlier reading in nanoseconds, by whichever clock says more; never negative. */
    long since(Reading earlier) {
        return Math.max(0, Math.max(monotonicSince(earlier), (wallMillis - earlier.wallMillis) * 1_000_000));
    }

    /** Time since an earlier reading in nanoseconds, by the clock that nobody can set. */
    long monotonicSince(Reading earlier) {
        return nanos - earlier.nanos;
    }
}
