package dev.jwkscache.sidecar.serving;

import dev.jwkscache.CacheStatus;
import java.time.Duration;

/**
 * What a client may still do with keys (RFC 9111 §4.2, RFC 5861 §4), in whole seconds that are never too many. Pure.
 *
 * <p>{@code max-age} counts from now, for the many clients that do not look at {@code Age}; one that subtracts it asks again
 * earlier, never later. It is 1 where nothing is left of the time to live: there are clients, jose4j for one, that take 0 for
 * no word at all, and then keep keys for an hour.
 *
 * @param age since the request of the last validated fetch was sent
 * @param maxAge what is left of the time to live, at least 1, and never more than what is left of max staleness
 * @param staleIfError what is left of max staleness after that
 */
record Freshness(long age, long maxAge, long staleIfError) {
    private static final long LEAST = 1;

    /**
     * Reckons.
     *
     * @param reach for how long this may be told
     */
    static Freshness of(CacheStatus status, Duration reach) {
        Duration age = status.age().orElse(Duration.ZERO);
        Duration then = age.plus(reach);
        long trusted = wholeSeconds(status.maxStaleness().minus(then));
        long fresh = Math.max(wholeSeconds(status.timeToLive().minus(then)), LEAST);
        long maxAge = Math.min(fresh, trusted);
        return new Freshness(age.toSeconds(), maxAge, trusted - maxAge);
    }

    private static long wholeSeconds(Duration left) {
        return left.isNegative() ? 0 : left.toSeconds();
    }

    String cacheControl() {
        return "max-age=" + maxAge + ", stale-if-error=" + staleIfError;
    }
}
