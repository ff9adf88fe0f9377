package dev.jwkscache.sidecar.demo;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * A moment by both clocks of a machine. They differ after it slept, and when its time was set; whoever judges others by
 * them takes the one that speaks for the judged.
 */
record Moment(long nanos, Instant wall) {

    static Supplier<Moment> clock(LongSupplier nanoTime, InstantSource wall) {
        return () -> new Moment(nanoTime.getAsLong(), wall.instant());
    }

    /** So long has passed by both clocks. */
    Duration atLeastSince(Moment earlier) {
        Duration one = Duration.ofNanos(nanos - earlier.nanos);
        Duration other = Duration.between(earlier.wall, wall);
        return one.compareTo(other) < 0 ? one : other;
    }

    /** So long has passed by one of the clocks. */
    Duration atMostSince(Moment earlier) {
        Duration one = Duration.ofNanos(nanos - earlier.nanos);
        Duration other = Duration.between(earlier.wall, wall);
        return one.compareTo(other) > 0 ? one : other;
    }

    Moment plus(Duration span) {
        return new Moment(nanos + span.toNanos(), wall.plus(span));
    }

    Moment minus(Duration span) {
        return plus(span.negated());
    }
}
