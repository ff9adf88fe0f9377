package dev.jwkscache.bench.fleet.simulation;

import dev.jwkscache.bench.fleet.simulation.DayResult.PhaseResult;
import dev.jwkscache.bench.fleet.simulation.DayResult.RotationResult;
import dev.jwkscache.bench.report.BarChart;
import dev.jwkscache.bench.report.Figures;
import dev.jwkscache.bench.report.LineChart;
import dev.jwkscache.bench.report.Part;
import dev.jwkscache.bench.report.Section;
import dev.jwkscache.bench.report.Table;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A day of 100,000 instances in simulated time, with and without the shared store. */
public final class SimulationPart implements Part<SimulationResults> {
    private static final long SEED = 1;
    private static final int[] LIMITS = {1_000, 5_000, 12_000};
    private static final Duration LIMIT_HOURS = Duration.ofHours(4);
    private static final String LONG_OUTAGE = "provider refuses connections, 90 min";
    private static final int INSTANCES_WHEN_BRIEF = 200;
    private static final Duration HOURS_WHEN_BRIEF = Duration.ofHours(5);

    private final int instances;
    private final Duration hours;

    public SimulationPart(int instances, Duration hours) {
        this.instances = instances;
        this.hours = hours;
    }

    @Override
    public String name() {
        return "fleet-simulation";
    }

    @Override
    public Class<SimulationResults> resultType() {
        return SimulationResults.class;
    }

    @Override
    public String command() {
        return "./bench/fleet simulation";
    }

    @Override
    public SimulationResults measure(boolean brief) {
        int size = brief ? INSTANCES_WHEN_BRIEF : instances;
        Duration length = brief ? HOURS_WHEN_BRIEF : hours;
        List<DayResult> limits = new ArrayList<>();
        for (int limit : LIMITS) {
            if (limit <= size) {
                limits.add(run(limit, Sharing.ONE_REDIS, LIMIT_HOURS));
            }
        }
        return new SimulationResults(
                SEED, run(size, Sharing.NONE, length), run(size, Sharing.UNBOUNDED, length), limits);
    }

    private static DayResult run(int size, Sharing sharing, Duration length) {
        return new DaySimulation(
                        size, sharing, Day.standard(length), SEED, line -> System.err.println("fleet: " + line))
                .run();
    }

    @Override
    public Section section(SimulationResults results) {
        String markdown = totals(results) + "\n![requests to the provider in each hour](fleet/hours.svg)\n\n"
                + phases(results) + "\n![worst second](fleet/worst-second.svg)\n\n" + rotations(results) + "\n"
                + storeCalls(results.with()) + "\n" + limits(results.limits());
        return new Section(markdown, Map.of("hours.svg", hours(results), "worst-second.svg", worstSecond(results)));
    }

    private static String totals(SimulationResults results) {
        DayResult without = results.without();
        DayResult with = results.with();
        double intervals = with.calm().seconds() / (double) DaySimulation.REFRESH_INTERVAL.toSeconds();
        return new Table(
                        number(with.instances()) + " instances, " + Figures.number(with.hours()) + " h",
                        "without a store",
                        "with it",
                        "")
                .row(
                        "requests to the provider",
                        number(without.requests()),
                        number(with.requests()),
                        times(without.requests(), with.requests()))
                .row(
                        "of them while the store worked",
                        number(without.requests() - during(without, "store ")),
                        number(with.requests() - during(with, "store ")),
                        times(without.requests() - during(without, "store "), with.requests() - during(with, "store ")))
                .row(
                        "and the provider was not away for longer than max staleness",
                        number(without.requests() - during(without, "store ", LONG_OUTAGE)),
                        number(with.requests() - during(with, "store ", LONG_OUTAGE)),
                        times(
                                without.requests() - during(without, "store ", LONG_OUTAGE),
                                with.requests() - during(with, "store ", LONG_OUTAGE)))
                .row(
                        "the worst second",
                        number(without.worstSecond()),
                        number(with.worstSecond()),
                        times(without.worstSecond(), with.worstSecond()))
                .row(
                        "in calm hours, for each refresh interval",
                        Figures.number(without.calm().requests() / intervals),
                        Figures.number(with.calm().requests() / intervals),
                        times(without.calm().requests(), with.calm().requests()))
                .row(
                        "in calm hours, the most in any 299 s",
                        number(without.calm().mostPerInterval()),
                        number(with.calm().mostPerInterval()),
                        "")
                .row("lookups of valid kids", number(without.lookups()), number(with.lookups()), "")
                .row(
                        "of them refused though the provider was well, or a forged kid served",
                        number(without.forbidden()),
                        number(with.forbidden()),
                        Figures.met(without.forbidden() + with.forbidden() == 0))
                .toString();
    }

    private static long during(DayResult day, String... labels) {
        return day.phases().stream()
                .filter(phase ->
                        Arrays.stream(labels).anyMatch(label -> phase.label().startsWith(label)))
                .mapToLong(PhaseResult::requests)
                .sum();
    }

    private static String phases(SimulationResults results) {
        Table table = new Table(
                "what happens, and the 7.5 min after it",
                "requests without a store",
                "with it",
                "worst second without",
                "with it",
                "refused while the provider was away, without",
                "with it",
                "refused when it was back, without",
                "with it");
        List<PhaseResult> with = results.with().phases();
        for (int i = 0; i < with.size(); i++) {
            PhaseResult one = results.without().phases().get(i);
            PhaseResult other = with.get(i);
            table.row(
                    other.label(),
                    number(one.requests()),
                    number(other.requests()),
                    number(one.worstSecond()),
                    number(other.worstSecond()),
                    number(one.refusedWhileAway()),
                    number(other.refusedWhileAway()),
                    number(one.refusedAfterwards()),
                    number(other.refusedAfterwards()));
        }
        return table.toString();
    }

    private static String rotations(SimulationResults results) {
        Table table = new Table(
                "rotation, from publication",
                "store",
                "first instance has it",
                "p50",
                "p99",
                "the last",
                "from the first to p99",
                "new tokens refused");
        for (int i = 0; i < results.with().rotations().size(); i++) {
            row(table, results.without().rotations().get(i), "no");
            row(table, results.with().rotations().get(i), "yes");
        }
        return table.toString();
    }

    private static void row(Table table, RotationResult rotation, String store) {
        table.row(
                "at " + Figures.number(rotation.atHour()) + " h",
                store,
                millis(rotation.firstMillis()),
                millis(rotation.p50Millis()),
                millis(rotation.p99Millis()),
                millis(rotation.maxMillis()),
                millis(rotation.p99Millis() - rotation.firstMillis()),
                number(rotation.refused()));
    }

    private static String storeCalls(DayResult with) {
        Table table = new Table("calls of the store", "in all", "a second, on average");
        with.storeCalls()
                .forEach((operation, count) ->
                        table.row("`" + operation + "`", number(count), Figures.number(count / with.hours() / 3600)));
        return table.toString();
    }

    private static String limits(List<DayResult> limits) {
        Table table = new Table(
                "one Redis that does one thing after the other, 4 h",
                "requests to the provider",
                "the most in any 299 s of calm",
                "longest queue at Redis",
                "rotation: from the first to p99");
        for (DayResult limit : limits) {
            table.row(
                    number(limit.instances()) + " instances",
                    number(limit.requests()),
                    number(limit.calm().mostPerInterval()),
                    millis(limit.phases().stream()
                            .mapToDouble(PhaseResult::storeQueueMillis)
                            .max()
                            .orElse(0)),
                    limit.rotations().stream()
                            .map(rotation -> millis(rotation.p99Millis() - rotation.firstMillis()))
                            .findFirst()
                            .orElse("–"));
        }
        return table.toString();
    }

    private static String hours(SimulationResults results) {
        LineChart chart = new LineChart(
                "Requests to the provider in each hour, "
                        + number(results.with().instances()) + " instances",
                Figures::number,
                results.with().hours(),
                "h");
        for (DayResult day : List.of(results.without(), results.with())) {
            List<LineChart.Point> points = new ArrayList<>();
            for (int hour = 0; hour < day.perHour().size(); hour++) {
                points.add(new LineChart.Point(hour + 0.5, day.perHour().get(hour), false));
            }
            chart.line(day.sharing().label(), points);
        }
        return chart.svg();
    }

    private static String worstSecond(SimulationResults results) {
        BarChart chart = new BarChart("Requests in the worst second", Figures::number);
        for (int i = 0; i < results.with().phases().size(); i++) {
            PhaseResult other = results.with().phases().get(i);
            String label = other.label().replaceFirst(", one each.*at each instance", "");
            chart.bar(label, results.without().phases().get(i).worstSecond(), false);
            chart.bar("… with the store", other.worstSecond(), true);
        }
        return chart.svg();
    }

    private static String number(long value) {
        return Figures.number((double) value);
    }

    private static String millis(double millis) {
        return Figures.duration(millis * 1e6);
    }

    private static String times(long without, long with) {
        return with == 0 ? "–" : Figures.ratio((double) without / with);
    }
}
