package dev.jwkscache;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one provider that verify signatures, indexed by kid and algorithm. Immutable; knows neither time nor
 * network.
 */
public final class JwkSet {
    /** How many keys a lookup without kid offers at most. */
    static final int MAX_CANDIDATES = 10;

    private final List<Jwk> keys;
    private final List<SkippedKey> skipped;
    private final int privateKeyCount;
    private final Set<String> kids;
    private final Set<String> duplicateKids;
    private final Map<JwsAlgorithm, Candidates> candidates;

    JwkSet(List<Jwk> keys, List<SkippedKey> skipped, int privateKeyCount) {
        this.keys = List.copyOf(keys);
        this.skipped = List.copyOf(skipped);
        this.privateKeyCount = privateKeyCount;
        Set<String> seen = new LinkedHashSet<>();
        Set<String> repeated = new HashSet<>();
        for (Jwk key : keys) {
            key.kid().filter(kid -> !seen.add(kid)).ifPresent(repeated::add);
        }
        this.kids = Collections.unmodifiableSet(seen);
        this.duplicateKids = Set.copyOf(repeated);
        this.candidates = index(keys);
    }

    /** The usable keys in the order of the document; immutable. */
    public List<Jwk> keys() {
        return keys;
    }

    /** How many usable keys there are; at least 1 in any set that a cache serves. */
    public int size() {
        return keys.size();
    }

    /** The kids of the usable keys in the order of the document; immutable. */
    public Set<String> kids() {
        return kids;
    }

    /** The entries that are not used, with the reason of each; immutable. */
    public List<SkippedKey> skipped() {
        return skipped;
    }

    /** How many entries were published with private members. Those members were dropped; the issuer leaks. */
    public int privateKeyCount() {
        return privateKeyCount;
    }

    /** The kids that more than one usable key bears; immutable, usually empty. */
    public Set<String> duplicateKids() {
        return duplicateKids;
    }

    /**
     * Finds the keys that fit a token's header: kid and algorithm together (key type, curve, {@code use},
     * {@code key_ops} and the key's own {@code alg}).
     *
     * @param kid the kid; null or empty for «any», which offers at most 10 keys
     * @param alg the JWS algorithm, such as {@code RS256}
     * @return the keys in the order of the document; empty when none fits; immutable, not a copy
     */
    public List<VerificationKey> find(@Nullable String kid, String alg) {
        Candidates fitting = fitting(alg);
        if (fitting == null) {
            return List.of();
        }
        return kid == null || kid.isEmpty() ? fitting.any : fitting.byKid.getOrDefault(kid, List.of());
    }

    /** Whether a lookup without kid offers fewer keys than fit. */
    boolean cutsCandidates(String alg) {
        Candidates fitting = fitting(alg);
        return fitting != null && fitting.cut;
    }

    private @Nullable Candidates fitting(String alg) {
        JwsAlgorithm algorithm = JwsAlgorithm.named(alg);
        return algorithm == null ? null : candidates.get(algorithm);
    }

    /** Whether a key of that material is offered for that kid and algorithm. */
    boolean offers(VerificationKey key) {
        return find(key.kid(), key.algorithm()).stream()
                .anyMatch(current -> current.thumbprint().equals(key.thumbprint()));
    }

    /** Sizes and kids; safe to log. */
    @Override
    public String toString() {
        return "JwkSet[" + keys.size() + " usable, " + skipped.size() + " skipped]";
    }

    private static Map<JwsAlgorithm, Candidates> index(List<Jwk> keys) {
        Map<JwsAlgorithm, List<VerificationKey>> fitting = new EnumMap<>(JwsAlgorithm.class);
        for (Jwk key : keys) {
            for (String name : key.algorithms()) {
                JwsAlgorithm algorithm = JwsAlgorithm.named(name);
                if (algorithm != null) {
                    fitting.computeIfAbsent(algorithm, a -> new ArrayList<>()).add(new VerificationKey(key, algorithm));
                }
            }
        }
        Map<JwsAlgorithm, Candidates> index = new EnumMap<>(JwsAlgorithm.class);
        fitting.forEach((algorithm, all) -> index.put(algorithm, Candidates.of(all)));
        return index;
    }

    private record Candidates(Map<String, List<VerificationKey>> byKid, List<VerificationKey> any, boolean cut) {

        static Candidates of(List<VerificationKey> all) {
            Map<String, List<VerificationKey>> byKid = new HashMap<>();
            for (VerificationKey key : all) {
                String kid = key.kid();
                if (kid != null) {
                    byKid.computeIfAbsent(kid, k -> new ArrayList<>(1)).add(key);
                }
            }
            byKid.replaceAll((kid, list) -> List.copyOf(list));
            return new Candidates(
                    byKid,
                    List.copyOf(all.subList(0, Math.min(all.size(), MAX_CANDIDATES))),
                    all.size() > MAX_CANDIDATES);
        }
    }
}
