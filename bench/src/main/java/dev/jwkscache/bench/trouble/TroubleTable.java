package dev.jwkscache.bench.trouble;

import dev.jwkscache.bench.trouble.TroubleResult.Outcome;
import java.util.Locale;

/** Outcomes for people: a row each. */
final class TroubleTable {
    static final String HEADING = String.format(
            Locale.ROOT,
            "%-14s %-25s %8s %8s %8s %9s %9s %9s %9s %7s  %s",
            "scenario",
            "subject",
            "lookups",
            "failed",
            "no end",
            "p50 us",
            "p99 us",
            "p99.9 us",
            "max ms",
            "fetches",
            "first failure");
    private static final int MOST_OF_A_MESSAGE = 90;

    private TroubleTable() {}

    static String row(Outcome outcome) {
        String failure = outcome.firstFailure();
        String shown = failure == null ? "" : failure.lines().findFirst().orElse("");
        return String.format(
                Locale.ROOT,
                "%-14s %-25s %8d %8d %8d %9.1f %9.1f %9.1f %9.1f %7d  %s",
                outcome.scenario(),
                outcome.subject(),
                outcome.lookups(),
                outcome.failures(),
                outcome.unanswered(),
                outcome.p50Nanos() / 1e3,
                outcome.p99Nanos() / 1e3,
                outcome.p999Nanos() / 1e3,
                outcome.maxNanos() / 1e6,
                outcome.fetches(),
                shown.length() <= MOST_OF_A_MESSAGE ? shown : shown.substring(0, MOST_OF_A_MESSAGE) + "…");
    }
}
