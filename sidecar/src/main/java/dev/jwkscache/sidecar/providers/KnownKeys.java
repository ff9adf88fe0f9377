package dev.jwkscache.sidecar.providers;

import dev.jwkscache.Jwk;
import dev.jwkscache.JwkSet;
import dev.jwkscache.JwksCacheListener;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * The keys that a provider has at hand, with when each was first seen and last asked for; for people who look, and not for
 * those who verify: they stay in here when they have expired. Never more than the keys of one set. Thread-safe.
 */
public final class KnownKeys implements JwksCacheListener {
    private final InstantSource clock;
    private final ConcurrentMap<String, Instant> lastUsed = new ConcurrentHashMap<>();
    private volatile List<KnownKey> keys = List.of();

    KnownKeys(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * A key.
     *
     * @param firstSeen when this process first had it
     */
    public record KnownKey(Jwk key, Instant firstSeen) {}

    /** All of them, in the order of the document; immutable. */
    public List<KnownKey> all() {
        return keys;
    }

    /** When somebody last asked for a key by this kid; empty if nobody did, or it is none of those at hand. */
    public Optional<Instant> lastUsed(@Nullable String kid) {
        return kid == null ? Optional.empty() : Optional.ofNullable(lastUsed.get(kid));
    }

    /** Somebody was given a key by its kid. */
    public void used(String kid) {
        lastUsed.put(kid, clock.instant());
    }

    @Override
    public void refreshed(Refreshed event) {
        JwkSet set = event.keys();
        Map<String, Instant> seen = new HashMap<>();
        keys.forEach(known -> seen.put(identity(known.key()), known.firstSeen()));
        Instant now = clock.instant();
        List<KnownKey> next = new ArrayList<>(set.size());
        for (Jwk key : set.keys()) {
            next.add(new KnownKey(key, seen.getOrDefault(identity(key), now)));
        }
        keys = List.copyOf(next);
        lastUsed.keySet().retainAll(set.kids());
    }

    @Override
    public void purged(URI address) {
        keys = List.of();
        lastUsed.clear();
    }

    /** A thumbprint has always the same length, so that no two keys become one. */
    private static String identity(Jwk key) {
        return key.thumbprint() + key.kid().orElse("");
    }
}
