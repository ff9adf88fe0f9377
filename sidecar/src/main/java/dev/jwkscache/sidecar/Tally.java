package dev.jwkscache.sidecar;

import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

/** What callers met during one chapter. */
final class Tally {
    final LongAdder verified = new LongAdder();
    final LongAdder goodRefused = new LongAdder();
    final LongAdder forgedRefused = new LongAdder();
    final LongAdder forgedAccepted = new LongAdder();
    /** Tokens of a withdrawn key that passed before the cache could know of the withdrawal. */
    final LongAdder lingering = new LongAdder();

    final LongAdder withdrawnRefused = new LongAdder();
    final LongAdder withdrawnAccepted = new LongAdder();
    private final LongAccumulator slowestNanos = new LongAccumulator(Math::max, 0);

    void waited(long nanos) {
        slowestNanos.accumulate(nanos);
    }

    Counts counts() {
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
    record Counts(
            long verified,
            long goodRefused,
            long forgedRefused,
            long forgedAccepted,
            long lingering,
            long withdrawnRefused,
            long withdrawnAccepted,
            long slowestNanos) {
        static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0, 0, 0);

        Counts plus(Counts other) {
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
