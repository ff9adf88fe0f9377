package dev.jwkscache.bench.forged;

import dev.jwkscache.bench.forged.FloodResult.Percentiles;
import dev.jwkscache.bench.forged.FloodResult.Round;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** Asks for a known kid without pause, while another core is idle and while it asks for a million forged ones a second. */
final class FloodRun {
    private static final long NANOS_BETWEEN_REFUSALS = 1_000;
    private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final SpentBudget spent;
    private final long roundNanos;
    private volatile boolean over;

    FloodRun(SpentBudget spent, double roundSeconds) {
        this.spent = spent;
        this.roundNanos = (long) (roundSeconds * 1e9);
    }

    FloodResult run(int rounds) throws InterruptedException {
        ask();
        List<Round> measured = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            measured.add(round());
        }
        List<Round> sorted = new ArrayList<>(measured);
        sorted.sort(Comparator.comparingDouble(Round::p999Ratio));
        return new FloodResult(sorted.get(sorted.size() / 2), measured);
    }

    private Round round() throws InterruptedException {
        Percentiles quiet = ask();
        Flood flood = new Flood();
        over = false;
        flood.start();
        Percentiles flooded = ask();
        over = true;
        flood.join();
        return new Round(quiet, flooded, flood.perSecond, flood.stackFrames);
    }

    private Percentiles ask() {
        Histogram histogram = new Histogram(MOST_NANOS, 3);
        long end = System.nanoTime() + roundNanos;
        long before;
        while ((before = System.nanoTime()) < end) {
            if (spent.cache.key(spent.knownKid, SpentBudget.ALG) == null) {
                throw new IllegalStateException("a known kid got no key");
            }
            histogram.recordValue(Math.min(System.nanoTime() - before, MOST_NANOS));
        }
        return new Percentiles(
                histogram.getTotalCount(),
                histogram.getValueAtPercentile(50),
                histogram.getValueAtPercentile(99),
                histogram.getValueAtPercentile(99.9));
    }

    private final class Flood extends Thread {
        private double perSecond;
        private int stackFrames;

        Flood() {
            super("flood");
            setDaemon(true);
        }

        @Override
        public void run() {
            SpentBudget.Forger forger = new SpentBudget.Forger();
            forger.forge();
            long began = System.nanoTime();
            long refusals = 0;
            while (!over) {
                stackFrames = Math.max(stackFrames, spent.refusal(forger.kid()).getStackTrace().length);
                refusals++;
                while (System.nanoTime() - began < refusals * NANOS_BETWEEN_REFUSALS) {
                    Thread.onSpinWait();
                }
            }
            perSecond = refusals * 1e9 / (System.nanoTime() - began);
        }
    }
}
