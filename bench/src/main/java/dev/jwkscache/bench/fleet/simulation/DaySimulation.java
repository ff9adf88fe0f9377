package dev.jwkscache.bench.fleet.simulation;

import dev.jwkscache.bench.fleet.simulation.DayResult.Calm;
import dev.jwkscache.bench.fleet.simulation.DayResult.PhaseResult;
import dev.jwkscache.bench.fleet.simulation.Happening.Rotation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Lives through a day with a fleet. The same seed makes the same day. */
final class DaySimulation {
    /** The library's default. */
    static final Duration REFRESH_INTERVAL = Duration.ofMinutes(5);

    private final SimulatedFleet fleet;
    private final int size;
    private final Sharing sharing;
    private final Day day;
    private final Consumer<String> progress;
    private final List<PhaseResult> phases = new ArrayList<>();
    private final long beganAt = System.nanoTime();

    DaySimulation(int size, Sharing sharing, Day day, long seed, Consumer<String> progress) {
        this.fleet = new SimulatedFleet(size, sharing, day, seed);
        this.size = size;
        this.sharing = sharing;
        this.day = day;
        this.progress = progress;
    }

    DayResult run() {
        for (Happening happening : day.lived()) {
            if (!(happening instanceof Rotation)) {
                live(happening);
            }
        }
        go(day.lasts());
        fleet.end();
        RequestTally tally = fleet.tally();
        Verdicts.Counts counts = fleet.verdicts().counts();
        return new DayResult(
                sharing,
                size,
                day.lasts().toSeconds() / 3600.0,
                tally.total(),
                tally.worstSecond(Duration.ZERO, day.lasts()),
                tally.perHour(),
                new Calm(
                        tally.calmSeconds(),
                        tally.calmRequests(),
                        tally.mostInCalm((int) REFRESH_INTERVAL.toSeconds() - 1)),
                phases,
                fleet.rotations(),
                counts.lookups(),
                counts.forgedLookups(),
                counts.forbidden(),
                storeCalls(),
                fleet.time().fired(),
                seconds());
    }

    private void live(Happening happening) {
        go(happening.from());
        Verdicts.Counts before = fleet.verdicts().counts();
        long callsBefore = sum(storeCalls());
        storeQueueMillis();
        Duration until = happening.until().plus(Day.SETTLED);
        go(until);
        Verdicts.Counts after = fleet.verdicts().counts();
        phases.add(new PhaseResult(
                happening.label(),
                happening.from().toSeconds() / 3600.0,
                fleet.tally().between(happening.from(), until),
                fleet.tally().worstSecond(happening.from(), until),
                after.lookups() - before.lookups(),
                after.refusedWhileAway() - before.refusedWhileAway(),
                after.refusedAfterwards() - before.refusedAfterwards(),
                after.forbidden() - before.forbidden(),
                sum(storeCalls()) - callsBefore,
                storeQueueMillis()));
    }

    private double storeQueueMillis() {
        RemoteStore store = fleet.store();
        return store == null ? 0 : store.server().longestQueue() / 1e6;
    }

    private void go(Duration end) {
        while (fleet.time().elapsed().compareTo(end) < 0) {
            Duration hour = Duration.ofHours(fleet.time().elapsed().toHours() + 1);
            fleet.time().advanceTo(hour.compareTo(end) < 0 ? hour : end);
            if (fleet.time().elapsed().equals(hour)) {
                progress.accept(String.format(
                        Locale.ROOT,
                        "%s, hour %d: %,d requests to the provider, %,d events, %.0f s",
                        sharing.label(),
                        hour.toHours(),
                        fleet.tally().total(),
                        fleet.time().fired(),
                        seconds()));
            }
        }
    }

    private Map<String, Long> storeCalls() {
        Map<String, Long> calls = new TreeMap<>();
        RemoteStore store = fleet.store();
        if (store != null) {
            store.calls()
                    .forEach((operation, count) -> calls.put(operation.name().toLowerCase(Locale.ROOT), count));
        }
        return calls;
    }

    private static long sum(Map<String, Long> calls) {
        return calls.values().stream().mapToLong(Long::longValue).sum();
    }

    private double seconds() {
        return (System.nanoTime() - beganAt) / 1e9;
    }
}
