package dev.jwkscache.bench.forged;

import dev.jwkscache.bench.forged.FloodResult.Percentiles;
import dev.jwkscache.bench.forged.FloodResult.Round;
import dev.jwkscache.bench.jmh.Rounds;
import dev.jwkscache.bench.jmh.Score;
import dev.jwkscache.bench.jmh.Scores;
import dev.jwkscache.bench.report.Figures;
import dev.jwkscache.bench.report.Part;
import dev.jwkscache.bench.report.Section;
import dev.jwkscache.bench.report.Table;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.runner.RunnerException;

/** Forged kids during the cooldown. */
public final class ForgedPart implements Part<ForgedResult> {
    private static final double MOST_NANOS = 1_000;
    private static final double MOST_RATIO = 2;
    private static final double LEAST_PER_SECOND = 990_000;

    @Override
    public String name() {
        return "forged";
    }

    @Override
    public Class<ForgedResult> resultType() {
        return ForgedResult.class;
    }

    @Override
    public ForgedResult measure(boolean brief) throws RunnerException, InterruptedException {
        Rounds rounds = new Rounds(ForgedBenchmark.class, List.of("refusal", "known"), 3, 3, 500);
        Scores refusals = (brief ? rounds.brief() : rounds).run(Map.of(), 1);
        try (SpentBudget spent = new SpentBudget()) {
            spent.spend();
            return new ForgedResult(refusals, new FloodRun(spent, brief ? 0.2 : 2).run(brief ? 1 : 5));
        }
    }

    @Override
    public Section section(ForgedResult result) {
        Score refusal = result.refusals().get("refusal", 1, Map.of());
        Score known = result.refusals().get("known", 1, Map.of());
        Round median = result.flood().median();
        Table table = new Table("known kids, one caller without pause", "lookups", "p50", "p99", "p99.9")
                .row(row("no flood", median.quiet()))
                .row(row(
                        "flood of " + Figures.number(median.refusalsPerSecond()) + " forged kids a second",
                        median.flooded()));
        Table goals = new Table("goal", "measured", "")
                .row(
                        "a refusal in under 1 µs",
                        Figures.duration(refusal.median()) + " (a known kid: " + Figures.duration(known.median()) + ")",
                        Figures.met(refusal.median() < MOST_NANOS))
                .row(
                        "no stack trace filled in",
                        stackFrames(result.flood()) + " frames, " + Figures.number(refusal.allocatedBytes())
                                + " bytes for each refusal",
                        Figures.met(stackFrames(result.flood()) == 0))
                .row(
                        "1,000,000 a second from one core move the p99.9 of known kids by at most 2 ×",
                        Figures.ratio(median.p999Ratio()) + " (" + rounds(result.flood()) + ")",
                        Figures.met(
                                median.p999Ratio() <= MOST_RATIO && median.refusalsPerSecond() >= LEAST_PER_SECOND));
        return new Section(table + "\n" + goals, Map.of());
    }

    private static String[] row(String name, Percentiles percentiles) {
        return new String[] {
            name,
            Figures.number((double) percentiles.lookups()),
            Figures.duration((double) percentiles.p50()),
            Figures.duration((double) percentiles.p99()),
            Figures.duration((double) percentiles.p999())
        };
    }

    private static int stackFrames(FloodResult flood) {
        return flood.rounds().stream().mapToInt(Round::stackFrames).max().orElse(0);
    }

    private static String rounds(FloodResult flood) {
        return "rounds: "
                + String.join(
                        ", ",
                        flood.rounds().stream()
                                .map(round -> Figures.number(round.p999Ratio()))
                                .toList());
    }
}
