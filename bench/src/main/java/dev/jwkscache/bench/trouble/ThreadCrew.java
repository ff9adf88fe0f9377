package dev.jwkscache.bench.trouble;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/** Callers that are threads of this JVM. */
final class ThreadCrew implements Crew {
    private static final int WARM_UP_LOOKUPS = 3_000;
    private static final long LAST_ANSWERS_NANOS = 100_000_000;
    private static final long END_OF_STUCK_NANOS = 1_000_000_000;

    private final KeySource keys;
    private final Scenario scenario;
    private List<Caller> callers = List.of();
    private final List<Thread> threads = new ArrayList<>();
    private long startNanos;

    ThreadCrew(KeySource keys, Scenario scenario) {
        this.keys = keys;
        this.scenario = scenario;
    }

    @Override
    public void ready() throws Exception {
        if (scenario.cold()) {
            return;
        }
        keys.start();
        for (int i = 0; i < WARM_UP_LOOKUPS; i++) {
            Objects.requireNonNull(keys.key(Scenario.FIRST_KID), "no key while nothing is wrong");
        }
    }

    @Override
    public void go(long start) {
        startNanos = start;
        callers = IntStream.range(0, scenario.callers())
                .mapToObj(number -> new Caller(keys, scenario, number, start))
                .toList();
        threads.addAll(callers);
        Flood flood = scenario.flood();
        if (flood != null) {
            IntStream.range(0, flood.callers()).forEach(number -> threads.add(new Forger(keys, flood, number, start)));
        }
        threads.forEach(Thread::start);
    }

    @Override
    public List<CallerLog> finish() throws InterruptedException {
        long end = startNanos + scenario.length().toNanos();
        Caller.sleepUntil(end);
        join(end + LAST_ANSWERS_NANOS);
        return callers.stream().map(Caller::log).toList();
    }

    @Override
    public void close() throws IOException {
        threads.forEach(Thread::interrupt);
        try {
            join(System.nanoTime() + END_OF_STUCK_NANOS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            keys.close();
        }
    }

    private void join(long deadline) throws InterruptedException {
        for (Thread thread : threads) {
            long left = deadline - System.nanoTime();
            if (left > 0) {
                thread.join(left / 1_000_000, (int) (left % 1_000_000));
            }
        }
    }
}
