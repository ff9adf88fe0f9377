package dev.jwkscache.bench.trouble;

import dev.jwkscache.bench.trouble.TroubleResult.Outcome;
import dev.jwkscache.testkit.ScriptedProvider;
import java.util.List;

/** One subject in one scenario: a provider on loopback, real requests, real threads, real time. */
final class LiveRun {
    private static final long RUN_UP_NANOS = 50_000_000;

    private LiveRun() {}

    static Outcome of(Subject subject, Scenario scenario) throws Exception {
        try (ScriptedProvider provider = ScriptedProvider.start(Scenario.ALG)) {
            scenario.prepare(provider);
            try (Crew crew = subject.crew(provider.jwksUri(), scenario)) {
                crew.ready();
                provider.clearRequests();
                long start = System.nanoTime() + RUN_UP_NANOS;
                crew.go(start);
                for (Step step : scenario.steps()) {
                    Caller.sleepUntil(start + step.at().toNanos());
                    step.applyTo(provider);
                }
                Caller.sleepUntil(start + scenario.length().toNanos());
                int fetches = provider.requestCount();
                List<CallerLog> logs = crew.finish();
                return Summary.of(scenario, subject.about().name(), logs, fetches);
            }
        }
    }
}
