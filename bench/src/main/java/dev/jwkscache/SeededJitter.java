package dev.jwkscache;

import java.util.function.DoubleSupplier;

/** Lets a soak choose the jitter of a cache, so that a seed replays the run: the one thing it needs that is not public. */
public final class SeededJitter {
    private SeededJitter() {}

    /** Makes every jitter of the cache come from there: numbers from 0 to 1. */
    public static JwksCache.Builder of(JwksCache.Builder builder, DoubleSupplier random) {
        return builder.random(random);
    }
}
