package dev.jwkscache.bench.soak;

import dev.jwkscache.testkit.SigningKey;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The keys that a document of the provider publishes, in its order, as the provider itself knows them.
 *
 * @param keys what a verifier must be able to find
 * @param strangers usable keys beside them that nobody asks for
 */
record KeySet(List<SigningKey> keys, int strangers) {
    private static final int MOST_WITHOUT_KID = 10;

    /** What fits a token's header (DESIGN 2.3). */
    List<SigningKey> find(@Nullable String kid, String alg) {
        boolean any = kid == null || kid.isEmpty();
        return keys.stream()
                .filter(key -> key.joseAlgorithm().equals(alg) && (any || Objects.equals(kid, key.kid())))
                .limit(any ? MOST_WITHOUT_KID : Long.MAX_VALUE)
                .toList();
    }

    Set<String> kids() {
        Set<String> kids = new LinkedHashSet<>();
        for (SigningKey key : keys) {
            String kid = key.kid();
            if (kid != null) {
                kids.add(kid);
            }
        }
        return kids;
    }

    boolean has(String thumbprint) {
        return keys.stream().anyMatch(key -> key.thumbprint().equals(thumbprint));
    }

    /** The kids, fit for a report. */
    @Override
    public String toString() {
        return keys.stream().map(key -> key.joseAlgorithm() + ":" + key.kid()).toList()
                + (strangers == 0 ? "" : " and " + strangers + " more");
    }
}
