package dev.jwkscache;

import java.util.Locale;

/** Why an entry of a set is not used (RFC 7517 §5: what is not understood is ignored, the rest is kept). */
public enum SkipReason {
    /** The entry is no JSON object. */
    NOT_AN_OBJECT,
    /** A member that is needed is absent, of the wrong type or does not decode. */
    MALFORMED_MEMBER,
    /** The key type is none that is known. */
    UNKNOWN_KEY_TYPE,
    /** The curve, size or algorithm is none that is known. */
    UNSUPPORTED_PARAMETERS,
    /** The algorithm is known, but this JDK does not have it (ML-DSA before JDK 24). */
    UNSUPPORTED_BY_JDK,
    /** {@code use}, {@code key_ops}, {@code alg} or the curve say that the key is not for verifying signatures. */
    NOT_FOR_SIGNATURES,
    /** A symmetric key: never trusted from an origin. */
    SYMMETRIC,
    /** {@code alg} names an algorithm that this type of key cannot carry. */
    CONTRADICTING_ALGORITHM,
    /** The key is too small or its parameters are unsafe (RFC 7518 §3.3: RSA has 2048 bits or more). */
    WEAK;

    /** The reason as a metric label: lower case with underscores. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
