package dev.jwkscache.bench.soak;

import dev.jwkscache.UnknownKeyException;
import dev.jwkscache.VerificationKey;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A cache that keeps what it once had, for the live soak to catch. */
final class KeepingSets extends Subject.Real {
    private final Map<String, List<VerificationKey>> kept = new ConcurrentHashMap<>();

    KeepingSets(Subject right) {
        super(((Subject.Real) right).cache);
    }

    @Override
    public List<VerificationKey> keys(String kid, String alg) {
        try {
            List<VerificationKey> found = super.keys(kid, alg);
            kept.put(kid + alg, found);
            return found;
        } catch (UnknownKeyException unknown) {
            List<VerificationKey> old = kept.get(kid + alg);
            if (old == null) {
                throw unknown;
            }
            return old;
        }
    }
}
