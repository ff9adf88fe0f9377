package dev.jwkscache.bench.soak;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Lives one virtual life after the other, each from a seed that the run's seed and its number make. */
final class VirtualSoak {
    private static final int STEPS_IN_A_LIFE = 1_000;
    private static final long EVERY_NANOS = Duration.ofSeconds(10).toNanos();

    private final long seed;
    private final PrintWriter out;
    private final Tally tally;
    private final UnaryOperator<Subject> disguise;

    VirtualSoak(long seed, PrintWriter out, Tally tally, UnaryOperator<Subject> disguise) {
        this.seed = seed;
        this.out = out;
        this.tally = tally;
        this.disguise = disguise;
    }

    /** Runs until the time is up or something forbidden happens; whether it held. */
    boolean runFor(Duration length) {
        long start = System.nanoTime();
        long said = start;
        for (long life = 1; System.nanoTime() - start < length.toNanos(); life++) {
            if (!live(life)) {
                return false;
            }
            if (System.nanoTime() - said >= EVERY_NANOS) {
                said = System.nanoTime();
                out.printf(
                        "%5d s  %,d steps, %,d lookups, %,d fetches, %.1f days simulated, 0 forbidden%n",
                        (said - start) / 1_000_000_000,
                        tally.of("steps"),
                        tally.lookups(),
                        tally.of("fetches"),
                        tally.of("simulated seconds") / 86_400.0);
                out.flush();
            }
        }
        return true;
    }

    /** Runs that many lives; whether they held. */
    boolean runLives(int lives) {
        for (long life = 1; life <= lives; life++) {
            if (!live(life)) {
                return false;
            }
        }
        return true;
    }

    /** Lives one life; whether it held. */
    boolean live(long number) {
        tally.count("caches");
        Trail trail = new Trail();
        List<Verdicts.Forbidden> forbidden;
        Duration elapsed;
        @Nullable RuntimeException broken = null;
        try (VirtualLife life = new VirtualLife(seedOf(number), tally, trail, disguise)) {
            try {
                forbidden = life.run(STEPS_IN_A_LIFE);
            } catch (RuntimeException thrown) {
                broken = thrown;
                forbidden = List.of(new Verdicts.Forbidden("the last step", thrown.toString(), "no exception"));
            }
            elapsed = life.elapsed();
        }
        if (forbidden.isEmpty()) {
            return true;
        }
        tally.count("forbidden answers", forbidden.size());
        out.println();
        out.println("FORBIDDEN: seed " + seed + ", life " + number + ", step " + trail.number() + ", simulated time "
                + elapsed);
        forbidden.stream().limit(3).forEach(one -> out.println(one.describe()));
        out.println("the last steps (number, simulated time, what):");
        trail.last().forEach(out::println);
        out.println("replay: bench/soak --seed " + seed + " --life " + number);
        if (broken != null) {
            broken.printStackTrace(out);
        }
        out.flush();
        return false;
    }

    private long seedOf(long life) {
        return new SplittableRandom(seed ^ (life * 0x9E3779B97F4A7C15L)).nextLong();
    }
}
