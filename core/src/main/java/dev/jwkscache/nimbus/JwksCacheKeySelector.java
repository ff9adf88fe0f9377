package dev.jwkscache.nimbus;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.proc.JWSKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import dev.jwkscache.JwksCache;
import dev.jwkscache.JwksException;
import dev.jwkscache.VerificationKey;
import java.security.PublicKey;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Gives Nimbus's processors the keys of a {@link JwksCache} as ready {@link PublicKey}s: nothing is converted for a token,
 * and EdDSA and ML-DSA keys are among them. Together with {@link JwksCacheVerifierFactory} every algorithm that the cache
 * serves verifies through {@code DefaultJWTProcessor}. Thread-safe; closes nothing.
 *
 * @param <C> the security context, which is not looked at
 */
public final class JwksCacheKeySelector<C extends SecurityContext> implements JWSKeySelector<C> {
    private final Supplier<JwksCache> cache;
    private final KeySelection selection;

    /**
     * Gives the keys of that cache for tokens that keep to those algorithms; others are refused without asking the cache.
     *
     * @param allowed at least one: {@code JWSAlgorithm.RS256}, {@code JWSAlgorithm.EdDSA},
     *     {@code new JWSAlgorithm("ML-DSA-65")} and the like
     * @throws IllegalArgumentException if none is named, or one that is not among {@link VerificationKey#ALGORITHMS}
     */
    public JwksCacheKeySelector(JwksCache cache, Collection<JWSAlgorithm> allowed) {
        Objects.requireNonNull(cache, "cache");
        this.cache = () -> cache;
        this.selection = new KeySelection(allowed);
    }

    /**
     * Returns the keys for that header, to be tried in turn. Waits as {@link JwksCache#keys} does: not at all for a kid that
     * is known.
     *
     * @return empty when no key fits, or the algorithm is not allowed: the caller's fault, 401
     * @throws KeySourceException if there are no keys that may be trusted: ours, 503; its cause is the {@link JwksException}
     */
    @Override
    public List<PublicKey> selectJWSKeys(JWSHeader header, @Nullable C context) throws KeySourceException {
        return selection.keys(header, cache);
    }
}
