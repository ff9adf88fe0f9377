package dev.jwkscache.nimbus;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.impl.BaseJWSProvider;
import com.nimbusds.jose.util.Base64URL;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.util.Set;

/** Verifies through the JDK what needs no parameters: its name for the algorithm is that of JOSE. */
final class JdkVerifier extends BaseJWSProvider implements JWSVerifier {
    static final Set<JWSAlgorithm> ALGORITHMS = Set.of(
            JWSAlgorithm.EdDSA,
            JWSAlgorithm.Ed25519,
            JWSAlgorithm.Ed448,
            new JWSAlgorithm("ML-DSA-44"),
            new JWSAlgorithm("ML-DSA-65"),
            new JWSAlgorithm("ML-DSA-87"));

    private final PublicKey key;

    JdkVerifier(PublicKey key) {
        super(ALGORITHMS);
        this.key = key;
    }

    @Override
    public boolean verify(JWSHeader header, byte[] signingInput, Base64URL signature) throws JOSEException {
        // RFC 7515 §4.1.11: what a sender calls critical and nobody here understands makes the token invalid.
        if (header.getCriticalParams() != null && !header.getCriticalParams().isEmpty()) {
            return false;
        }
        String name = header.getAlgorithm().getName();
        Provider provider = getJCAContext().getProvider();
        try {
            Signature verifier = provider == null ? Signature.getInstance(name) : Signature.getInstance(name, provider);
            verifier.initVerify(key);
            verifier.update(signingInput);
            return verifier.verify(signature.decode());
        } catch (SignatureException malformed) {
            return false;
        } catch (InvalidKeyException e) {
            throw new JOSEException("the key is none for " + name, e);
        } catch (GeneralSecurityException e) {
            throw new JOSEException(
                    name + " is not in this JDK (" + Runtime.version().feature() + ")", e);
        }
    }
}
