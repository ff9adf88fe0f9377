package dev.jwkscache.bench.sidecar;

import dev.jwkscache.bench.report.Part;
import dev.jwkscache.bench.report.Section;
import dev.jwkscache.bench.sidecar.SidecarResult.About;
import dev.jwkscache.bench.sidecar.SidecarResult.Outcome;
import dev.jwkscache.bench.sidecar.SidecarResult.TroubleInfo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The sidecar beside nginx and Varnish: how quick, how large, and what comes of a provider's troubles. */
public final class SidecarPart implements Part<SidecarResult> {
    /** Those whose failure modes are different enough to be told apart. */
    private static final List<Scenario.Measure> BRIEFLY =
            List.of(Scenario.Measure.ARRIVAL, Scenario.Measure.DEPARTURE, Scenario.Measure.RETURN);

    @Override
    public String name() {
        return "sidecar";
    }

    @Override
    public Class<SidecarResult> resultType() {
        return SidecarResult.class;
    }

    @Override
    public Optional<String> missing() {
        String missing = Stream.of(Nginx.PROGRAM, Varnish.PROGRAM, Wrk.PROGRAM, Load.PIN)
                .filter(program -> Programs.find(program).isEmpty())
                .collect(Collectors.joining(", "));
        if (!missing.isEmpty()) {
            return Optional.of(
                    "there is no " + missing + " on this machine (Debian: apt-get install nginx varnish wrk)");
        }
        return Runtime.getRuntime().availableProcessors() < 2
                ? Optional.of("it takes a core to serve and another to ask, and this machine has one")
                : Optional.empty();
    }

    @Override
    public SidecarResult measure(boolean brief) throws IOException, InterruptedException {
        Sidecar ours = Sidecar.ofThisCheckout();
        List<Subject> serving = List.of(ours, new Nginx(false), new Nginx(true), new Varnish());
        List<About> abouts = new ArrayList<>();
        for (Subject subject : serving) {
            abouts.add(new About(subject.name(), subject.version(), subject.setUp(Bounds.USUAL)));
        }
        Load load = new Load(serving, brief);
        var served = load.served();
        var starts = load.starts();
        List<TroubleInfo> troubles = new ArrayList<>();
        List<Outcome> outcomes = new ArrayList<>();
        for (Scenario scenario : Scenario.all()) {
            if (!brief || BRIEFLY.contains(scenario.measure())) {
                troubles.add(new TroubleInfo(
                        scenario.name(),
                        scenario.about(),
                        scenario.measure(),
                        scenario.until().minus(scenario.from()).toMillis()));
                outcomes.addAll(outcomes(List.of(ours, new Nginx(false), new Varnish()), scenario));
            }
        }
        return new SidecarResult(abouts, served, starts, troubles, outcomes);
    }

    /** All subjects at once: nobody asks often. */
    private static List<Outcome> outcomes(List<Subject> subjects, Scenario scenario)
            throws IOException, InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(subjects.size());
        try {
            List<Future<Outcome>> running = new ArrayList<>();
            for (Subject subject : subjects) {
                running.add(threads.submit(() -> outcome(subject, scenario)));
            }
            List<Outcome> outcomes = new ArrayList<>();
            for (Future<Outcome> one : running) {
                outcomes.add(one.get());
            }
            return outcomes;
        } catch (ExecutionException e) {
            throw new IOException(scenario.name() + " could not be measured", e.getCause());
        } finally {
            threads.shutdownNow();
        }
    }

    private static Outcome outcome(Subject subject, Scenario scenario) throws Exception {
        List<Outcome> runs = new ArrayList<>();
        for (Scenario moment : scenario.atSeveralMoments()) {
            runs.add(Verdict.of(subject, moment, Stage.run(subject, moment)));
        }
        return Verdict.worst(runs);
    }

    @Override
    public Section section(SidecarResult result) {
        return new Section(new SidecarTables(result).markdown(), Map.of());
    }
}
