package dev.jwkscache;

import java.security.PublicKey;
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
    /** Stands for «any» in the index: no key has an empty kid. */
    private static final String ANY_KID = "";

    private final List<Jwk> keys;
    private final List<SkippedKey> skipped;
    private final int privateKeyCount;
    private final Set<String> kids;
    private final Set<String> duplicateKids;
    private final Map<String, Fitting> fitting;

    JwkSet(List<Jwk> keys, List<SkippedKey> skipped, int privateKeyCount) {
        this.keys = List.copyOf(keys);
        this.skipped = List.copyOf(skipped);
        this.privateKeyCount = privateKeyCount;
        Set<String> seen = new LinkedHashSet<>();
        Set<String> repeated = new HashSet<>();
        for (Jwk key : keys) {
            String kid = key.kid().orElse(null);
            if (kid != null && !seen.add(kid)) {
                repeated.add(kid);
            }
        }
        this.kids = Collections.unmodifiableSet(seen);
        this.duplicateKids = Set.copyOf(repeated);
        this.fitting = index(keys);
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
        Fitting found = fitting(kid, alg);
        return found == null ? List.of() : found.keys();
    }

    /** The same, or null when none fits. */
    @Nullable
    Fitting fitting(@Nullable String kid, String alg) {
        return Fitting.in(fitting.get(kid == null ? ANY_KID : kid), alg);
    }

    /** Marks what is found under that kid for the first lookup of it. */
    void awaitUse(String kid) {
        Fitting chain = fitting.get(kid);
        if (chain != null) {
            chain.awaitUse();
        }
    }

    /** Whether that key is offered for that kid and algorithm. */
    boolean offers(@Nullable String kid, String alg, PublicKey key) {
        return find(kid, alg).stream().anyMatch(offered -> offered.publicKey().equals(key));
    }

    /** Sizes and kids; safe to log. */
    @Override
    public String toString() {
        return "JwkSet[" + keys.size() + " usable, " + skipped.size() + " skipped]";
    }

    private static Map<String, Fitting> index(List<Jwk> keys) {
        Map<String, Map<JwsAlgorithm, List<VerificationKey>>> byKid = new HashMap<>();
        for (Jwk key : keys) {
            for (String name : key.algorithms()) {
                JwsAlgorithm algorithm = JwsAlgorithm.named(name);
                if (algorithm != null) {
                    VerificationKey ready = new VerificationKey(key, algorithm);
                    collect(byKid, ANY_KID, algorithm, ready);
                    String kid = ready.kid();
                    if (kid != null) {
                        collect(byKid, kid, algorithm, ready);
                    }
                }
            }
        }
        Map<String, Fitting> index = new HashMap<>(2 * byKid.size());
        for (Map.Entry<String, Map<JwsAlgorithm, List<VerificationKey>>> one : byKid.entrySet()) {
            String kid = one.getKey();
            index.put(kid, Fitting.chain(one.getValue(), kid.equals(ANY_KID) ? MAX_CANDIDATES : Integer.MAX_VALUE));
        }
        return index;
    }

    private static void collect(
            Map<String, Map<JwsAlgorithm, List<VerificationKey>>> byKid,
            String kid,
            JwsAlgorithm algorithm,
            VerificationKey key) {
        byKid.computeIfAbsent(kid, k -> new EnumMap<>(JwsAlgorithm.class))
                .computeIfAbsent(algorithm, a -> new ArrayList<>(1))
                .add(key);
    }
}
