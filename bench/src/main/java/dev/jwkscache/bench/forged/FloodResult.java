package dev.jwkscache.bench.forged;

import java.util.List;

/** What a flood does to those who ask for known kids: the median round, by the ratio of its p99.9, and all of them. */
public record FloodResult(Round median, List<Round> rounds) {

    /**
     * The same seconds without and with a flood, one after the other.
     *
     * @param refusalsPerSecond what the flood reached
     * @param stackFrames the most that a refusal had filled in
     */
    public record Round(Percentiles quiet, Percentiles flooded, double refusalsPerSecond, int stackFrames) {

        public double p999Ratio() {
            return flooded.p999() / (double) quiet.p999();
        }
    }

    /** Of single lookups, in nanoseconds, the reading of the clock included. */
    public record Percentiles(long lookups, long p50, long p99, long p999) {}
}
