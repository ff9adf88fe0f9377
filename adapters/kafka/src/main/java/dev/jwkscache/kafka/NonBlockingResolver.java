package dev.jwkscache.kafka;

import dev.jwkscache.JwksCache;
import dev.jwkscache.JwksException;
import dev.jwkscache.UnknownKeyException;
import dev.jwkscache.VerificationKey;
import java.security.Key;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwx.JsonWebStructure;
import org.jose4j.keys.resolvers.VerificationKeyResolver;
import org.jose4j.lang.JoseException;
import org.jose4j.lang.UnresolvableKeyException;
import org.jspecify.annotations.Nullable;

/**
 * Finds keys without ever waiting: a broker authenticates on the threads that serve all its connections, and one that
 * waits for an identity provider holds up everybody.
 */
final class NonBlockingResolver implements VerificationKeyResolver {
    private final JwksCache cache;
    private final Set<String> algorithms;

    NonBlockingResolver(JwksCache cache, List<String> algorithms) {
        this.cache = cache;
        this.algorithms = Set.copyOf(algorithms);
    }

    @Override
    public Key resolveKey(JsonWebSignature jws, List<JsonWebStructure> nestingContext) throws UnresolvableKeyException {
        String alg = jws.getAlgorithmHeaderValue();
        if (alg == null || !algorithms.contains(alg)) {
            throw new UnresolvableKeyException("the token is not signed with an accepted algorithm");
        }
        try {
            return verifying(jws, candidates(jws.getKeyIdHeaderValue(), alg));
        } catch (UnknownKeyException unknown) {
            throw new UnresolvableKeyException(unknown.getMessage(), unknown);
        }
    }

    private List<VerificationKey> candidates(@Nullable String kid, String alg) {
        CompletableFuture<VerificationKey> first = cache.keyAsync(kid, alg);
        if (!first.isDone()) {
            first.cancel(false);
            throw new NotKnownYetException();
        }
        try {
            first.join();
        } catch (CompletionException | CancellationException failed) {
            if (failed.getCause() instanceof JwksException reason) {
                throw reason;
            }
            throw failed;
        }
        // Where one is at hand, all are.
        return cache.keys(kid, alg);
    }

    /** As jose4j's own resolvers disambiguate; the consumer finds the outcome with the token and does not repeat the work. */
    private Key verifying(JsonWebSignature jws, List<VerificationKey> candidates) {
        boolean judged = false;
        for (VerificationKey candidate : candidates) {
            jws.setKey(candidate.publicKey());
            try {
                if (jws.verifySignature()) {
                    return candidate.publicKey();
                }
                judged = true;
            } catch (JoseException unreadable) {
                // Says nothing about new key material. The consumer meets it again and refuses the token.
            }
        }
        VerificationKey first = candidates.get(0);
        if (judged) {
            cache.reportBadSignature(first);
        }
        return first.publicKey();
    }

    /** A fetch is under way that may bring the key. Without a stack trace, since forged tokens make it too. */
    static final class NotKnownYetException extends RuntimeException {
        private static final long serialVersionUID = 1;

        NotKnownYetException() {
            super("the keys are being fetched just now", null, false, false);
        }
    }
}
