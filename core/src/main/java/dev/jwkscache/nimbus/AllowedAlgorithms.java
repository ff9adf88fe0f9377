package dev.jwkscache.nimbus;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.KeySourceException;
import dev.jwkscache.JwksCache;
import dev.jwkscache.JwksException;
import dev.jwkscache.UnknownKeyException;
import dev.jwkscache.VerificationKey;
import java.security.PublicKey;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/** The algorithms that a service accepts, and the keys for tokens that keep to them. */
final class AllowedAlgorithms {
    private final Set<JWSAlgorithm> algorithms;

    AllowedAlgorithms(Collection<JWSAlgorithm> algorithms) {
        this.algorithms = Set.copyOf(algorithms);
        if (this.algorithms.isEmpty()) {
            throw new IllegalArgumentException("no algorithm is allowed; name those that your provider signs with, of "
                    + String.join(", ", VerificationKey.ALGORITHMS));
        }
        for (JWSAlgorithm algorithm : this.algorithms) {
            if (!VerificationKey.ALGORITHMS.contains(algorithm.getName())) {
                throw new IllegalArgumentException("algorithm " + algorithm.getName()
                        + " is allowed, but there are keys only for " + String.join(", ", VerificationKey.ALGORITHMS)
                        + "; leave it out");
            }
        }
    }

    boolean contain(JWSHeader header) {
        return algorithms.contains(header.getAlgorithm());
    }

    /** The keys for that header; none where nobody publishes one that fits. */
    static List<PublicKey> keys(JwksCache cache, JWSHeader header) throws KeySourceException {
        try {
            List<VerificationKey> found =
                    cache.keys(header.getKeyID(), header.getAlgorithm().getName());
            return found.size() == 1
                    ? List.of(found.get(0).publicKey())
                    : found.stream().map(VerificationKey::publicKey).toList();
        } catch (UnknownKeyException unknown) {
            return List.of();
        } catch (JwksException e) {
            throw Refusal.of(e);
        }
    }
}
