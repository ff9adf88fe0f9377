package dev.jwkscache.sidecar.configuration;

import java.math.BigDecimal;

/**
 * The values that a number may have, both ends included.
 *
 * @param least smallest
 * @param most largest
 */
record Range(BigDecimal least, BigDecimal most) {
    private static final String YEAR = "31536000";

    /** Spans that are some time; finer than a millisecond makes no difference to anybody. */
    static final Range SOME_TIME = of("0.001", YEAR);

    /** Spans that may also be nothing. */
    static final Range ANY_TIME = of("0", YEAR);

    static Range of(String least, String most) {
        return new Range(new BigDecimal(least), new BigDecimal(most));
    }

    boolean contains(BigDecimal number) {
        return number.compareTo(least) >= 0 && number.compareTo(most) <= 0;
    }

    /** For people: {@code 1 to 65535}. */
    @Override
    public String toString() {
        return least.toPlainString() + " to " + most.toPlainString();
    }
}
