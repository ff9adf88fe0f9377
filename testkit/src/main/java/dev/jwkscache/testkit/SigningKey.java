package dev.jwkscache.testkit;

import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A key pair of a {@link ScriptedProvider}, for tests only.
 *
 * <p>Immutable. RSA keys have 2048 bits; see {@link ScriptedProvider#addKey(String)} for what they lack.
 */
public final class SigningKey {
    private final Algorithm algorithm;
    private final @Nullable String kid;
    private final KeyPair pair;
    private final Map<String, Object> publicMembers;
    private final String thumbprint;

    private SigningKey(
            Algorithm algorithm, @Nullable String kid, KeyPair pair, Map<String, Object> material, String thumbprint) {
        this.algorithm = algorithm;
        this.kid = kid;
        this.pair = pair;
        this.publicMembers = Jwk.describe(material, kid, "sig", algorithm.joseName());
        this.thumbprint = thumbprint;
    }

    static SigningKey generate(Algorithm algorithm) {
        KeyPair pair = algorithm.generate();
        Map<String, Object> material = Jwk.material(algorithm, pair.getPublic());
        String thumbprint = Jwk.thumbprint(material);
        return new SigningKey(algorithm, thumbprint, pair, material, thumbprint);
    }

    static SigningKey generate(Algorithm algorithm, @Nullable String kid) {
        KeyPair pair = algorithm.generate();
        Map<String, Object> material = Jwk.material(algorithm, pair.getPublic());
        return new SigningKey(algorithm, kid, pair, material, Jwk.thumbprint(material));
    }

    /**
     * Returns the key id in the JWK and in the header of tokens.
     *
     * @return null if the key is published without one
     */
    public @Nullable String kid() {
        return kid;
    }

    /**
     * Returns the name by which the provider knows the algorithm: a JOSE name, or {@code Ed25519} or {@code Ed448}.
     *
     * @return for example {@code RS256}
     */
    public String algorithm() {
        return algorithm.providerName();
    }

    /**
     * Returns the {@code alg} of the JWK and of tokens; differs from {@link #algorithm()} only for Ed25519 and Ed448.
     *
     * @return for example {@code RS256} or {@code EdDSA}
     */
    public String joseAlgorithm() {
        return algorithm.joseName();
    }

    /**
     * Returns the public key.
     *
     * @return a key of the JDK
     */
    public PublicKey publicKey() {
        return pair.getPublic();
    }

    /**
     * Returns the private key.
     *
     * @return a key of the JDK
     */
    public PrivateKey privateKey() {
        return pair.getPrivate();
    }

    /**
     * Returns the RFC 7638 thumbprint with SHA-256, which is also the kid unless the test chose one.
     *
     * @return base64url, 43 characters
     */
    public String thumbprint() {
        return thumbprint;
    }

    /**
     * Returns the public JWK as the provider publishes it (RFC 7517; RFC 8037 for OKP, RFC 9964 for AKP).
     *
     * @return a JSON object without private members
     */
    public String jwk() {
        return Json.write(publicMembers);
    }

    Algorithm definition() {
        return algorithm;
    }

    Map<String, Object> publicMembers() {
        return publicMembers;
    }

    /** Returns the algorithm and the kid, nothing of the key itself. */
    @Override
    public String toString() {
        return algorithm.providerName() + " key " + (kid == null ? "without kid" : kid);
    }
}
