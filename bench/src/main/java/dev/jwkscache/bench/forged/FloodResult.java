package dev.jwkscache.bench.forged;

import java.util.List;

/** What a flood does to those who ask for known kids: the median round of several, and all of them. */
record FloodResult(Round quietAndFlooded, List<Round> rounds) {

    /**
     * The same seconds without and with a flood, one after the other.
     *
     * @param refusalsPerSecond what the flood reached
     */
    record Round(Percentiles quiet, Percentiles flooded, double refusalsPerSecond) {

        double p999Ratio() {
            return flooded.p999() / (double) quiet.p999();
        }
    }

    /** Of single lookups, in nanoseconds, the reading of the clock included. */
    record Percentiles(long lookups, long p50, long p99, long p999) {}
}
