package dev.jwkscache.jjwt;

import dev.jwkscache.JwksCache;
import dev.jwkscache.JwksCaches;
import dev.jwkscache.JwksException;
import dev.jwkscache.UnknownKeyException;
import dev.jwkscache.VerificationKey;
import io.jsonwebtoken.Header;
import io.jsonwebtoken.JwsHeader;
import io.jsonwebtoken.Locator;
import io.jsonwebtoken.UnsupportedJwtException;
import java.security.Key;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Gives a jjwt parser the keys of a {@link JwksCache}: {@code Jwts.parser().keyLocator(JwksCacheLocator.of(cache,
 * Set.of("RS256")))}.
 *
 * <p>Thread-safe, as are parsers that were built with it. Closes no cache.
 */
public final class JwksCacheLocator implements Locator<Key> {
    private final Supplier<JwksCache> cache;
    private final Set<String> algorithms;

    private JwksCacheLocator(Supplier<JwksCache> cache, Set<String> algorithms) {
        Set<String> unfit = new TreeSet<>(algorithms);
        unfit.removeAll(VerificationKey.ALGORITHMS);
        if (algorithms.isEmpty() || !unfit.isEmpty()) {
            throw new IllegalArgumentException("algorithms "
                    + (algorithms.isEmpty() ? "is empty" : "names " + String.join(", ", unfit))
                    + "; name at least one, and only signature algorithms with public keys: "
                    + String.join(", ", VerificationKey.ALGORITHMS));
        }
        this.cache = cache;
        this.algorithms = Set.copyOf(algorithms);
    }

    /**
     * Creates a locator over the keys of one provider.
     *
     * @param cache to ask; stays the caller's to start and close
     * @param algorithms the values of {@code alg} (RFC 7518 §3.1) that are accepted, such as {@code RS256}; at least one
     * @throws IllegalArgumentException if there is none, or one that no cache serves, as {@code HS256} and {@code none}
     */
    public static JwksCacheLocator of(JwksCache cache, Set<String> algorithms) {
        Objects.requireNonNull(cache, "cache");
        return new JwksCacheLocator(() -> cache, algorithms);
    }

    /**
     * Creates a locator over the keys of one issuer among many. A locator sees a token's header and not its claims, so
     * that every issuer needs a parser of its own, which must also {@code requireIssuer} just that issuer.
     *
     * @param caches to ask, anew for each token; stay the caller's
     * @param issuer the claim {@code iss} of its tokens, to the letter
     * @param algorithms as for {@link #of}
     * @throws IllegalArgumentException as for {@link #of}
     */
    public static JwksCacheLocator ofIssuer(JwksCaches caches, String issuer, Set<String> algorithms) {
        Objects.requireNonNull(caches, "caches");
        Objects.requireNonNull(issuer, "issuer");
        return new JwksCacheLocator(() -> caches.forIssuer(issuer), algorithms);
    }

    /**
     * Returns the key for a token's header, at once when it is known; waits as {@link JwksCache#key} does otherwise.
     *
     * @return the first key that fits kid and algorithm; without kid the only one that fits the algorithm
     * @throws UnsupportedJwtException if the token is encrypted, its algorithm is not accepted, no key fits (the cause is
     *     {@link UnknownKeyException}), or several fit a token without kid: the caller's fault, 401
     * @throws JwksException if there are no keys or they are expired: ours, 503. It is no {@code JwtException}
     */
    @Override
    public Key locate(Header header) {
        String alg = header.getAlgorithm();
        if (!(header instanceof JwsHeader jws) || alg == null || !algorithms.contains(alg)) {
            throw new UnsupportedJwtException(
                    "the token is not signed with an accepted algorithm: " + String.join(", ", algorithms));
        }
        try {
            return find(cache.get(), jws.getKeyId(), alg).publicKey();
        } catch (UnknownKeyException unknown) {
            throw new UnsupportedJwtException(unknown.getMessage(), unknown);
        }
    }

    private static VerificationKey find(JwksCache cache, @Nullable String kid, String alg) {
        if (kid != null && !kid.isEmpty()) {
            return cache.key(kid, alg);
        }
        List<VerificationKey> fitting = cache.keys(null, alg);
        if (fitting.size() > 1) {
            throw new UnsupportedJwtException("the token has no kid, and " + fitting.size() + " keys fit its algorithm "
                    + alg + "; jjwt can try only one");
        }
        return fitting.get(0);
    }
}
