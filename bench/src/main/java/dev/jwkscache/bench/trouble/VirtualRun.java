package dev.jwkscache.bench.trouble;

import dev.jwkscache.JwksCache;
import dev.jwkscache.SeededJitter;
import dev.jwkscache.VerificationKey;
import dev.jwkscache.spi.OriginResponse;
import dev.jwkscache.testkit.ScriptedProvider;
import dev.jwkscache.testkit.VirtualTime;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.function.UnaryOperator;

/**
 * jwks-cache alone in one scenario, in virtual time: the same every time, and over in milliseconds. Its callers do not
 * wait for an answer before they ask again.
 */
final class VirtualRun {
    /**
     * What can be counted without a clock.
     *
     * @param lookups of published kids
     * @param failures of those
     * @param unanswered of those, at the end
     * @param waited of those, not answered at once
     * @param forgedKeys forged kids for which there was a key
     * @param fetches requests that the provider saw
     */
    record Count(int lookups, int failures, int unanswered, int waited, int forgedKeys, int fetches) {}

    private static final Duration INSTANT = Duration.ofNanos(1);

    private final Scenario scenario;
    private final VirtualTime time;
    private final JwksCache cache;
    private int lookups;
    private int answered;
    private int failures;
    private int waited;
    private int forgedKeys;

    private VirtualRun(Scenario scenario, VirtualTime time, JwksCache cache) {
        this.scenario = scenario;
        this.time = time;
        this.cache = cache;
    }

    /**
     * Runs a scenario.
     *
     * @param jitter from 0 to 1, the same for each interval and each back-off
     * @param adjustment changes settings, for those who want to see a run fail
     */
    static Count of(Scenario scenario, Tuning tuning, double jitter, UnaryOperator<JwksCache.Builder> adjustment) {
        VirtualTime time = new VirtualTime();
        try (ScriptedProvider provider = ScriptedProvider.inMemory(time, Scenario.ALG)) {
            scenario.prepare(provider);
            JwksCache.Builder settings = adjustment.apply(JwksCacheSubject.builder(provider.jwksUri(), tuning));
            try (JwksCache cache = SeededJitter.of(settings, () -> jitter)
                    .time(time.wallClock(), time.nanoTime(), time.scheduler())
                    .origin(request -> provider.exchange(Map.of())
                            .thenApply(r -> new OriginResponse(r.status(), r.headers(), r.body())))
                    .build()) {
                return new VirtualRun(scenario, time, cache).count(provider);
            }
        }
    }

    private Count count(ScriptedProvider provider) {
        if (!scenario.cold()) {
            CompletableFuture<Void> started = cache.startAsync();
            while (!started.isDone() && time.advanceToNextTask()) {
                // The healthy provider takes its time.
            }
        }
        provider.clearRequests();
        schedule(provider);
        time.advance(scenario.length().minus(INSTANT));
        return new Count(lookups, failures, lookups - answered, waited, forgedKeys, provider.requestCount());
    }

    /** First the provider, so that what is published and asked for at the same time is published first. */
    private void schedule(ScriptedProvider provider) {
        for (Step step : scenario.steps()) {
            at(step.at().toNanos(), () -> step.applyTo(provider));
        }
        for (int caller = 0; caller < scenario.callers(); caller++) {
            long offset = scenario.offset(caller);
            every(
                    scenario.interval(),
                    offset,
                    scenario.lookups(caller),
                    number -> lookUp(
                            scenario.kidAt(offset + number * scenario.interval().toNanos())));
        }
        Flood flood = scenario.flood();
        if (flood != null) {
            int each = Math.toIntExact(flood.until().minus(flood.from()).dividedBy(flood.every()));
            for (int caller = 0; caller < flood.callers(); caller++) {
                int forger = caller;
                every(flood.every(), flood.from().toNanos(), each, number -> forge(Flood.kid(forger, number)));
            }
        }
    }

    private void lookUp(String kid) {
        lookups++;
        CompletableFuture<VerificationKey> key = cache.keyAsync(kid, Scenario.ALG);
        if (!key.isDone()) {
            waited++;
        }
        key.whenComplete((found, failure) -> {
            answered++;
            if (failure != null) {
                failures++;
            }
        });
    }

    private void forge(String kid) {
        cache.keyAsync(kid, Scenario.ALG).thenAccept(key -> forgedKeys++);
    }

    private void every(Duration interval, long firstNanos, int times, IntConsumer task) {
        at(firstNanos, new Runnable() {
            private int done;

            @Override
            public void run() {
                if (done + 1 < times) {
                    at(interval.toNanos(), this);
                }
                task.accept(done++);
            }
        });
    }

    private void at(long nanosFromNow, Runnable task) {
        Future<?> unused = time.scheduler().schedule(task, nanosFromNow, TimeUnit.NANOSECONDS);
    }
}
