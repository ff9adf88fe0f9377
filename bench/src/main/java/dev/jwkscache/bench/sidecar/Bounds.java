package dev.jwkscache.bench.sidecar;

import java.time.Duration;

/**
 * What every subject is told, in its own words.
 *
 * @param fresh after which keys are fetched again, in whole seconds
 * @param trusted after which nobody should be served a key any more, as far as a subject knows such a thing; whole seconds
 * @param timeout of a fetch
 */
record Bounds(Duration fresh, Duration trusted, Duration timeout) {
    /** As in production. */
    static final Bounds USUAL = new Bounds(Duration.ofMinutes(10), Duration.ofHours(1), Duration.ofSeconds(5));

    /** Quick to refresh, so that troubles are short, and trusted for long. */
    static final Bounds QUICK = trusted(Duration.ofHours(1));

    static Bounds trusted(Duration trusted) {
        return new Bounds(Duration.ofSeconds(1), trusted, Duration.ofMillis(500));
    }

    static String seconds(Duration span) {
        return Double.toString(span.toMillis() / 1e3).replaceFirst("\\.0$", "");
    }
}
