package dev.jwkscache;

import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The signature algorithms that are served: RFC 7518 §3.1, RFC 8037, RFC 9864 and RFC 9964. */
enum JwsAlgorithm {
    RS256("RS256", "RSA", Set.of(), "SHA256withRSA", null),
    RS384("RS384", "RSA", Set.of(), "SHA384withRSA", null),
    RS512("RS512", "RSA", Set.of(), "SHA512withRSA", null),
    PS256("PS256", "RSA", Set.of(), "RSASSA-PSS", pss("SHA-256", MGF1ParameterSpec.SHA256, 32)),
    PS384("PS384", "RSA", Set.of(), "RSASSA-PSS", pss("SHA-384", MGF1ParameterSpec.SHA384, 48)),
    PS512("PS512", "RSA", Set.of(), "RSASSA-PSS", pss("SHA-512", MGF1ParameterSpec.SHA512, 64)),
    ES256("ES256", "EC", Set.of("P-256"), "SHA256withECDSAinP1363Format", null),
    ES384("ES384", "EC", Set.of("P-384"), "SHA384withECDSAinP1363Format", null),
    ES512("ES512", "EC", Set.of("P-521"), "SHA512withECDSAinP1363Format", null),
    EDDSA("EdDSA", "OKP", Set.of("Ed25519", "Ed448"), "EdDSA", null),
    ED25519("Ed25519", "OKP", Set.of("Ed25519"), "Ed25519", null),
    ED448("Ed448", "OKP", Set.of("Ed448"), "Ed448", null),
    ML_DSA_44("ML-DSA-44", "AKP", Set.of(), "ML-DSA-44", null),
    ML_DSA_65("ML-DSA-65", "AKP", Set.of(), "ML-DSA-65", null),
    ML_DSA_87("ML-DSA-87", "AKP", Set.of(), "ML-DSA-87", null);

    private static final Map<String, JwsAlgorithm> BY_NAME = new LinkedHashMap<>();

    static {
        for (JwsAlgorithm algorithm : values()) {
            BY_NAME.put(algorithm.joseName, algorithm);
        }
    }

    private final String joseName;
    private final String keyType;
    private final Set<String> curves;
    private final String signatureName;
    private final @Nullable AlgorithmParameterSpec parameters;

    JwsAlgorithm(
            String joseName,
            String keyType,
            Set<String> curves,
            String signatureName,
            @Nullable AlgorithmParameterSpec parameters) {
        this.joseName = joseName;
        this.keyType = keyType;
        this.curves = curves;
        this.signatureName = signatureName;
        this.parameters = parameters;
    }

    /** All of them in the order above; immutable. */
    static Set<String> names() {
        return Collections.unmodifiableSet(BY_NAME.keySet());
    }

    /** The algorithm of that {@code alg} value, or null where it is none that is served. */
    static @Nullable JwsAlgorithm named(String alg) {
        return BY_NAME.get(alg);
    }

    String joseName() {
        return joseName;
    }

    /** Whether a key of this type and curve can carry this algorithm, its own {@code alg} aside. */
    boolean fits(String kty, @Nullable String curve) {
        return keyType.equals(kty) && (curves.isEmpty() || (curve != null && curves.contains(curve)));
    }

    /**
     * Whether a key that declares {@code declared} may be used for this algorithm. «EdDSA» and the fully specified names
     * of RFC 9864 mean the same key; all else must be equal.
     */
    boolean allowedBy(JwsAlgorithm declared) {
        return this == declared || (keyType.equals("OKP") && declared.keyType.equals("OKP"));
    }

    Signature newSignature() throws GeneralSecurityException {
        Signature signature = Signature.getInstance(signatureName);
        if (parameters != null) {
            signature.setParameter(parameters);
        }
        return signature;
    }

    private static PSSParameterSpec pss(String digest, MGF1ParameterSpec mask, int saltLength) {
        return new PSSParameterSpec(digest, "MGF1", mask, saltLength, PSSParameterSpec.TRAILER_FIELD_BC);
    }
}
