package dev.jwkscache.bench.soak;

import java.util.Map;
import java.util.TreeMap;

/** Counts what a run has done, for the progress line and the closing table. Thread-safe. */
final class Tally {
    private final Map<String, Map<String, Long>> lookups = new TreeMap<>();
    private final Map<String, Long> faults = new TreeMap<>();
    private final Map<String, Long> events = new TreeMap<>();

    synchronized void lookup(String kind, String outcome) {
        lookups.computeIfAbsent(kind, k -> new TreeMap<>()).merge(outcome, 1L, Long::sum);
    }

    synchronized void fault(String kind) {
        faults.merge(kind, 1L, Long::sum);
    }

    synchronized void count(String what) {
        count(what, 1);
    }

    synchronized void count(String what, long times) {
        events.merge(what, times, Long::sum);
    }

    synchronized long of(String what) {
        return events.getOrDefault(what, 0L);
    }

    synchronized long lookups() {
        return lookups.values().stream()
                .flatMap(outcomes -> outcomes.values().stream())
                .mapToLong(Long::longValue)
                .sum();
    }

    synchronized long outcomes(String outcome) {
        return lookups.values().stream()
                .mapToLong(outcomes -> outcomes.getOrDefault(outcome, 0L))
                .sum();
    }

    synchronized String table() {
        StringBuilder text = new StringBuilder();
        events.forEach((what, times) -> line(text, what, Long.toString(times)));
        line(text, "lookups", Long.toString(lookups()));
        lookups.forEach((kind, outcomes) -> line(text, "  " + kind, list(outcomes)));
        line(text, "requests by answer", list(faults));
        return text.toString();
    }

    static void line(StringBuilder text, String what, String value) {
        text.append(String.format("%-22s %s%n", what, value));
    }

    private static String list(Map<String, Long> counts) {
        StringBuilder text = new StringBuilder();
        counts.forEach((what, times) ->
                text.append(text.isEmpty() ? "" : ", ").append(what).append(' ').append(times));
        return text.toString();
    }
}
