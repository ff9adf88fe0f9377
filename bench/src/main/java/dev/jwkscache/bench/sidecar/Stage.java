package dev.jwkscache.bench.sidecar;

import dev.jwkscache.bench.sidecar.Client.Answer;
import dev.jwkscache.testkit.ScriptedProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** One subject with a provider of its own, and what callers get while that is in trouble. */
record Stage(ScriptedProvider provider, Server server) {
    private static final Duration EVERY = Duration.ofMillis(20);

    /** What callers got, and when it began. */
    record Run(long startNanos, long troubleNanos, List<Answer> answers) {}

    static Run run(Subject subject, Scenario scenario) throws Exception {
        try (ScriptedProvider provider = ScriptedProvider.start("RS256")) {
            provider.addKey("RS256", Scenario.OLD_KID);
            try (Server server = Server.start(subject, provider.jwksUri(), scenario.bounds(), List.of())) {
                Client client = new Client(server.address());
                server.awaitKeys(client);
                return new Stage(provider, server).live(scenario, client);
            }
        }
    }

    private Run live(Scenario scenario, Client client) throws Exception {
        long start = System.nanoTime();
        CompletableFuture<Long> trouble = new CompletableFuture<>();
        Thread begin = new Thread(
                () -> {
                    try {
                        sleepUntil(start + scenario.from().toNanos());
                        long began = System.nanoTime();
                        scenario.trouble().begin(this);
                        // What comes from a process that is about to be killed is no return.
                        trouble.complete(scenario.measure() == Scenario.Measure.RETURN ? System.nanoTime() : began);
                    } catch (Exception e) {
                        trouble.completeExceptionally(e);
                    }
                },
                "trouble");
        begin.start();
        List<Answer> answers = new ArrayList<>();
        for (Duration due = Duration.ZERO; due.compareTo(scenario.until()) < 0; due = due.plus(EVERY)) {
            if (scenario.asksAt(due)) {
                // Who was held up asks on at the pace, and does not catch up.
                if (start + due.plus(EVERY).toNanos() - System.nanoTime() > 0) {
                    sleepUntil(start + due.toNanos());
                    answers.add(client.ask());
                }
            }
        }
        try {
            return new Run(start, trouble.get(), answers);
        } catch (ExecutionException e) {
            throw new IllegalStateException(scenario.name() + " could not be made", e.getCause());
        }
    }

    private static void sleepUntil(long nanos) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(nanos - System.nanoTime());
    }
}
