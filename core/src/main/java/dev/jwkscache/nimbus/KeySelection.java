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
import java.util.function.Supplier;

/** Selects keys for tokens that keep to the algorithms that a service accepts. */
final class KeySelection {
    private final Set<JWSAlgorithm> algorithms;

    KeySelection(Collection<JWSAlgorithm> algorithms) {
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

    /** The keys for that header; none where nobody publishes one that fits. The cache is found for accepted algorithms only. */
    List<PublicKey> keys(JWSHeader header, Supplier<JwksCache> cache) throws KeySourceException {
        if (!algorithms.contains(header.getAlgorithm())) {
            return List.of();
        }
        try {
            return cache.get().keys(header.getKeyID(), header.getAlgorithm().getName()).stream()
                    .map(VerificationKey::publicKey)
                    .toList();
        } catch (UnknownKeyException unknown) {
            return List.of();
        } catch (JwksException e) {
            throw Refusal.of(e);
        }
    }
}
