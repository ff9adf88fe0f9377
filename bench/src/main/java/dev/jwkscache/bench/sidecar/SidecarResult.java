package dev.jwkscache.bench.sidecar;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that a run has measured.
 *
 * @param subjects who was measured
 * @param served how quickly each serves, in the order of the subjects
 * @param starts how quickly each is there
 * @param troubles what there was to live through
 * @param outcomes one for each trouble and subject
 */
public record SidecarResult(
        List<About> subjects,
        List<Served> served,
        List<Start> starts,
        List<TroubleInfo> troubles,
        List<Outcome> outcomes) {

    /**
     * Who was measured.
     *
     * @param setUp in its own words, as for serving
     */
    public record About(String name, String version, String setUp) {}

    /**
     * How one serves a healthy provider's set.
     *
     * @param bytes of an answer's body
     * @param rounds in the order in which they were taken, those of all subjects in turn
     * @param residentBytes after all rounds, all its processes together
     * @param mostResidentBytes the most that each process ever had, added up
     */
    public record Served(String subject, int bytes, List<Round> rounds, long residentBytes, long mostResidentBytes) {}

    /** One round of requests over all connections. */
    public record Round(
            double requestsPerSecond, double p50Nanos, double p99Nanos, double processorNanos, long errors) {}

    /**
     * How long it took from the start of the process to the first answer with keys.
     *
     * @param nanos each with an empty folder
     */
    public record Start(String subject, List<Double> nanos) {}

    /**
     * What there was to live through.
     *
     * @param measure what the nanoseconds of an outcome are
     * @param troubleMillis for how long callers asked from when it began
     */
    public record TroubleInfo(String name, String about, Scenario.Measure measure, long troubleMillis) {}

    /**
     * How one fared.
     *
     * @param asked requests from when the trouble began
     * @param nonsense of those, answers with status 200 and no key in them
     * @param refused answers with another status
     * @param silent no answer at all
     * @param slowestNanos the slowest answer or failure
     * @param nanos what was measured; 0 if it never happened, null if it went on to the end
     */
    public record Outcome(
            String trouble,
            String subject,
            int asked,
            int nonsense,
            int refused,
            int silent,
            long slowestNanos,
            @Nullable Long nanos) {
        int failed() {
            return nonsense + refused + silent;
        }
    }
}
