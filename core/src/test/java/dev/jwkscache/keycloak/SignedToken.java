package dev.jwkscache.keycloak;

import com.nimbusds.jose.JWSObject;
import dev.jwkscache.JwksCache;
import dev.jwkscache.VerificationKey;
import java.security.InvalidKeyException;
import java.security.Signature;
import java.security.SignatureException;
import java.text.ParseException;

/** A token taken apart for {@link Signature}: the two header fields that choose a key, what was signed, and how. */
final class SignedToken {
    private final String kid;
    private final String algorithm;
    private final byte[] signed;
    private final byte[] signature;

    private SignedToken(String kid, String algorithm, byte[] signed, byte[] signature) {
        this.kid = kid;
        this.algorithm = algorithm;
        this.signed = signed;
        this.signature = signature;
    }

    /** Gets a new access token that is signed with the algorithm, one of those that {@link KeycloakAdmin} names. */
    static SignedToken from(KeycloakAdmin admin, String algorithm) {
        String compact = admin.accessToken(algorithm);
        try {
            JWSObject token = JWSObject.parse(compact);
            return new SignedToken(
                    token.getHeader().getKeyID(),
                    token.getHeader().getAlgorithm().getName(),
                    token.getSigningInput(),
                    token.getSignature().decode());
        } catch (ParseException e) {
            throw new IllegalStateException("Keycloak's access token is no JWS: " + compact, e);
        }
    }

    String kid() {
        return kid;
    }

    /** The {@code alg} of the header, which is {@code EdDSA} for both curves. */
    String algorithm() {
        return algorithm;
    }

    /** Asks the cache for the key that the header names, and verifies with it. */
    boolean isVerifiedThrough(JwksCache cache) {
        return isVerifiedBy(cache.key(kid, algorithm));
    }

    boolean isVerifiedBy(VerificationKey key) {
        try {
            Signature verifier = key.newSignature();
            verifier.update(signed);
            return verifier.verify(signature);
        } catch (InvalidKeyException e) {
            throw new IllegalStateException("The JDK refuses " + key, e);
        } catch (SignatureException malformed) {
            // Some broken signatures are so broken that the JDK does not even compare them.
            return false;
        }
    }

    /** The same token but for one bit in the middle of its signature. */
    SignedToken withOneSignatureBitFlipped() {
        byte[] flipped = signature.clone();
        flipped[flipped.length / 2] ^= 1;
        return new SignedToken(kid, algorithm, signed, flipped);
    }

    @Override
    public String toString() {
        return algorithm + " token of key " + kid;
    }
}
