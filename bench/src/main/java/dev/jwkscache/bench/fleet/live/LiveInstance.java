package dev.jwkscache.bench.fleet.live;

import dev.jwkscache.JwksCache;
import dev.jwkscache.JwksCacheListener;
import dev.jwkscache.Transport;
import dev.jwkscache.redis.RedisSnapshotStore;
import dev.jwkscache.testkit.ScriptedProvider;
import io.lettuce.core.RedisURI;
import java.net.URI;
import java.time.Duration;
import java.util.Set;

/** What one process of a fleet has: a cache, and a store with connections and threads of its own. */
final class LiveInstance implements JwksCacheListener, AutoCloseable {
    static final String NAME = "X-Instance";
    static final Duration INTERVAL = Duration.ofSeconds(2);
    static final Duration FETCH_TIMEOUT = Duration.ofSeconds(1);
    static final Duration COOLDOWN = Duration.ofSeconds(1);
    /** Sets that are taken from Redis count as 4 s older than they are, so that less would make them stale at once. */
    static final Duration TIME_TO_LIVE = Duration.ofSeconds(10);

    private static final byte[] KEY = new byte[32];

    private final RedisSnapshotStore store;
    private final JwksCache cache;
    private volatile Set<String> kids = Set.of();
    private volatile long kidsSince;
    private volatile long purgedAt = Long.MIN_VALUE / 2;
    private volatile long refreshedAt;

    LiveInstance(int number, ScriptedProvider provider, RedisURI redis) {
        String name = Integer.toString(number);
        store = RedisSnapshotStore.builder(redis).hmacKey(KEY).build();
        cache = JwksCache.builder(provider.jwksUri())
                .timeToLive(TIME_TO_LIVE)
                .refreshInterval(INTERVAL)
                .fetchTimeout(FETCH_TIMEOUT)
                .missCooldown(COOLDOWN)
                .transport(Transport.standard().header(NAME, () -> name))
                .store(store)
                .listener(this)
                .build();
    }

    JwksCache cache() {
        return cache;
    }

    @Override
    public void refreshed(Refreshed event) {
        long now = System.nanoTime();
        if (!event.keys().kids().equals(kids)) {
            kidsSince = now;
            kids = event.keys().kids();
        }
        refreshedAt = now;
    }

    @Override
    public void purged(URI address) {
        purgedAt = System.nanoTime();
    }

    /** Since when just these kids are at hand, by {@link System#nanoTime()}; 0 when they are not. */
    long has(Set<String> wanted) {
        return kids.equals(wanted) ? kidsSince : 0;
    }

    long purgedAt() {
        return purgedAt;
    }

    long refreshedAt() {
        return refreshedAt;
    }

    /** Vanishes as a process that is killed does: nothing is said to the fleet. */
    @Override
    public void close() {
        cache.close();
        store.close();
    }
}
