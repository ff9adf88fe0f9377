package dev.jwkscache;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one kid that fit one algorithm, made when the set is loaded, in a chain with those that fit the kid's other
 * algorithms. A kid rarely has more than one: walking the chain costs less than a second hash lookup.
 */
final class Fitting {
    private final String alg;
    private final VerificationKey first;
    private final List<VerificationKey> keys;
    private final boolean cut;
    private final @Nullable Fitting next;
    /**
     * Neither final nor volatile, because every lookup reads it. Whoever reads it too late or too early loses nothing that
     * counts: a lookup that misses the mark leaves it to the next one, and of several that see it {@link KeyUse} hears
     * the first only.
     */
    private boolean noteworthy;

    private Fitting(
            String alg, VerificationKey first, List<VerificationKey> keys, boolean cut, @Nullable Fitting next) {
        this.alg = alg;
        this.first = first;
        this.keys = keys;
        this.cut = cut;
        this.next = next;
        this.noteworthy = cut;
    }

    /** All of one kid, the most usual algorithms first; of each at most {@code most} keys. Null when there are none. */
    static @Nullable Fitting chain(Map<JwsAlgorithm, List<VerificationKey>> fitting, int most) {
        JwsAlgorithm[] algorithms = JwsAlgorithm.values();
        Fitting chain = null;
        for (int i = algorithms.length - 1; i >= 0; i--) {
            List<VerificationKey> all = fitting.get(algorithms[i]);
            if (all != null) {
                List<VerificationKey> offered = List.copyOf(all.subList(0, Math.min(all.size(), most)));
                chain = new Fitting(algorithms[i].joseName(), offered.get(0), offered, all.size() > most, chain);
            }
        }
        return chain;
    }

    /** The link for that algorithm, or null. */
    static @Nullable Fitting in(@Nullable Fitting chain, String alg) {
        Fitting link = chain;
        while (link != null && !link.alg.equals(alg)) {
            link = link.next;
        }
        return link;
    }

    VerificationKey first() {
        return first;
    }

    /** Never empty. */
    List<VerificationKey> keys() {
        return keys;
    }

    /** Whether more keys fit than are offered. */
    boolean cut() {
        return cut;
    }

    /** Whether a lookup that found this is to be noted: it was cut, or may be the first use of a key. */
    boolean noteworthy() {
        return noteworthy;
    }

    /** Marks the whole chain, until each link is {@link #used}. */
    void awaitUse() {
        for (Fitting link = this; link != null; link = link.next) {
            link.noteworthy = true;
        }
    }

    void used() {
        noteworthy = cut;
    }
}
