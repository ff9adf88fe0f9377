package dev.jwkscache.bench.trouble;

import dev.jwkscache.bench.trouble.TroubleResult.Outcome;
import dev.jwkscache.bench.trouble.TroubleResult.Series;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Turns what callers have seen into what people read. Used once, by one thread. */
final class Summary {
    static final long SLICE_NANOS = 100_000_000;
    private static final int DIGITS = 3;

    private final long lengthNanos;
    private final Histogram all = new Histogram(DIGITS);
    private final List<Histogram> slices = new ArrayList<>();
    private final long[] failuresOfSlices;
    private long failures;
    private long unanswered;

    private Summary(long lengthNanos) {
        this.lengthNanos = lengthNanos;
        int count = (int) ((lengthNanos + SLICE_NANOS - 1) / SLICE_NANOS);
        for (int i = 0; i < count; i++) {
            slices.add(new Histogram(DIGITS));
        }
        failuresOfSlices = new long[count];
    }

    static Outcome of(Scenario scenario, String subject, List<CallerLog> logs, int fetches) {
        Summary summary = new Summary(scenario.length().toNanos());
        logs.forEach(summary::add);
        return summary.outcome(scenario.name(), subject, firstFailure(logs), fetches);
    }

    /**
     * A lookup that comes while the one before is still under way waits for it, and that is the subject's doing. That a
     * thread is woken late is not: time that passes outside lookups is left out.
     */
    private void add(CallerLog log) {
        long heldUp = 0;
        for (int i = 0; i < log.answered(); i++) {
            if (i > 0) {
                long interval = log.due(i) - log.due(i - 1);
                heldUp = Math.max(0, heldUp + log.service(i - 1) - interval);
            }
            record(log.due(i), heldUp + log.service(i));
            if (log.isFailure(i)) {
                failures++;
                failuresOfSlices[slice(log.due(i))]++;
            }
        }
        for (int i = log.answered(); i < log.planned(); i++) {
            unanswered++;
            record(log.due(i), lengthNanos - log.due(i));
        }
    }

    private void record(long due, long latency) {
        all.recordValue(latency);
        slices.get(slice(due)).recordValue(latency);
    }

    private static int slice(long due) {
        return (int) (due / SLICE_NANOS);
    }

    private Outcome outcome(String scenario, String subject, @Nullable String firstFailure, int fetches) {
        List<Long> failed = new ArrayList<>();
        for (long count : failuresOfSlices) {
            failed.add(count);
        }
        Series series = new Series(
                SLICE_NANOS / 1_000_000,
                slices.stream().map(Histogram::getTotalCount).toList(),
                failed,
                slices.stream().map(slice -> slice.getValueAtPercentile(99)).toList(),
                slices.stream().map(Histogram::getMaxValue).toList());
        return new Outcome(
                scenario,
                subject,
                all.getTotalCount(),
                failures,
                unanswered,
                firstFailure,
                all.getValueAtPercentile(50),
                all.getValueAtPercentile(99),
                all.getValueAtPercentile(99.9),
                all.getMaxValue(),
                fetches,
                series);
    }

    private static @Nullable String firstFailure(List<CallerLog> logs) {
        return logs.stream()
                .filter(CallerLog::hasExplained)
                .min(Comparator.comparingLong(CallerLog::firstFailureNanos))
                .flatMap(log -> Stream.ofNullable(log.firstFailure()).findFirst())
                .orElse(null);
    }
}
