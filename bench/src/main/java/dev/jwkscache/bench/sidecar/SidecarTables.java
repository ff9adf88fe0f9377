package dev.jwkscache.bench.sidecar;

import dev.jwkscache.bench.report.Figures;
import dev.jwkscache.bench.report.Table;
import dev.jwkscache.bench.sidecar.SidecarResult.About;
import dev.jwkscache.bench.sidecar.SidecarResult.Outcome;
import dev.jwkscache.bench.sidecar.SidecarResult.Round;
import dev.jwkscache.bench.sidecar.SidecarResult.Served;
import dev.jwkscache.bench.sidecar.SidecarResult.Start;
import dev.jwkscache.bench.sidecar.SidecarResult.TroubleInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Words what was measured. */
record SidecarTables(SidecarResult result) {
    private static final double MEBIBYTE = 1 << 20;
    private static final double MOST_MEBIBYTES = 96;
    private static final double MOST_START_NANOS = 1e9;

    String markdown() {
        return served() + "\n" + troubles() + "\n" + goals() + "\n"
                + "<details><summary>How each was set up</summary>\n\n" + setUps() + "\n</details>";
    }

    private String served() {
        Table table = new Table(
                "one core, 64 connections",
                "requests a second",
                "p50",
                "p99",
                "CPU for each",
                "memory",
                "memory at most",
                "first keys after");
        for (Served one : result.served()) {
            table.row(
                    one.subject(),
                    Figures.number(median(one, Round::requestsPerSecond)),
                    Figures.duration(median(one, Round::p50Nanos)),
                    Figures.duration(median(one, Round::p99Nanos)),
                    Figures.duration(median(one, Round::processorNanos)),
                    mebibytes((double) one.residentBytes()),
                    mebibytes((double) one.mostResidentBytes()),
                    Figures.duration(start(one.subject())));
        }
        return table.toString();
    }

    private static double median(Served one, ToDoubleFunction<Round> figure) {
        return Figures.median(one.rounds().stream().mapToDouble(figure).toArray());
    }

    private static String mebibytes(double bytes) {
        return Figures.number(bytes / MEBIBYTE) + " MiB";
    }

    private double start(String subject) {
        return result.starts().stream()
                .filter(start -> start.subject().equals(subject))
                .map(Start::nanos)
                .mapToDouble(Figures::median)
                .findFirst()
                .orElseThrow();
    }

    private String troubles() {
        List<String> subjects =
                result.outcomes().stream().map(Outcome::subject).distinct().toList();
        List<String> heads = new ArrayList<>(List.of("trouble", "what is measured"));
        heads.addAll(subjects);
        Table table = new Table(heads.toArray(new String[0]));
        for (TroubleInfo trouble : result.troubles()) {
            List<String> cells = new ArrayList<>(List.of(trouble.name() + ": " + trouble.about(), measured(trouble)));
            for (String subject : subjects) {
                cells.add(cell(trouble, outcome(trouble.name(), subject)));
            }
            table.row(cells.toArray(new String[0]));
        }
        return table.toString();
    }

    private Outcome outcome(String trouble, String subject) {
        return result.outcomes().stream()
                .filter(outcome ->
                        outcome.trouble().equals(trouble) && outcome.subject().equals(subject))
                .findFirst()
                .orElseThrow();
    }

    private static String measured(TroubleInfo trouble) {
        return switch (trouble.measure()) {
            case FAILURES -> "requests without keys; the slowest";
            case PAST_BOUND -> "keys still served, after the bound";
            case ARRIVAL -> "the new key is served after, slowest of 3";
            case DEPARTURE -> "the old key is served for, longest of 3";
            case RETURN -> "keys are served again after, slowest of 3";
        };
    }

    private static String cell(TroubleInfo trouble, Outcome outcome) {
        Long nanos = outcome.nanos();
        String end = Figures.duration(trouble.troubleMillis() * 1e6);
        return switch (trouble.measure()) {
            case FAILURES -> failures(outcome) + "; " + Figures.duration((double) outcome.slowestNanos());
            case PAST_BOUND, DEPARTURE ->
                nanos == null
                        ? "**to the end of the run, " + end + " after the trouble began**"
                        : nanos == 0 ? "not at all" : Figures.duration((double) nanos);
            case ARRIVAL, RETURN -> nanos == null ? "**not within " + end + "**" : Figures.duration((double) nanos);
        };
    }

    private static String failures(Outcome outcome) {
        if (outcome.failed() == 0) {
            return "0 of " + outcome.asked();
        }
        List<String> kinds = new ArrayList<>();
        if (outcome.nonsense() > 0) {
            kinds.add(outcome.nonsense() + " × 200 without a key");
        }
        if (outcome.refused() > 0) {
            kinds.add(outcome.refused() + " × an error");
        }
        if (outcome.silent() > 0) {
            kinds.add(outcome.silent() + " × no answer");
        }
        return "**" + outcome.failed() + " of " + outcome.asked() + "**: " + String.join(", ", kinds);
    }

    private String goals() {
        Served ours = served(Sidecar.NAME);
        Table table = new Table("goal for jwks-cache", "measured", "");
        for (Served peer : result.served()) {
            if (peer.subject().startsWith(Nginx.PROGRAM)) {
                double requests = ratio(ours, peer, Round::requestsPerSecond);
                double p99 = ratio(ours, peer, Round::p99Nanos);
                table.row(
                        "at least as many requests a second on a core as " + peer.subject(),
                        Figures.ratio(requests),
                        Figures.met(requests >= 1));
                table.row("p99 not above that of " + peer.subject(), Figures.ratio(p99), Figures.met(p99 <= 1));
            }
        }
        double most = ours.mostResidentBytes() / MEBIBYTE;
        double start = start(Sidecar.NAME);
        table.row("at most 96 MiB, at any time", Figures.number(most) + " MiB", Figures.met(most <= MOST_MEBIBYTES))
                .row("first keys within 1 s", Figures.duration(start), Figures.met(start <= MOST_START_NANOS));
        int failed = result.outcomes().stream()
                .filter(outcome -> outcome.subject().equals(Sidecar.NAME))
                .filter(outcome -> trouble(outcome).measure() == Scenario.Measure.FAILURES)
                .mapToInt(Outcome::failed)
                .sum();
        boolean pastBound = result.outcomes().stream()
                .filter(outcome -> outcome.subject().equals(Sidecar.NAME))
                .filter(outcome -> trouble(outcome).measure() == Scenario.Measure.PAST_BOUND)
                .anyMatch(outcome -> outcome.nanos() == null || outcome.nanos() > 0);
        return table.row(
                        "keys in every answer while they may be trusted",
                        Figures.number(failed) + " without",
                        Figures.met(failed == 0))
                .row("none after that", pastBound ? "some" : "none", Figures.met(!pastBound))
                .toString();
    }

    private TroubleInfo trouble(Outcome outcome) {
        return result.troubles().stream()
                .filter(trouble -> trouble.name().equals(outcome.trouble()))
                .findFirst()
                .orElseThrow();
    }

    private Served served(String subject) {
        return result.served().stream()
                .filter(one -> one.subject().equals(subject))
                .findFirst()
                .orElseThrow();
    }

    /** Round by round: what disturbed one disturbed the other. */
    private static double ratio(Served ours, Served peer, ToDoubleFunction<Round> figure) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < ours.rounds().size(); i++) {
            ratios.add(figure.applyAsDouble(ours.rounds().get(i))
                    / figure.applyAsDouble(peer.rounds().get(i)));
        }
        return Figures.median(ratios);
    }

    private String setUps() {
        Table table = new Table("subject", "version", "body", "set up");
        for (About about : result.subjects()) {
            table.row(
                    about.name(),
                    about.version(),
                    served(about.name()).bytes() + " bytes",
                    about.setUp().replace("|", "\\|"));
        }
        return table.toString();
    }
}
