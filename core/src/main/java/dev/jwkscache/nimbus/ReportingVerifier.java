package dev.jwkscache.nimbus;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.jca.JCAContext;
import com.nimbusds.jose.util.Base64URL;
import java.security.PublicKey;
import java.util.Set;

/** Verifies with another verifier and reports what does not verify. */
record ReportingVerifier(JWSVerifier verifier, PublicKey key, BadSignatures reports) implements JWSVerifier {

    @Override
    public boolean verify(JWSHeader header, byte[] signingInput, Base64URL signature) throws JOSEException {
        boolean valid = verifier.verify(header, signingInput, signature);
        if (!valid) {
            reports.report(header.getKeyID(), header.getAlgorithm().getName(), key);
        }
        return valid;
    }

    @Override
    public Set<JWSAlgorithm> supportedJWSAlgorithms() {
        return verifier.supportedJWSAlgorithms();
    }

    @Override
    public JCAContext getJCAContext() {
        return verifier.getJCAContext();
    }
}
