package dev.jwkscache;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Knows which keys have come after the first set and were not used yet, and since when they are at hand: how long a provider
 * publishes a key before it signs with it is how safely it rotates. Never more than the keys of one set.
 */
final class KeyUse {
    private final ConcurrentMap<String, Moment> unused = new ConcurrentHashMap<>();

    /** The first use of a key, so long after it came. */
    record FirstUse(Jwk key, Duration lead) {}

    /** Notes which keys are new, and marks those of the new set whose use is still awaited. */
    void arrived(@Nullable JwkSet before, JwkSet after, Moment now) {
        if (before == null) {
            // Nobody knows for how long these were published.
            unused.clear();
        } else if (before != after) {
            Set<String> old = identities(before);
            unused.keySet().retainAll(identities(after));
            for (Jwk key : after.keys()) {
                key.kid().ifPresent(kid -> {
                    String identity = identity(key, kid);
                    if (!old.contains(identity)) {
                        unused.putIfAbsent(identity, now);
                    }
                    if (unused.containsKey(identity)) {
                        after.awaitUse(kid);
                    }
                });
            }
        }
    }

    /** Which keys a lookup was the first to find; mostly one. */
    List<FirstUse> used(Fitting found, Moment now) {
        found.used();
        List<FirstUse> first = new ArrayList<>(1);
        for (VerificationKey key : found.keys()) {
            String kid = key.kid();
            Moment since = kid == null ? null : unused.remove(identity(key.jwk(), kid));
            if (since != null) {
                first.add(new FirstUse(key.jwk(), Duration.ofNanos(since.nanosUntil(now))));
            }
        }
        return first;
    }

    /** How many keys are awaited. */
    int size() {
        return unused.size();
    }

    private static Set<String> identities(JwkSet set) {
        Set<String> identities = new HashSet<>();
        for (Jwk key : set.keys()) {
            key.kid().ifPresent(kid -> identities.add(identity(key, kid)));
        }
        return identities;
    }

    /** A thumbprint has always the same length, so that no two keys become one. */
    private static String identity(Jwk key, String kid) {
        return key.thumbprint() + kid;
    }
}
