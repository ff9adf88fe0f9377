package dev.jwkscache.testkit;

import java.time.Duration;

/**
 * How an answer travels.
 *
 * @param bytes how many bytes each drip has; 0 unless dripped
 * @param every the time before each drip; zero unless dripped
 */
record Delivery(Kind kind, int bytes, Duration every) {
    static final Delivery COMPLETE = of(Kind.COMPLETE);

    enum Kind {
        COMPLETE,
        REFUSED,
        RESET,
        SILENT,
        SILENT_IN_BODY,
        CUT_OFF,
        DRIPPED
    }

    static Delivery of(Kind kind) {
        return new Delivery(kind, 0, Duration.ZERO);
    }

    /** Tells whether the client gets to see a status line and headers. */
    boolean showsHeaders() {
        return switch (kind) {
            case REFUSED, RESET, SILENT -> false;
            case COMPLETE, SILENT_IN_BODY, CUT_OFF, DRIPPED -> true;
        };
    }
}
