package dev.jwkscache;

import java.time.Duration;
import java.time.Instant;

/**
 * One instant on two clocks: monotonic time stands still while a machine sleeps, wall time can be set back; of the two,
 * whichever says that more time has passed is believed.
 */
record Moment(long nanos, long wallMillis) {

    private static final long MAX_MILLIS = Long.MAX_VALUE / 4_000_000;

    /** Time passed from this moment to {@code now}, in nanoseconds, never negative. */
    long nanosUntil(Moment now) {
        return nanosUntil(now.nanos, now.wallMillis);
    }

    /** The same without a moment, for those who must not allocate one. */
    long nanosUntil(long nowNanos, long nowWallMillis) {
        long wall = Math.max(-MAX_MILLIS, Math.min(nowWallMillis - wallMillis, MAX_MILLIS)) * 1_000_000;
        return Math.max(0, Math.max(nowNanos - nanos, wall));
    }

    Moment plus(Duration duration) {
        long millis = Math.min(duration.toMillis(), MAX_MILLIS);
        return new Moment(
                nanos + Math.min(saturatedNanos(duration), MAX_MILLIS * 1_000_000), saturatedAdd(wallMillis, millis));
    }

    /** Whether {@code now} is at or past this moment on either clock. */
    boolean isReachedBy(Moment now) {
        return isReachedBy(now.nanos, now.wallMillis);
    }

    /** The same without a moment. */
    boolean isReachedBy(long nowNanos, long nowWallMillis) {
        return nowNanos - nanos >= 0 || nowWallMillis >= wallMillis;
    }

    /** How long until either clock reaches this moment; zero when one has. */
    Duration remaining(Moment now) {
        if (isReachedBy(now)) {
            return Duration.ZERO;
        }
        Duration byWall = Duration.ofMillis(wallMillis - now.wallMillis);
        Duration byNanos = Duration.ofNanos(nanos - now.nanos);
        return byNanos.compareTo(byWall) < 0 ? byNanos : byWall;
    }

    /** This moment as it was if the age that {@code now} shows had passed on both clocks. */
    Moment anchoredAt(Moment now) {
        long age = nanosUntil(now);
        long monotonicAge = now.nanos - nanos;
        return age == monotonicAge ? this : new Moment(now.nanos - age, wallMillis);
    }

    Instant wall() {
        return Instant.ofEpochMilli(wallMillis);
    }

    static Moment earlier(Moment one, Moment other, Moment now) {
        return one.remaining(now).compareTo(other.remaining(now)) <= 0 ? one : other;
    }

    static Moment later(Moment one, Moment other, Moment now) {
        return one.remaining(now).compareTo(other.remaining(now)) >= 0 ? one : other;
    }

    static long saturatedNanos(Duration duration) {
        try {
            return duration.toNanos();
        } catch (ArithmeticException tooLong) {
            return duration.isNegative() ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }

    private static long saturatedAdd(long one, long other) {
        long sum = one + other;
        return sum < one ? Long.MAX_VALUE : sum;
    }
}
