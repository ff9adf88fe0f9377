package dev.jwkscache.nimbus;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.JWTClaimsSetAwareJWSKeySelector;
import dev.jwkscache.JwksCaches;
import dev.jwkscache.JwksException;
import dev.jwkscache.VerificationKey;
import java.security.PublicKey;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Does what {@link JwksCacheKeySelector} does for many issuers: the token's {@code iss} chooses among those of
 * {@link JwksCaches}, to the letter, so that its signature proves it. Thread-safe; closes nothing.
 *
 * @param <C> the security context, which is not looked at
 */
public final class JwksCachesKeySelector<C extends SecurityContext> implements JWTClaimsSetAwareJWSKeySelector<C> {
    private final JwksCaches issuers;
    private final KeySelection selection;

    /**
     * Gives the keys of those issuers for tokens that keep to those algorithms; others are refused without asking a cache.
     *
     * @param allowed at least one
     * @throws IllegalArgumentException if none is named, or one that is not among {@link VerificationKey#ALGORITHMS}
     */
    public JwksCachesKeySelector(JwksCaches issuers, Collection<JWSAlgorithm> allowed) {
        this.issuers = Objects.requireNonNull(issuers, "issuers");
        this.selection = new KeySelection(allowed);
    }

    /**
     * Returns the keys that the token's issuer has for that header, to be tried in turn. Waits as
     * {@link dev.jwkscache.JwksCache#keys} does.
     *
     * @return empty when no key fits, the algorithm is not allowed, or the issuer is unknown: the caller's fault, 401
     * @throws KeySourceException if the issuer has no keys that may be trusted, or there is no room for one more: ours, 503;
     *     its cause is the {@link JwksException}
     */
    @Override
    public List<PublicKey> selectKeys(JWSHeader header, JWTClaimsSet claims, @Nullable C context)
            throws KeySourceException {
        return selection.keys(header, () -> issuers.forIssuer(claims.getIssuer()));
    }
}
