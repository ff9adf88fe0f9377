package dev.jwkscache.sidecar.demo;

import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

/** What callers met during one chapter. */
public final class Tally {
    public final LongAdder verified = new LongAdder();
    public final LongAdder goodRefused = new LongAdder();
    public final LongAdder forgedRefused = new LongAdder();
    public final LongAdder forgedAccepted = new LongAdder();
    /** Tokens of a withdrawn key that passed before the cache could know of the withdrawal. */
    public final LongAdder lingering = new LongAdder();

    public final LongAdder withdrawnRefused = new LongAdder();
    public final LongAdder withdrawnAccepted = new LongAdder();
    private final LongAccumulator slowestNanos = new LongAccumulator(Math::max, 0);

    /** A caller has waited so long for a key. */
    public void waited(long nanos) {
        slowestNanos.accumulate(nanos);
    }

    /** The numbers now. */
    public Counts counts() {
        return new Counts(
                verified.sum(),
                goodRefused.sum(),
                forgedRefused.sum(),
                forgedAccepted.sum(),
                lingering.sum(),
                withdrawnRefused.sum(),
                withdrawnAccepted.sum(),
                slowestNanos.get());
    }

    /** The numbers of one moment. */
    public record Counts(
            long verified,
            long goodRefused,
            long forgedRefused,
            long forgedAccepted,
            long lingering,
            long withdrawnRefused,
            long withdrawnAccepted,
            long slowestNanos) {
        /** Nothing met. */
        public static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0, 0, 0);

        /** Both together. */
        public Counts plus(Counts other) {
            return new Counts(
                    verified + other.verified,
                    goodRefused + other.goodRefused,
                    forgedRefused + other.forgedRefused,
                    forgedAccepted + other.forgedAccepted,
                    lingering + other.lingering,
                    withdrawnRefused + other.withdrawnRefused,
                    withdrawnAccepted + other.withdrawnAccepted,
                    Math.max(slowestNanos, other.slowestNanos));
        }
    }
}
