package dev.jwkscache;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A public key bound to the algorithm it was asked for, ready to verify. Immutable; made when the set is loaded, so that
 * a lookup converts and allocates nothing.
 */
public final class VerificationKey {
    /**
     * The JWS algorithms for which there are keys (RFC 7518 §3.1, RFC 8037, RFC 9864, RFC 9964), by name; immutable. Whether
     * a JDK has them is another matter: ML-DSA comes with Java 24.
     */
    public static final Set<String> ALGORITHMS = JwsAlgorithm.names();

    private final Jwk jwk;
    private final JwsAlgorithm algorithm;

    VerificationKey(Jwk jwk, JwsAlgorithm algorithm) {
        this.jwk = jwk;
        this.algorithm = algorithm;
    }

    /** The key id (RFC 7517 §4.5), or null for a key that was published without one. */
    public @Nullable String kid() {
        return jwk.kid().orElse(null);
    }

    /** The JWS algorithm (RFC 7518 §3.1) this key was looked up for, such as {@code RS256}. */
    public String algorithm() {
        return algorithm.joseName();
    }

    /** The key itself. */
    public PublicKey publicKey() {
        return jwk.publicKey();
    }

    /** The SHA-256 thumbprint (RFC 7638) in base64url: names the key material, whatever its kid. */
    public String thumbprint() {
        return jwk.thumbprint();
    }

    /** The key as its provider published it. */
    public Jwk jwk() {
        return jwk;
    }

    /**
     * Creates a {@link Signature} for this algorithm, initialised to verify with this key. It takes signatures in the
     * form that JWS uses (RFC 7518 §3.4: R and S side by side for ECDSA, not DER).
     *
     * <p>A {@code Signature} is not thread-safe: make one for each verification.
     *
     * @throws InvalidKeyException if the JDK refuses the key
     * @throws IllegalStateException if the JDK that loaded the key no longer offers its algorithm
     */
    public Signature newSignature() throws InvalidKeyException {
        try {
            Signature signature = algorithm.newSignature();
            signature.initVerify(jwk.publicKey());
            return signature;
        } catch (InvalidKeyException e) {
            throw e;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no security provider of this JVM offers " + algorithm.joseName(), e);
        }
    }

    /** Kid, algorithm and thumbprint; safe to log. */
    @Override
    public String toString() {
        return "VerificationKey[kid=" + SafeText.quoted(kid()) + ", algorithm=" + algorithm() + ", thumbprint="
                + thumbprint() + "]";
    }
}
