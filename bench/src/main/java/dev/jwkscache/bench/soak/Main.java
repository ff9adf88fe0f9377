package dev.jwkscache.bench.soak;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;

/** The command {@code bench/soak}. */
public final class Main {
    private static final int HELD = 0;
    private static final int FORBIDDEN = 1;
    private static final int BAD_ARGUMENTS = 2;

    private Main() {}

    /**
     * Runs the soak and ends the process: 0 it held, 1 something forbidden happened, 2 bad arguments.
     *
     * @param arguments see {@code --help}
     */
    public static void main(String[] arguments) {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        System.exit(run(arguments, out, err));
    }

    static int run(String[] arguments, PrintWriter out, PrintWriter err) {
        if (List.of(arguments).contains("--help")) {
            out.println(Options.USAGE);
            return HELD;
        }
        Options options;
        try {
            options = Options.parse(arguments, new SplittableRandom().nextLong() >>> 32);
        } catch (IllegalArgumentException bad) {
            err.println("soak: " + bad.getMessage() + " (see bench/soak --help)");
            return BAD_ARGUMENTS;
        }
        return run(options, out) ? HELD : FORBIDDEN;
    }

    private static boolean run(Options options, PrintWriter out) {
        out.println("soak: seed " + options.seed() + (options.live() ? ", live" : ", virtual time") + ", "
                + options.length().toSeconds() + " s");
        Tally tally = new Tally();
        long start = System.nanoTime();
        boolean held = held(options, out, tally);
        StringBuilder table = new StringBuilder("\n");
        Tally.line(table, "seed", Long.toString(options.seed()));
        Tally.line(
                table, "real time", Duration.ofNanos(System.nanoTime() - start).toString());
        Tally.line(
                table,
                "simulated time",
                Duration.ofSeconds(tally.of("simulated seconds")).toString());
        table.append(tally.table());
        Tally.line(table, "forbidden answers", Long.toString(tally.of("forbidden answers")));
        out.print(table);
        out.println(held ? "held" : "NOT HELD");
        out.flush();
        return held;
    }

    private static boolean held(Options options, PrintWriter out, Tally tally) {
        if (options.live()) {
            return new LiveSoak(options.seed(), out, tally, UnaryOperator.identity()).runFor(options.length());
        }
        Long life = options.life();
        VirtualSoak soak = new VirtualSoak(options.seed(), out, tally, UnaryOperator.identity());
        return life == null ? soak.runFor(options.length()) : soak.live(life);
    }
}
