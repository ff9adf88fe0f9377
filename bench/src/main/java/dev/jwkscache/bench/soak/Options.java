package dev.jwkscache.bench.soak;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What to run.
 *
 * @param length of the whole run, in real time
 * @param seed what every random choice comes from
 * @param live against a real provider on loopback instead of in virtual time
 * @param life the one life to replay, or null for all
 */
record Options(
        Duration length, long seed, boolean live, @Nullable Long life) {
    static final String USAGE = """
            usage: bench/soak [--minutes N | --seconds N] [--seed S] [--live] [--life N]

            Random faults, rotations, withdrawals, floods and clock leaps against a model that knows which answers
            are allowed.

              --minutes N   how long to run; 10 by default; decimals allowed
              --seconds N   the same in seconds
              --seed S      the whole number that all choices come from; by default a new one, which is printed
              --live        real HTTP on loopback and real threads instead of virtual time
              --life N      only the Nth life of a virtual run, as a failure names it

            exit status: 0 nothing forbidden happened, 1 something did, 2 bad arguments""";

    private static final Duration LONGEST = Duration.ofDays(30);

    /** Reads arguments; throws with one line for people. */
    static Options parse(String[] arguments, long newSeed) {
        Duration length = null;
        Long seed = null;
        Long life = null;
        boolean live = false;
        for (int i = 0; i < arguments.length; i++) {
            String option = arguments[i];
            switch (option) {
                case "--live" -> live = true;
                case "--minutes", "--seconds" -> {
                    if (length != null) {
                        throw new IllegalArgumentException("the length is given twice");
                    }
                    length = length(option, value(arguments, ++i, option));
                }
                case "--seed" -> seed = whole(option, value(arguments, ++i, option));
                case "--life" -> life = whole(option, value(arguments, ++i, option));
                default -> throw new IllegalArgumentException("there is no option '" + option + "'");
            }
        }
        if (life != null && (live || seed == null || life < 1)) {
            throw new IllegalArgumentException("--life is a number from 1 on and needs --seed, without --live");
        }
        return new Options(length == null ? Duration.ofMinutes(10) : length, seed == null ? newSeed : seed, live, life);
    }

    private static String value(String[] arguments, int index, String option) {
        if (index >= arguments.length) {
            throw new IllegalArgumentException(option + " needs a value");
        }
        return arguments[index];
    }

    private static Duration length(String option, String text) {
        double number;
        try {
            number = Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(option + " is '" + text + "', which is no number", e);
        }
        double millis = number * (option.equals("--minutes") ? 60_000 : 1_000);
        if (!(millis >= 1 && millis <= LONGEST.toMillis())) {
            throw new IllegalArgumentException(
                    option + " is '" + text + "'; it must be more than 0 and at most 30 days");
        }
        return Duration.ofMillis((long) millis);
    }

    private static long whole(String option, String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(option + " is '" + text + "', which is no whole number", e);
        }
    }
}
