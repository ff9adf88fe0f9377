package dev.jwkscache.bench.soak;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;

/** Lives one live life after the other; the seed makes the same script of trouble, the threads do what they like. */
final class LiveSoak {
    private static final Duration LIFE = Duration.ofSeconds(10);

    private final long seed;
    private final PrintWriter out;
    private final Tally tally;
    private final UnaryOperator<Subject> disguise;

    LiveSoak(long seed, PrintWriter out, Tally tally, UnaryOperator<Subject> disguise) {
        this.seed = seed;
        this.out = out;
        this.tally = tally;
        this.disguise = disguise;
    }

    /** Runs until the time is up or something forbidden happens; whether it held. */
    boolean runFor(Duration length) {
        long start = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (long life = 1; System.nanoTime() - start < length.toNanos(); life++) {
            Duration left = length.minusNanos(System.nanoTime() - start);
            if (!live(life, random.split(), left.compareTo(LIFE) < 0 ? left : LIFE)) {
                return false;
            }
            out.printf(
                    "%5d s  %,d steps, %,d lookups, %,d fetches, 0 forbidden%n",
                    (System.nanoTime() - start) / 1_000_000_000,
                    tally.of("steps"),
                    tally.lookups(),
                    tally.of("fetches"));
            out.flush();
        }
        return true;
    }

    private boolean live(long number, SplittableRandom random, Duration length) {
        tally.count("caches");
        Trail trail = new Trail();
        List<Verdicts.Forbidden> forbidden;
        try {
            forbidden = new LiveLife(random, number % 2 == 0, tally, trail, disguise).run(length);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        if (forbidden.isEmpty()) {
            return true;
        }
        tally.count("forbidden answers", forbidden.size());
        out.println();
        out.println("FORBIDDEN: seed " + seed + ", life " + number + ", step " + trail.number());
        forbidden.stream().limit(3).forEach(one -> out.println(one.describe()));
        out.println("the last steps (number, time, what):");
        trail.last().forEach(out::println);
        out.println("replay (the same trouble, not the same threads): bench/soak --live --seed " + seed);
        out.flush();
        return false;
    }
}
