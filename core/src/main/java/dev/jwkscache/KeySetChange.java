package dev.jwkscache;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How one set differs from the one before. Keys are told apart by kid, thumbprint and algorithms together, so that new
 * material under an old kid is one key removed and one added.
 *
 * @param added keys that are new, in the order of the document
 * @param removed keys that are gone (withdrawn), in the order of the document before
 */
public record KeySetChange(List<Jwk> added, List<Jwk> removed) {

    /** Copies both lists. */
    public KeySetChange {
        added = List.copyOf(added);
        removed = List.copyOf(removed);
    }

    /** Whether nothing was added or removed. */
    public boolean isEmpty() {
        return added.isEmpty() && removed.isEmpty();
    }

    static KeySetChange between(@Nullable JwkSet before, JwkSet after) {
        if (before == after) {
            return new KeySetChange(List.of(), List.of());
        }
        Map<String, Jwk> old = before == null ? Map.of() : byIdentity(before);
        Map<String, Jwk> current = byIdentity(after);
        return new KeySetChange(without(current, old.keySet()), without(old, current.keySet()));
    }

    private static List<Jwk> without(Map<String, Jwk> keys, Set<String> others) {
        Map<String, Jwk> rest = new LinkedHashMap<>(keys);
        rest.keySet().removeAll(others);
        return List.copyOf(rest.values());
    }

    private static Map<String, Jwk> byIdentity(JwkSet set) {
        Map<String, Jwk> keys = new LinkedHashMap<>();
        for (Jwk key : set.keys()) {
            keys.put(key.thumbprint() + key.algorithms() + key.kid().orElse(""), key);
        }
        return keys;
    }
}
