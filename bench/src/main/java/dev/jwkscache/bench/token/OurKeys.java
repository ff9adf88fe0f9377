package dev.jwkscache.bench.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jca.JCAContext;
import com.nimbusds.jose.proc.JWSKeySelector;
import com.nimbusds.jose.proc.JWSVerifierFactory;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.Base64URL;
import dev.jwkscache.JwksCache;
import dev.jwkscache.JwksException;
import dev.jwkscache.VerificationKey;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.EdECPublicKey;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** jwks-cache under Nimbus's processor: ready keys by kid and algorithm, and EdDSA, which Nimbus leaves out, by the JDK. */
record OurKeys(JwksCache cache) implements JWSKeySelector<SecurityContext>, JWSVerifierFactory {
    private static final DefaultJWSVerifierFactory NIMBUS = new DefaultJWSVerifierFactory();

    @Override
    public List<? extends Key> selectJWSKeys(JWSHeader header, @Nullable SecurityContext context) {
        try {
            return cache.keys(header.getKeyID(), header.getAlgorithm().getName()).stream()
                    .map(VerificationKey::publicKey)
                    .toList();
        } catch (JwksException e) {
            return List.of();
        }
    }

    @Override
    public JWSVerifier createJWSVerifier(JWSHeader header, Key key) throws JOSEException {
        return key instanceof EdECPublicKey edwards ? new Edwards(edwards) : NIMBUS.createJWSVerifier(header, key);
    }

    @Override
    public Set<JWSAlgorithm> supportedJWSAlgorithms() {
        return Set.of(JWSAlgorithm.RS256, JWSAlgorithm.ES256, JWSAlgorithm.EdDSA);
    }

    @Override
    public JCAContext getJCAContext() {
        return NIMBUS.getJCAContext();
    }

    private record Edwards(PublicKey key) implements JWSVerifier {

        @Override
        public boolean verify(JWSHeader header, byte[] signingInput, Base64URL signature) throws JOSEException {
            try {
                Signature verifier = Signature.getInstance("EdDSA");
                verifier.initVerify(key);
                verifier.update(signingInput);
                return verifier.verify(signature.decode());
            } catch (GeneralSecurityException e) {
                throw new JOSEException("the JDK refuses", e);
            }
        }

        @Override
        public Set<JWSAlgorithm> supportedJWSAlgorithms() {
            return Set.of(JWSAlgorithm.EdDSA);
        }

        @Override
        public JCAContext getJCAContext() {
            return NIMBUS.getJCAContext();
        }
    }
}
