package dev.jwkscache.bench.trouble;

import com.google.gson.Gson;
import dev.jwkscache.bench.report.Child;
import dev.jwkscache.bench.report.Figures;
import dev.jwkscache.bench.report.LineChart;
import dev.jwkscache.bench.report.Part;
import dev.jwkscache.bench.report.Section;
import dev.jwkscache.bench.report.Table;
import dev.jwkscache.bench.trouble.TroubleResult.Outcome;
import dev.jwkscache.bench.trouble.TroubleResult.ScenarioInfo;
import dev.jwkscache.bench.trouble.TroubleResult.Series;
import dev.jwkscache.bench.trouble.TroubleResult.SubjectInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/** 32 callers through ten kinds of trouble. */
public final class TroublePart implements Part<TroubleRuns> {
    private static final String OURS = "jwks-cache";
    private static final String STEADY = "steady";
    private static final int ROUNDS_OF_OURS = 3;
    private static final double MOST_TIMES_STEADY = 2;
    /** Troubles whose callers are drawn over time. */
    private static final List<String> DRAWN = List.of("hang", "error 500", "garbage");

    @Override
    public String name() {
        return "trouble";
    }

    @Override
    public Class<TroubleRuns> resultType() {
        return TroubleRuns.class;
    }

    @Override
    public TroubleRuns measure(boolean brief) throws IOException, InterruptedException {
        TroubleResult all = run(brief, List.of());
        List<TroubleResult> oursAgain = new ArrayList<>();
        for (int round = 1; round < (brief ? 1 : ROUNDS_OF_OURS); round++) {
            oursAgain.add(run(false, List.of("--subject", OURS)));
        }
        return new TroubleRuns(all, oursAgain);
    }

    private static TroubleResult run(boolean brief, List<String> more) throws IOException, InterruptedException {
        Path file = Files.createTempFile("trouble", ".json");
        try {
            List<String> arguments = new ArrayList<>(more);
            if (brief) {
                arguments.addAll(List.of("--seconds", "1"));
            }
            arguments.add(file.toString());
            Child.run(
                    TroubleMain.class,
                    List.of("-XX:+UseSerialGC", "-Xmx512m"),
                    List.of(),
                    arguments.toArray(new String[0]));
            return Objects.requireNonNull(new Gson().fromJson(Files.readString(file), TroubleResult.class));
        } finally {
            Files.delete(file);
        }
    }

    @Override
    public Section section(TroubleRuns runs) {
        TroubleResult all = runs.all();
        StringBuilder markdown = new StringBuilder();
        markdown.append(matrix(all, "failed lookups", outcome -> failures(outcome)))
                .append('\n');
        markdown.append(matrix(all, "p99.9", outcome -> Figures.duration((double) p999(runs, outcome))))
                .append('\n');
        markdown.append(matrix(all, "slowest caller", outcome -> Figures.duration((double) outcome.maxNanos())))
                .append('\n');
        markdown.append(matrix(all, "fetches", outcome -> Integer.toString(outcome.fetches())))
                .append('\n');
        Map<String, String> charts = new LinkedHashMap<>();
        for (String scenario : DRAWN) {
            String file = "trouble-" + scenario.replace(' ', '-') + ".svg";
            charts.put(file, chart(all, scenario));
            markdown.append("![")
                    .append(scenario)
                    .append("](benchmarks/")
                    .append(file)
                    .append(")\n\n");
        }
        markdown.append(goals(runs)).append('\n');
        all.notes().forEach(note -> markdown.append(note).append("\n\n"));
        markdown.append(details(runs));
        return new Section(markdown.toString(), charts);
    }

    private static String matrix(TroubleResult all, String metric, Function<Outcome, String> cell) {
        List<String> heads = new ArrayList<>(List.of(metric));
        all.subjects().forEach(subject -> heads.add(subject.name()));
        Table table = new Table(heads.toArray(new String[0]));
        for (ScenarioInfo scenario : all.scenarios()) {
            List<String> cells = new ArrayList<>(List.of(scenario.name()));
            for (SubjectInfo subject : all.subjects()) {
                cells.add(all.outcomes().stream()
                        .filter(outcome -> outcome.scenario().equals(scenario.name())
                                && outcome.subject().equals(subject.name()))
                        .findFirst()
                        .map(cell)
                        .orElse("–"));
            }
            table.row(cells.toArray(new String[0]));
        }
        return table.toString();
    }

    private static String failures(Outcome outcome) {
        String failures = Figures.number((double) outcome.failures());
        return outcome.unanswered() == 0
                ? failures
                : failures + ", and " + Figures.number((double) outcome.unanswered()) + " without an answer";
    }

    /** Of ours, the median of the rounds. */
    private static long p999(TroubleRuns runs, Outcome outcome) {
        return outcome.subject().equals(OURS) ? ours(runs, outcome.scenario()) : outcome.p999Nanos();
    }

    private static long ours(TroubleRuns runs, String scenario) {
        return (long) Figures.median(
                rounds(runs, scenario).stream().mapToDouble(Outcome::p999Nanos).toArray());
    }

    private static List<Outcome> rounds(TroubleRuns runs, String scenario) {
        List<TroubleResult> results = new ArrayList<>(List.of(runs.all()));
        results.addAll(runs.oursAgain());
        return results.stream()
                .flatMap(result -> result.outcomes().stream())
                .filter(outcome ->
                        outcome.subject().equals(OURS) && outcome.scenario().equals(scenario))
                .toList();
    }

    private static String goals(TroubleRuns runs) {
        Table goals =
                new Table("goal for jwks-cache, in " + (1 + runs.oursAgain().size()) + " rounds", "measured", "");
        long failures = 0;
        long steady = ours(runs, STEADY);
        List<String> ratios = new ArrayList<>();
        List<String> tooSlow = new ArrayList<>();
        List<String> tooMany = new ArrayList<>();
        for (ScenarioInfo scenario : runs.all().scenarios()) {
            for (Outcome outcome : rounds(runs, scenario.name())) {
                failures += outcome.failures() + outcome.unanswered();
                if (outcome.fetches() > scenario.mostFetches()) {
                    tooMany.add(scenario.name() + ": " + outcome.fetches() + " of " + scenario.mostFetches());
                }
            }
            double ratio = ours(runs, scenario.name()) / (double) steady;
            ratios.add(scenario.name() + " " + Figures.number(ratio));
            if (ratio > MOST_TIMES_STEADY) {
                tooSlow.add(scenario.name());
            }
        }
        return goals.row("0 failures", Figures.number((double) failures), Figures.met(failures == 0))
                .row(
                        "p99.9 at most 2 × that of the steady run, " + Figures.duration((double) steady),
                        String.join(", ", ratios),
                        tooSlow.isEmpty()
                                ? Figures.met(true)
                                : Figures.met(false) + " in: " + String.join(", ", tooSlow))
                .row(
                        "fetches at most those of the schedule, back-off and cooldown",
                        tooMany.isEmpty() ? "in every round" : String.join(", ", tooMany),
                        Figures.met(tooMany.isEmpty()))
                .toString();
    }

    private static String chart(TroubleResult all, String scenario) {
        ScenarioInfo info = all.scenarios().stream()
                .filter(each -> each.name().equals(scenario))
                .findFirst()
                .orElseThrow();
        LineChart chart = new LineChart(
                "Slowest lookup in each tenth of a second: " + scenario + " from "
                        + Figures.duration(info.troubleFromMillis() * 1e6) + " to "
                        + Figures.duration(info.troubleUntilMillis() * 1e6) + "; dots: callers failed",
                Figures::duration,
                info.lengthMillis() / 1e3);
        for (SubjectInfo subject : all.subjects()) {
            all.outcomes().stream()
                    .filter(outcome -> outcome.scenario().equals(scenario)
                            && outcome.subject().equals(subject.name()))
                    .findFirst()
                    .ifPresent(outcome -> chart.line(subject.name(), points(outcome.series())));
        }
        return chart.svg();
    }

    private static List<LineChart.Point> points(Series series) {
        List<LineChart.Point> points = new ArrayList<>();
        for (int i = 0; i < series.maxNanos().size(); i++) {
            points.add(new LineChart.Point(
                    (i + 0.5) * series.sliceMillis() / 1e3,
                    (double) series.maxNanos().get(i),
                    series.failures().get(i) > 0));
        }
        return points;
    }

    private static String details(TroubleRuns runs) {
        StringBuilder text =
                new StringBuilder("<details><summary>Every quantile, and how each was set up</summary>\n\n");
        for (ScenarioInfo scenario : runs.all().scenarios()) {
            Table table = new Table(
                    scenario.name() + ": " + scenario.about(),
                    "lookups",
                    "failed",
                    "no answer",
                    "p50",
                    "p99",
                    "p99.9",
                    "slowest",
                    "fetches");
            runs.all().outcomes().stream()
                    .filter(outcome -> outcome.scenario().equals(scenario.name()))
                    .forEach(outcome -> table.row(
                            outcome.subject(),
                            Figures.number((double) outcome.lookups()),
                            Figures.number((double) outcome.failures()),
                            Figures.number((double) outcome.unanswered()),
                            Figures.duration((double) outcome.p50Nanos()),
                            Figures.duration((double) outcome.p99Nanos()),
                            Figures.duration((double) outcome.p999Nanos()),
                            Figures.duration((double) outcome.maxNanos()),
                            Integer.toString(outcome.fetches())));
            text.append(table).append('\n');
        }
        Table subjects = new Table("subject", "version", "set up");
        for (SubjectInfo subject : runs.all().subjects()) {
            List<String> settings = new ArrayList<>();
            subject.settings().forEach((name, value) -> settings.add(name + ": " + value));
            subjects.row(subject.name(), subject.version(), String.join("; ", settings));
        }
        return text.append(subjects).append("\n</details>").toString();
    }
}
