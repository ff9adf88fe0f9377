package dev.jwkscache.bench.fleet.live;

import dev.jwkscache.bench.fleet.live.LiveResult.Phase;
import dev.jwkscache.bench.fleet.live.LiveResult.Spread;
import dev.jwkscache.bench.report.Figures;
import dev.jwkscache.bench.report.Part;
import dev.jwkscache.bench.report.Section;
import dev.jwkscache.bench.report.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** 200 instances with a real Redis. */
public final class LivePart implements Part<LiveResult> {
    private static final int INSTANCES = 200;
    private static final int INSTANCES_WHEN_BRIEF = 20;
    private static final double MOST_MILLIS = 250;

    @Override
    public String name() {
        return "fleet-live";
    }

    @Override
    public Class<LiveResult> resultType() {
        return LiveResult.class;
    }

    @Override
    public String command() {
        return "./bench/fleet live";
    }

    @Override
    public LiveResult measure(boolean brief) throws Exception {
        return new LiveRun(brief ? INSTANCES_WHEN_BRIEF : INSTANCES, brief).run();
    }

    @Override
    public Section section(LiveResult result) {
        return new Section(phases(result) + "\n" + spreads(result) + "\n" + goals(result), Map.of());
    }

    private static String phases(LiveResult result) {
        Table table = new Table(
                result.instances() + " instances, interval " + Figures.number(result.intervalSeconds()) + " s",
                "time",
                "requests to the provider",
                "without a store",
                "most within one interval",
                "lookups of known kids",
                "failed",
                "p99.9",
                "p99.9 beside steady",
                "at most one in an interval again after");
        List<Phase> all = new ArrayList<>(List.of(result.steady()));
        all.addAll(result.troubles());
        for (Phase phase : all) {
            table.row(
                    phase.label(),
                    Figures.number(phase.seconds()) + " s",
                    Figures.number((double) phase.requests()),
                    Figures.number(result.instances() * phase.seconds() / result.intervalSeconds()),
                    Figures.number((double) phase.mostPerInterval()),
                    Figures.number((double) phase.lookups()),
                    Figures.number((double) phase.failures()),
                    Figures.duration(phase.p999Nanos()),
                    Figures.ratio(phase.p999Nanos() / result.steady().p999Nanos()),
                    Figures.number(phase.againAfterSeconds()) + " s");
        }
        return table.toString();
    }

    private static String spreads(LiveResult result) {
        Table table = new Table("until all instances are there", "times", "p50", "p99", "the last");
        row(table, "a new kid, from its first lookup at one instance", result.rotated());
        row(table, "a withdrawn key gone, from a refresh at one instance", result.withdrawn());
        row(table, "keys thrown away, from `purge()` at one instance", result.purged());
        row(table, "keys at hand again, from that `purge()`", result.refilled());
        return table.toString();
    }

    private static void row(Table table, String label, Spread spread) {
        table.row(
                label,
                Integer.toString(spread.repetitions()),
                millis(spread.p50Millis()),
                millis(spread.p99Millis()),
                millis(spread.maxMillis()));
    }

    private static String millis(double millis) {
        return Figures.duration(millis * 1e6);
    }

    private static String goals(LiveResult result) {
        int death = result.deaths().stream().mapToInt(Integer::intValue).max().orElse(0);
        long failures = result.steady().failures()
                + result.troubles().stream().mapToLong(Phase::failures).sum();
        Table table = new Table("goal", "measured", "");
        table.row(
                        "at most one request to the provider within a refresh interval",
                        result.steady().mostPerInterval() + "; "
                                + result.steady().requests() + " in "
                                + Figures.number(result.steady().seconds() / result.intervalSeconds()) + " intervals",
                        Figures.met(result.steady().mostPerInterval() <= 1))
                .row(
                        "at most two where the leader dies in the middle of its fetch",
                        result.deaths().stream().map(String::valueOf).collect(Collectors.joining(", ")),
                        Figures.met(death <= 2))
                .row(
                        "a new kid usable in all instances within 250 ms of its first lookup at one (p99)",
                        millis(result.rotated().p99Millis()),
                        Figures.met(result.rotated().p99Millis() <= MOST_MILLIS))
                .row(
                        "no known kid fails, Redis flushed, frozen, killed and back",
                        Figures.number((double) failures) + " of "
                                + Figures.number(result.steady().lookups()
                                        + (double) result.troubles().stream()
                                                .mapToLong(Phase::lookups)
                                                .sum()),
                        Figures.met(failures == 0))
                .row(
                        "all begin at one moment: one request",
                        Figures.number((double) result.start().requests()) + ", all of them in one process of "
                                + Figures.number((double) result.threads()) + " threads",
                        Figures.met(result.start().requests() <= 1));
        return table.toString();
    }
}
