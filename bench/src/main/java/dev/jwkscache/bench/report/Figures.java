package dev.jwkscache.bench.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Words figures: no more digits than a shared machine can vouch for. */
public final class Figures {
    private static final List<String> UNITS = List.of("ns", "µs", "ms", "s");

    private Figures() {}

    /** With three significant digits at most. */
    public static String number(double value) {
        if (!Double.isFinite(value)) {
            return "–";
        }
        BigDecimal rounded = new BigDecimal(value).round(new MathContext(3, RoundingMode.HALF_UP));
        return rounded.abs().compareTo(BigDecimal.valueOf(1000)) >= 0
                ? String.format(Locale.ROOT, "%,.0f", rounded)
                : rounded.stripTrailingZeros().toPlainString();
    }

    /** In the unit in which it reads best. */
    public static String duration(double nanos) {
        double value = nanos;
        int unit = 0;
        while (unit < UNITS.size() - 1 && Math.abs(value) >= 999.5) {
            value /= 1000;
            unit++;
        }
        return number(value) + " " + UNITS.get(unit);
    }

    /** How many times as much, with a sign that cannot be taken for a unit. */
    public static String ratio(double value) {
        return number(value) + " ×";
    }

    /** Whether a goal is met, in words that do not depend on colours. */
    public static String met(boolean met) {
        return met ? "met" : "**not met**";
    }

    public static double median(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    public static double median(List<Double> values) {
        return median(values.stream().mapToDouble(Double::doubleValue).toArray());
    }
}
