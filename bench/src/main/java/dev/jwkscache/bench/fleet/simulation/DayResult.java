package dev.jwkscache.bench.fleet.simulation;

import java.util.List;
import java.util.Map;

/**
 * What a simulated day was like.
 *
 * @param worstSecond the most requests to the provider within one second
 * @param perHour requests to the provider
 * @param forbidden wrong answers in the whole day: a known kid refused though the provider was well, or a forged one served
 * @param storeCalls by operation
 * @param events tasks that ran in simulated time
 * @param realSeconds how long it took
 */
public record DayResult(
        Sharing sharing,
        int instances,
        double hours,
        long requests,
        int worstSecond,
        List<Long> perHour,
        Calm calm,
        List<PhaseResult> phases,
        List<RotationResult> rotations,
        long lookups,
        long forgedLookups,
        long forbidden,
        Map<String, Long> storeCalls,
        long events,
        double realSeconds) {

    /**
     * When nothing had happened lately.
     *
     * @param mostPerInterval the most requests in any window of one refresh interval less a second
     */
    public record Calm(long seconds, long requests, long mostPerInterval) {}

    /**
     * One happening, and what followed from it.
     *
     * @param refusedWhileAway valid lookups that were refused while the provider was away
     * @param refusedAfterwards valid lookups that were refused when it was back
     * @param storeCalls all of them together
     * @param storeQueueMillis the longest that a call had to wait for those before it
     */
    public record PhaseResult(
            String label,
            double atHour,
            long requests,
            int worstSecond,
            long lookups,
            long refusedWhileAway,
            long refusedAfterwards,
            long forbidden,
            long storeCalls,
            double storeQueueMillis) {}

    /**
     * One rotation: how long after its publication instances had the new key, in milliseconds.
     *
     * @param instances how many got it
     * @param firstMillis the first of them
     * @param refused tokens with the new kid that were refused
     */
    public record RotationResult(
            double atHour,
            int instances,
            double firstMillis,
            double p50Millis,
            double p99Millis,
            double maxMillis,
            long refused) {}
}
