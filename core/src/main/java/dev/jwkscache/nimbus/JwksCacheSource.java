package dev.jwkscache.nimbus;

import com.nimbusds.jose.Algorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.Base64URL;
import dev.jwkscache.JwkSet;
import dev.jwkscache.JwksCache;
import dev.jwkscache.JwksException;
import dev.jwkscache.UnknownKeyException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Gives the keys of a {@link JwksCache} wherever Nimbus asks for a {@link JWKSource}. Thread-safe; closes nothing.
 *
 * <p>A selector for a kid that the set lacks starts or joins one refresh, as {@link JwksCache#key} does. JWKs are made once
 * for each set, of public members only and always with {@code use} «sig», since no other key is at hand. Certificates are
 * not kept: a token's {@code x5t#S256} does not take part in the choice. Nimbus has no JWK for ML-DSA (RFC 9964), and its
 * own selector makes no key of an OKP one: for those take {@link JwksCacheKeySelector}.
 *
 * @param <C> the security context, which is not looked at
 */
public final class JwksCacheSource<C extends SecurityContext> implements JWKSource<C> {
    /** Asked for where a selector names no algorithm: the question is whether the kid is there. */
    private static final Set<String> ANY = Set.of("RS256");

    private final JwksCache cache;
    private volatile @Nullable Converted converted;

    /** Gives the keys of that cache, which whoever built it starts and closes. */
    public JwksCacheSource(JwksCache cache) {
        this.cache = Objects.requireNonNull(cache, "cache");
    }

    /**
     * Selects among the keys at hand. Waits as {@link JwksCache#key} does: not at all for what is known.
     *
     * @return what matches in the order of the document; empty when nothing does: the caller's fault, 401
     * @throws KeySourceException if there are no keys that may be trusted: ours, 503; its cause is the {@link JwksException}
     */
    @Override
    public List<JWK> get(JWKSelector selector, @Nullable C context) throws KeySourceException {
        JWKMatcher matcher = selector.getMatcher();
        JWKSelector select = matcher.getX509CertSHA256Thumbprints() == null
                ? selector
                : new JWKSelector(new JWKMatcher.Builder(matcher)
                        .x509CertSHA256Thumbprints((Set<Base64URL>) null)
                        .build());
        try {
            List<JWK> found = select.select(converted(cache.get()));
            if (found.isEmpty() && matcher.getKeyIDs() != null) {
                matcher.getKeyIDs().forEach(kid -> miss(kid, matcher.getAlgorithms()));
                found = select.select(converted(cache.get()));
            }
            return found;
        } catch (JwksException e) {
            throw Refusal.of(e);
        }
    }

    private void miss(@Nullable String kid, @Nullable Set<Algorithm> algorithms) {
        if (kid == null || kid.isEmpty()) {
            return;
        }
        for (String alg : names(algorithms)) {
            try {
                cache.key(kid, alg);
            } catch (UnknownKeyException unknown) {
                // Told by the empty answer.
            }
        }
    }

    private static Set<String> names(@Nullable Set<Algorithm> algorithms) {
        if (algorithms == null) {
            return ANY;
        }
        Set<String> names = algorithms.stream()
                .filter(Objects::nonNull)
                .map(Algorithm::getName)
                .collect(Collectors.toSet());
        return names.isEmpty() ? ANY : names;
    }

    private JWKSet converted(JwkSet keys) {
        Converted last = converted;
        if (last == null || last.from != keys) {
            last = new Converted(keys, NimbusKeys.of(keys));
            converted = last;
        }
        return last.to;
    }

    private record Converted(JwkSet from, JWKSet to) {}
}
