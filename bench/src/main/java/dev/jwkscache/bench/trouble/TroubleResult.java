package dev.jwkscache.bench.trouble;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that a run has measured. Written and read as JSON: strings, numbers, lists, maps, and records of them.
 *
 * @param startedAt when, in UTC (ISO 8601)
 * @param machine what it ran on: java, jvm, os, processors, max memory
 * @param subjects who was measured, in the order of the run
 * @param scenarios what they went through, in the order of the run
 * @param outcomes one for each scenario and subject: all subjects of the first scenario, then of the next
 * @param notes what a reader must know: who was left out and why, what could not be measured
 */
public record TroubleResult(
        String startedAt,
        Map<String, String> machine,
        List<SubjectInfo> subjects,
        List<ScenarioInfo> scenarios,
        List<Outcome> outcomes,
        List<String> notes) {
    /** Copies the lists and the map, whose order is kept. */
    public TroubleResult {
        machine = Collections.unmodifiableMap(new LinkedHashMap<>(machine));
        subjects = List.copyOf(subjects);
        scenarios = List.copyOf(scenarios);
        outcomes = List.copyOf(outcomes);
        notes = List.copyOf(notes);
    }

    /**
     * A library as it was set up.
     *
     * @param name as in {@link Outcome#subject()}
     * @param version of the library, or of what it runs on
     * @param settings by its own names, in a sensible order
     */
    public record SubjectInfo(String name, String version, Map<String, String> settings) {}

    /**
     * What happened and who called.
     *
     * @param name as in {@link Outcome#scenario()}
     * @param about what happens, in a sentence without a capital
     * @param lengthMillis how long it was measured
     * @param troubleFromMillis when trouble begins, from the start; 0 where there is none or it is there from the start
     * @param troubleUntilMillis when the provider is well again; 0 where there is none
     * @param callers how many callers of published kids
     * @param intervalMillis between two lookups of one caller
     * @param forgers how many more callers, of forged kids
     * @param mostFetches how many fetches jwks-cache may start: the schedule, back-off and cooldown, with the jitter that
     *     makes most of them
     */
    public record ScenarioInfo(
            String name,
            String about,
            long lengthMillis,
            long troubleFromMillis,
            long troubleUntilMillis,
            int callers,
            long intervalMillis,
            int forgers,
            int mostFetches) {}

    /**
     * How a subject came through a scenario. Only lookups of published kids count.
     *
     * <p>The latency of a lookup is counted from when it should have begun, where an earlier one of the same caller held
     * it up, else from when it began. Lookups without an answer at the end count with their age.
     *
     * @param scenario its name
     * @param subject its name
     * @param lookups that were due
     * @param failures lookups that ended with an exception or without the key
     * @param unanswered lookups that were under way or not even begun when the scenario ended; no failures yet
     * @param firstFailure what the earliest failure said, or null; may name an address on loopback
     * @param p50Nanos half of the lookups took at most as long
     * @param p99Nanos 99 % of the lookups took at most as long
     * @param p999Nanos 99.9 % of the lookups took at most as long
     * @param maxNanos the slowest lookup
     * @param fetches requests that the provider saw up to the end of the scenario, warming up excluded. HTTP clients may
     *     send one fetch twice: those of the JDK do when a connection breaks before the first byte of an answer
     * @param series the same over time
     */
    public record Outcome(
            String scenario,
            String subject,
            long lookups,
            long failures,
            long unanswered,
            @Nullable String firstFailure,
            long p50Nanos,
            long p99Nanos,
            long p999Nanos,
            long maxNanos,
            int fetches,
            Series series) {}

    /**
     * Columns of the same length, an entry for each slice of time; a lookup belongs to the slice in which it was due.
     *
     * @param sliceMillis the length of a slice; the first begins with the scenario
     * @param lookups that were due
     * @param failures of those
     * @param p99Nanos 0 where no lookup was due
     * @param maxNanos 0 where no lookup was due
     */
    public record Series(
            long sliceMillis, List<Long> lookups, List<Long> failures, List<Long> p99Nanos, List<Long> maxNanos) {}
}
