package dev.jwkscache.jose4j;

import dev.jwkscache.JwksCache;
import dev.jwkscache.JwksException;
import dev.jwkscache.UnknownKeyException;
import dev.jwkscache.VerificationKey;
import java.security.Key;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwx.JsonWebStructure;
import org.jose4j.keys.resolvers.VerificationKeyResolver;
import org.jose4j.lang.JoseException;
import org.jose4j.lang.UnresolvableKeyException;

/**
 * Gives a jose4j consumer the keys of a {@link JwksCache}: {@code new JwtConsumerBuilder().setVerificationKeyResolver(new
 * JwksCacheKeyResolver(cache, Set.of("RS256")))}.
 *
 * <p>Where several keys fit (a token without kid, a kid that is published twice) it tries the signature with each, at most
 * 10 without kid. A signature that verifies with none is {@linkplain JwksCache#reportBadSignature reported} to the cache,
 * which finds new key material under an old kid. jose4j remembers the outcome, so that nothing is verified twice.
 *
 * <p>Thread-safe. Closes no cache.
 */
public final class JwksCacheKeyResolver implements VerificationKeyResolver {
    private static final Set<String> SERVED =
            Set.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA");

    private final JwksCache cache;
    private final Set<String> algorithms;

    /**
     * Creates a resolver.
     *
     * @param cache to ask; stays the caller's to start and close
     * @param algorithms the values of {@code alg} (RFC 7518 §3.1) that are accepted; at least one. What the consumer's own
     *     constraints forbid stays forbidden
     * @throws IllegalArgumentException if there is none, or one that is not both of the cache and of jose4j: symmetric ones,
     *     {@code none}, ML-DSA, and the names Ed25519 and Ed448
     */
    public JwksCacheKeyResolver(JwksCache cache, Set<String> algorithms) {
        this.cache = Objects.requireNonNull(cache, "cache");
        Set<String> unfit = new TreeSet<>(algorithms);
        unfit.removeAll(SERVED);
        if (algorithms.isEmpty() || !unfit.isEmpty()) {
            throw new IllegalArgumentException("algorithms "
                    + (algorithms.isEmpty() ? "is empty" : "names " + String.join(", ", unfit))
                    + "; name at least one, and only these: " + String.join(", ", new TreeSet<>(SERVED)));
        }
        this.algorithms = Set.copyOf(algorithms);
    }

    /**
     * Returns the key for a token, at once when it is known; waits as {@link JwksCache#key} does otherwise.
     *
     * @return the key that the signature verifies with, or the first that fits where it verifies with none
     * @throws UnresolvableKeyException if the algorithm is not accepted, or no key fits (the cause is
     *     {@link UnknownKeyException}): the caller's fault, 401
     * @throws JwksException if there are no keys or they are expired: ours, 503. A consumer wraps it; see {@link #outage}
     */
    @Override
    public Key resolveKey(JsonWebSignature jws, List<JsonWebStructure> nestingContext) throws UnresolvableKeyException {
        String alg = jws.getAlgorithmHeaderValue();
        if (alg == null || !algorithms.contains(alg)) {
            throw new UnresolvableKeyException(
                    "the token is not signed with an accepted algorithm: " + String.join(", ", algorithms));
        }
        try {
            return verifying(jws, cache.keys(jws.getKeyIdHeaderValue(), alg));
        } catch (UnknownKeyException unknown) {
            throw new UnresolvableKeyException(unknown.getMessage(), unknown);
        }
    }

    /**
     * Tells whether a consumer refused a token because of the keys and not because of the token: the exception that it
     * wrapped, to be answered with 503; empty for a token that is to be answered with 401.
     */
    public static Optional<JwksException> outage(InvalidJwtException refused) {
        for (Throwable cause = refused.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof JwksException found) {
                return found instanceof UnknownKeyException ? Optional.empty() : Optional.of(found);
            }
        }
        return Optional.empty();
    }

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
                // Says nothing about new key material. The consumer meets it again and reports it in its own way.
            }
        }
        VerificationKey first = candidates.get(0);
        if (judged) {
            cache.reportBadSignature(first);
        }
        return first.publicKey();
    }
}
