package dev.jwkscache;

import java.security.PublicKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One usable key of a {@link JwkSet}, as its provider published it. Immutable.
 *
 * <p>Holds public members only. What verifies a token is a {@link VerificationKey}: this key together with one of its
 * {@link #algorithms()}.
 */
public final class Jwk {
    private final JwkMembers members;
    private final PublicKey publicKey;
    private final String thumbprint;
    private final List<String> algorithms;

    Jwk(JwkMembers members, PublicKey publicKey, String thumbprint, List<String> algorithms) {
        this.members = members;
        this.publicKey = publicKey;
        this.thumbprint = thumbprint;
        this.algorithms = List.copyOf(algorithms);
    }

    /** The key id (RFC 7517 §4.5); empty where the provider gave none, an empty one, or one that is no string. */
    public Optional<String> kid() {
        return Optional.ofNullable(members.kid());
    }

    /** The key type (RFC 7517 §4.1): {@code RSA}, {@code EC}, {@code OKP} or {@code AKP}. */
    public String keyType() {
        return members.keyType();
    }

    /** The curve (RFC 7518 §6.2.1.1, RFC 8037 §2); empty for RSA and AKP. */
    public Optional<String> curve() {
        return Optional.ofNullable(members.curve());
    }

    /** The {@code use} member (RFC 7517 §4.2) as published; empty where there is none. */
    public Optional<String> use() {
        return Optional.ofNullable(members.use());
    }

    /** The {@code alg} member (RFC 7517 §4.4) as published; empty where there is none. */
    public Optional<String> declaredAlgorithm() {
        return Optional.ofNullable(members.algorithm());
    }

    /** The signature algorithms this key may be used for; never empty, immutable. */
    public List<String> algorithms() {
        return algorithms;
    }

    /** The key, converted once when the set was loaded. */
    public PublicKey publicKey() {
        return publicKey;
    }

    /** The SHA-256 thumbprint (RFC 7638) in base64url. */
    public String thumbprint() {
        return thumbprint;
    }

    /** When the first certificate of {@code x5c} (RFC 7517 §4.7) expires; empty without a readable certificate. */
    public Optional<Instant> certificateExpiry() {
        return Optional.ofNullable(members.certificateExpiry());
    }

    /**
     * The key as its provider published it, with every member but the private ones, as compact JSON (RFC 7517 §4): for who
     * serves it on. Empty unless {@link JwksCache.Builder#keepJson} says to keep it.
     */
    public Optional<String> json() {
        return Optional.ofNullable(members.json());
    }

    /** Kid, type and thumbprint; safe to log. */
    @Override
    public String toString() {
        return "Jwk[kid=" + SafeText.quoted(members.kid()) + ", kty=" + keyType() + ", thumbprint=" + thumbprint + "]";
    }
}
