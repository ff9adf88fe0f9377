package dev.jwkscache.bench.soak;

import dev.jwkscache.JwksCache;
import java.time.Duration;
import java.util.SplittableRandom;

/** The settings of one cache, and what the contract derives from them alone. */
record Rules(
        Duration timeToLive,
        Duration refreshInterval,
        Duration minRefreshInterval,
        Duration fetchTimeout,
        Duration maxStaleness,
        Duration missCooldown,
        Duration missWait,
        Duration staleWait) {

    /** How far a set of a certain age may be trusted (DESIGN 2.2). */
    enum Trust {
        FRESH,
        STALE,
        EXPIRED
    }

    static final Rules DEFAULTS = new Rules(
            Duration.ofSeconds(600),
            Duration.ofSeconds(300),
            Duration.ofSeconds(30),
            Duration.ofSeconds(5),
            Duration.ofSeconds(3600),
            Duration.ofSeconds(10),
            Duration.ofSeconds(2),
            Duration.ZERO);

    /** Draws settings within the legal bounds: the defaults, and anything from seconds to hours. */
    static Rules draw(SplittableRandom random) {
        if (random.nextInt(4) == 0) {
            return DEFAULTS;
        }
        long refresh = between(random, 2_000, random.nextInt(3) == 0 ? 1_800_000 : 300_000);
        long ttl = random.nextInt(4) == 0 ? refresh : refresh + between(random, 1, 2 * refresh);
        long staleness = random.nextInt(5) == 0 ? ttl : ttl + between(random, 1, 8 * ttl);
        long timeout = between(random, 200, Math.min(refresh, 20_000));
        return new Rules(
                Duration.ofMillis(ttl),
                Duration.ofMillis(refresh),
                Duration.ofMillis(between(random, Math.min(1_000, refresh), refresh)),
                Duration.ofMillis(timeout),
                Duration.ofMillis(staleness),
                Duration.ofMillis(between(random, 500, 30_000)),
                Duration.ofMillis(random.nextInt(6) == 0 ? 0 : between(random, 1, 5_000)),
                Duration.ofMillis(random.nextInt(3) == 0 ? between(random, 1, 3_000) : 0));
    }

    JwksCache.Builder applyTo(JwksCache.Builder builder) {
        return builder.timeToLive(timeToLive)
                .refreshInterval(refreshInterval)
                .minRefreshInterval(minRefreshInterval)
                .fetchTimeout(fetchTimeout)
                .maxStaleness(maxStaleness)
                .missCooldown(missCooldown)
                .missWait(missWait)
                .staleWait(staleWait);
    }

    Trust trust(long ageNanos) {
        if (ageNanos <= timeToLive.toNanos()) {
            return Trust.FRESH;
        }
        return ageNanos <= maxStaleness.toNanos() ? Trust.STALE : Trust.EXPIRED;
    }

    /** The longest that any lookup may wait. */
    Duration longestWait() {
        Duration longest = fetchTimeout.compareTo(missWait) > 0 ? fetchTimeout : missWait;
        return longest.compareTo(staleWait) > 0 ? longest : staleWait;
    }

    /** How long a provider's wish for quiet binds: ten minutes, or the time to live where that is longer. */
    Duration quiet(Duration asked) {
        Duration most = Duration.ofMinutes(10);
        most = most.compareTo(timeToLive) > 0 ? most : timeToLive;
        return asked.compareTo(most) < 0 ? asked : most;
    }

    /** Within this time of monotonic time a healthy provider has been asked with success. */
    Duration recovery() {
        return refreshInterval
                .multipliedBy(11)
                .dividedBy(10)
                .plus(fetchTimeout.multipliedBy(2))
                .plusSeconds(30);
    }

    private static long between(SplittableRandom random, long least, long most) {
        return least >= most ? most : random.nextLong(least, most + 1);
    }
}
