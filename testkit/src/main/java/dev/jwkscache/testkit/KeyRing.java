package dev.jwkscache.testkit;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The keys of a provider, and the document that it publishes of them or instead of them. */
final class KeyRing {
    private final Clock clock;
    private final List<SigningKey> keys = new ArrayList<>();
    private @Nullable String published;
    private Instant changedAt;

    /** What is published, and since when. */
    record Document(String text, Instant since) {}

    KeyRing(Clock clock) {
        this.clock = clock;
        this.changedAt = clock.instant();
    }

    synchronized SigningKey add(SigningKey key) {
        keys.add(key);
        changed();
        return key;
    }

    synchronized void withdraw(@Nullable String kid) {
        if (!keys.removeIf(key -> Objects.equals(kid, key.kid()))) {
            throw new IllegalArgumentException("no key with kid " + kid + " to withdraw: there are " + keys);
        }
        changed();
    }

    synchronized void withdraw(SigningKey withdrawn) {
        if (!keys.remove(withdrawn)) {
            throw new IllegalArgumentException("no " + withdrawn + " to withdraw: there are " + keys);
        }
        changed();
    }

    synchronized void publish(@Nullable String rawJson) {
        published = rawJson;
        changed();
    }

    synchronized List<SigningKey> keys() {
        return List.copyOf(keys);
    }

    /** The newest key of an algorithm is the current one, whether the ones before it are still there or not. */
    synchronized SigningKey current(String alg) {
        for (int i = keys.size() - 1; i >= 0; i--) {
            SigningKey key = keys.get(i);
            if (key.algorithm().equals(alg) || key.joseAlgorithm().equals(alg)) {
                return key;
            }
        }
        throw new IllegalStateException("no key for " + alg + ": call addKey first; there are " + keys);
    }

    synchronized Document document() {
        return new Document(published != null ? published : Json.write(setOf(members())), changedAt);
    }

    synchronized List<Map<String, Object>> members() {
        return keys.stream().map(SigningKey::publicMembers).collect(Collectors.toCollection(ArrayList::new));
    }

    static Map<String, Object> setOf(List<Map<String, Object>> members) {
        return Map.of("keys", members);
    }

    private void changed() {
        changedAt = clock.instant();
    }
}
