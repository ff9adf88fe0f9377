package dev.jwkscache.sidecar.demo;

import dev.jwkscache.sidecar.demo.Judge.Judgement;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.HistogramSnapshot;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What callers and forgers met since the beginning. Thread-safe. */
final class Score {
    private static final double MEDIAN = 0.5;
    private static final double SLOWEST_PERCENT = 0.99;
    private static final int DIGITS = 2;

    private final Tally tally = new Tally();
    private final LongAdder presented = new LongAdder();
    private final LongAdder untrustedRefused = new LongAdder();
    private final AtomicReference<@Nullable String> firstWrong = new AtomicReference<>();
    private final Timer waits = Timer.builder("demo.wait")
            .publishPercentiles(MEDIAN, SLOWEST_PERCENT)
            .percentilePrecision(DIGITS)
            .register(new SimpleMeterRegistry());

    /** A token of the provider was presented. */
    void count(Judgement judgement, String refusal) {
        presented.increment();
        switch (judgement) {
            case VERIFIED -> tally.verified.increment();
            case UNTRUSTED_REFUSED -> untrustedRefused.increment();
            case WITHDRAWN_REFUSED -> tally.withdrawnRefused.increment();
            case WITHDRAWN_NOT_KNOWN -> tally.lingering.increment();
            case GOOD_REFUSED -> {
                tally.goodRefused.increment();
                wrong("a good token was refused: " + refusal);
            }
            case WITHDRAWN_ACCEPTED -> {
                tally.withdrawnAccepted.increment();
                wrong("a token of a withdrawn key was accepted after the bound");
            }
        }
    }

    /** A forged token was presented. */
    void countForged(boolean accepted) {
        if (accepted) {
            tally.forgedAccepted.increment();
            wrong("a forged token was accepted");
        } else {
            tally.forgedRefused.increment();
        }
    }

    /** A good token has waited so long for its key. */
    void waited(long nanos) {
        tally.waited(nanos);
        waits.record(nanos, TimeUnit.NANOSECONDS);
    }

    /** Remembers the first thing that should not have happened. */
    void wrong(String what) {
        firstWrong.compareAndSet(null, what);
    }

    /** Whether nothing has happened that must not. */
    boolean isClean() {
        return firstWrong.get() == null;
    }

    Tally.Counts counts() {
        return tally.counts();
    }

    JsonObject json() {
        // Before the parts, so that these never look like more than the whole.
        long all = presented.sum();
        Tally.Counts counts = tally.counts();
        HistogramSnapshot snapshot = waits.takeSnapshot();
        return new JsonObject()
                .put("presented", all)
                .put("verified", counts.verified())
                .put("goodRefused", counts.goodRefused())
                .put("untrustedRefused", untrustedRefused.sum())
                .put("withdrawnRefused", counts.withdrawnRefused())
                .put("withdrawnNotKnown", counts.lingering())
                .put("withdrawnAccepted", counts.withdrawnAccepted())
                .put("forgedRefused", counts.forgedRefused())
                .put("forgedAccepted", counts.forgedAccepted())
                .put("firstWrong", firstWrong.get())
                .put(
                        "wait",
                        new JsonObject()
                                .put("p50Seconds", percentile(snapshot, 0))
                                .put("p99Seconds", percentile(snapshot, 1))
                                .put("maxSeconds", counts.slowestNanos() / 1e9));
    }

    private static double percentile(HistogramSnapshot snapshot, int index) {
        return snapshot.percentileValues()[index].value(TimeUnit.NANOSECONDS) / 1e9;
    }
}
