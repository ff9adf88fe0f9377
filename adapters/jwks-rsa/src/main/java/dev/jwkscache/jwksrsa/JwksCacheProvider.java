package dev.jwkscache.jwksrsa;

import com.auth0.jwk.Jwk;
import com.auth0.jwk.JwkException;
import com.auth0.jwk.JwkProvider;
import com.auth0.jwk.SigningKeyNotFoundException;
import dev.jwkscache.JwkSet;
import dev.jwkscache.JwksCache;
import dev.jwkscache.JwksException;
import dev.jwkscache.UnknownKeyException;
import dev.jwkscache.VerificationKey;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Gives the keys of a {@link JwksCache} to code that was written for jwks-rsa.
 *
 * <p>jwks-rsa asks for a key by its kid alone, and a kid may be published for several algorithms. So the algorithms are
 * named here, and only keys that fit one of them are ever returned. Thread-safe. Closes no cache.
 */
public final class JwksCacheProvider implements JwkProvider {
    private final JwksCache cache;
    private final List<String> algorithms;
    private volatile @Nullable ConvertedSet converted;

    /**
     * Creates a provider.
     *
     * @param cache to ask; stays the caller's to start and close
     * @param alg the {@code alg} (RFC 7518 §3.1) that the returned keys are for, such as {@code RS256}
     * @param others further ones; where several fit a kid, the first that was named counts
     * @throws IllegalArgumentException if one is none that a cache serves, as {@code HS256} and {@code none}
     */
    public JwksCacheProvider(JwksCache cache, String alg, String... others) {
        this.cache = Objects.requireNonNull(cache, "cache");
        algorithms = Stream.concat(Stream.of(alg), Stream.of(others)).distinct().toList();
        Set<String> unfit = new TreeSet<>(algorithms);
        unfit.removeAll(VerificationKey.ALGORITHMS);
        if (!unfit.isEmpty()) {
            throw new IllegalArgumentException("the algorithms name " + String.join(", ", unfit)
                    + "; name only signature algorithms with public keys: "
                    + String.join(", ", VerificationKey.ALGORITHMS));
        }
    }

    /**
     * Returns the key of a kid, at once when it is known; waits as {@link JwksCache#key} does otherwise.
     *
     * @param kid the token's {@code kid}; null or empty for the only key that fits the algorithms
     * @return the key as published, without certificates; made once for each set that is loaded, with a public key that is
     *     ready to verify
     * @throws SigningKeyNotFoundException if no key fits (the cause is {@link UnknownKeyException}), or several fit a token
     *     without kid: the caller's fault, 401
     * @throws KeysNotAtHandException if there are no keys or they are expired: ours, 503
     */
    @Override
    public Jwk get(@Nullable String kid) throws JwkException {
        String wanted = kid == null || kid.isEmpty() ? null : kid;
        try {
            Jwk found = find(set(), wanted);
            return found != null ? found : afterMiss(wanted);
        } catch (JwksException ours) {
            throw new KeysNotAtHandException(ours);
        }
    }

    /** Asks for the first algorithm, which is what fetches; a new set may have a key for any of them. */
    private Jwk afterMiss(@Nullable String kid) throws SigningKeyNotFoundException {
        UnknownKeyException unknown = null;
        try {
            cache.keys(kid, algorithms.get(0));
        } catch (UnknownKeyException e) {
            unknown = e;
        }
        Jwk found = find(set(), kid);
        if (found == null) {
            throw new SigningKeyNotFoundException(
                    unknown == null ? "the key was withdrawn just now" : unknown.getMessage(), unknown);
        }
        return found;
    }

    private @Nullable Jwk find(ConvertedSet set, @Nullable String kid) throws SigningKeyNotFoundException {
        Jwk only = null;
        for (String alg : algorithms) {
            for (VerificationKey key : set.source().find(kid, alg)) {
                Jwk found = set.of(key.jwk());
                if (kid != null) {
                    return found;
                }
                if (only != null && only != found) {
                    throw new SigningKeyNotFoundException(
                            "there is no kid, and several keys fit " + String.join(", ", algorithms), null);
                }
                only = found;
            }
        }
        return only;
    }

    private ConvertedSet set() {
        JwkSet keys = cache.get();
        ConvertedSet current = converted;
        if (current == null || current.source() != keys) {
            current = new ConvertedSet(keys);
            converted = current;
        }
        return current;
    }

    /**
     * There are no keys to choose from, or they are expired; the cause says which, since when and why. Ours, 503. Not a
     * {@link SigningKeyNotFoundException}, which jwks-rsa's own {@code NetworkException} is.
     */
    public static final class KeysNotAtHandException extends JwkException {
        private static final long serialVersionUID = 1;

        private final @Nullable Duration retryAfter;

        private KeysNotAtHandException(JwksException cause) {
            super(cause.getMessage(), cause);
            retryAfter = cause.retryAfter().orElse(null);
        }

        /** How long until the next attempt to fetch keys, for a {@code Retry-After} field; empty for a closed cache. */
        public Optional<Duration> retryAfter() {
            return Optional.ofNullable(retryAfter);
        }
    }
}
