package dev.jwkscache;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one kid that fit one algorithm, made when the set is loaded, in a chain with those that fit the kid's other
 * algorithms. A kid rarely has more than one: walking the chain costs less than a second hash lookup.
 *
 * @param keys never empty
 * @param cut whether more keys fit than are offered
 */
record Fitting(
        String alg,
        VerificationKey first,
        List<VerificationKey> keys,
        boolean cut,
        @Nullable Fitting next) {

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
}
