package dev.jwkscache.nimbus;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jca.JCAContext;
import com.nimbusds.jose.proc.JWSVerifierFactory;
import dev.jwkscache.JwksCache;
import dev.jwkscache.JwksCaches;
import java.security.Key;
import java.security.PublicKey;
import java.util.HashSet;
import java.util.Set;

/**
 * Makes verifiers for the keys that {@link JwksCacheKeySelector} hands out: EdDSA (RFC 8037, RFC 9864) and ML-DSA (RFC 9964)
 * through the JDK, which must have the algorithm, all else by Nimbus's own factory. A signature that does not verify is
 * reported to the cache, which looks once in each miss cooldown whether there is new material under the old kid. Thread-safe.
 */
public final class JwksCacheVerifierFactory implements JWSVerifierFactory {
    private final DefaultJWSVerifierFactory nimbus = new DefaultJWSVerifierFactory();
    private final BadSignatures reports;

    /** Makes verifiers that report bad signatures to that cache. */
    public JwksCacheVerifierFactory(JwksCache cache) {
        reports = cache::reportBadSignature;
    }

    /** Makes verifiers that report bad signatures to those caches. */
    public JwksCacheVerifierFactory(JwksCaches caches) {
        reports = caches::reportBadSignature;
    }

    /** The algorithms of Nimbus's own factory and those of the JDK, whether or not this JDK has them; a copy. */
    @Override
    public Set<JWSAlgorithm> supportedJWSAlgorithms() {
        Set<JWSAlgorithm> all = new HashSet<>(nimbus.supportedJWSAlgorithms());
        all.addAll(JdkVerifier.ALGORITHMS);
        return all;
    }

    /** The context of Nimbus's own factory, which every verifier gets: a provider that is set there is asked first. */
    @Override
    public JCAContext getJCAContext() {
        return nimbus.getJCAContext();
    }

    /**
     * Makes a verifier for one token.
     *
     * @throws JOSEException if the key is none for that algorithm
     */
    @Override
    public JWSVerifier createJWSVerifier(JWSHeader header, Key key) throws JOSEException {
        if (!(key instanceof PublicKey publicKey)) {
            return nimbus.createJWSVerifier(header, key);
        }
        JWSVerifier verifier;
        if (JdkVerifier.ALGORITHMS.contains(header.getAlgorithm())) {
            verifier = new JdkVerifier(publicKey);
            verifier.getJCAContext().setProvider(getJCAContext().getProvider());
        } else {
            verifier = nimbus.createJWSVerifier(header, key);
        }
        return new ReportingVerifier(verifier, publicKey, reports);
    }
}
