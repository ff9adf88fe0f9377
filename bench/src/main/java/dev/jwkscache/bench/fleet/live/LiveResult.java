package dev.jwkscache.bench.fleet.live;

import java.util.List;

/**
 * What a fleet of real caches with a real Redis was like.
 *
 * @param threads of the process, with those of the callers and of the provider
 * @param deaths requests to the provider within one refresh interval of the one in whose middle the leader died
 * @param rotated from the first lookup of a new kid at one instance until each instance had it
 * @param withdrawn from a refresh at one instance until no instance had a withdrawn key any more
 * @param purged from a purge at one instance until each instance had thrown its keys away
 * @param refilled from that purge until each instance had keys again
 */
public record LiveResult(
        int instances,
        int threads,
        double intervalSeconds,
        Phase start,
        Phase steady,
        List<Integer> deaths,
        Spread rotated,
        Spread withdrawn,
        Spread purged,
        Spread refilled,
        List<Phase> troubles) {

    /**
     * Some seconds of the run.
     *
     * @param requests to the provider
     * @param mostPerInterval the most of them in any window of one refresh interval
     * @param lookups of known kids, at all instances
     * @param failures of these
     * @param p999Nanos what all but one of a thousand lookups took at most
     * @param againAfterSeconds from the end of the trouble until the last window with more than one request; 0 for at once
     */
    public record Phase(
            String label,
            double seconds,
            long requests,
            long mostPerInterval,
            long lookups,
            long failures,
            double p999Nanos,
            double againAfterSeconds) {}

    /** Times over all instances and repetitions, in milliseconds. */
    public record Spread(int repetitions, double p50Millis, double p99Millis, double maxMillis) {}
}
