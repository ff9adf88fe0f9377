package dev.jwkscache.sidecar;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Durations and times as people and the environment variables write them. */
public final class Spans {
    static final String RULE = "must be a number of seconds above 0 and at most 31536000, such as 600 or 0.5";

    private static final BigDecimal NANOS = BigDecimal.valueOf(1_000_000_000L);
    private static final BigDecimal MOST_SECONDS = BigDecimal.valueOf(365L * 24 * 3600);
    private static final int LONGEST_NUMBER = 32;

    private Spans() {}

    /** Reads options in seconds. */
    static final class Converter implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String value) {
            try {
                return parse(value);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException("'" + value + "' " + RULE);
            }
        }
    }

    /**
     * Reads seconds, decimals allowed, by the rule of the environment variables.
     *
     * @throws IllegalArgumentException if the text is no such number
     */
    static Duration parse(String text) {
        String value = text.strip();
        if (value.length() <= LONGEST_NUMBER) {
            BigDecimal seconds = new BigDecimal(value);
            if (seconds.signum() > 0 && seconds.compareTo(MOST_SECONDS) <= 0) {
                Duration duration = Duration.ofNanos(seconds.multiply(NANOS).longValue());
                if (!duration.isZero()) {
                    return duration;
                }
            }
        }
        throw new IllegalArgumentException(RULE);
    }

    /** For people: {@code 0.4 s}, {@code 12 min 5 s}, {@code 3 h 20 min}. */
    public static String text(Duration span) {
        double seconds = seconds(span);
        if (seconds < 120) {
            return number(seconds, "%.1f").replaceAll("\\.0$", "") + " s";
        }
        long whole = span.toSeconds();
        return whole < 7200
                ? whole / 60 + " min" + (whole % 60 == 0 ? "" : " " + whole % 60 + " s")
                : whole / 3600 + " h" + (whole / 60 % 60 == 0 ? "" : " " + whole / 60 % 60 + " min");
    }

    /** For a wait that is usually far below a second. */
    public static String millis(long nanos) {
        double millis = nanos / 1e6;
        return number(millis, millis < 10 ? "%.2f" : millis < 100 ? "%.1f" : "%,.0f") + " ms";
    }

    public static double seconds(Duration span) {
        return span.toNanos() / 1e9;
    }

    /** A time in UTC to the second. */
    static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static String number(double value, String format) {
        return String.format(Locale.ROOT, format, value);
    }
}
