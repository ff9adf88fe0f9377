package dev.jwkscache.testkit;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The signature algorithms: how each makes keys and signs (RFC 7518 section 3, RFC 8037, RFC 9964). */
enum Algorithm {
    RS256(Family.RSA, "SHA256withRSA", "RS256", 256),
    RS384(Family.RSA, "SHA384withRSA", "RS384", 256),
    RS512(Family.RSA, "SHA512withRSA", "RS512", 256),
    PS256(Family.RSA, "SHA-256", "PS256", 256),
    PS384(Family.RSA, "SHA-384", "PS384", 256),
    PS512(Family.RSA, "SHA-512", "PS512", 256),
    ES256(Family.EC, "SHA256withECDSAinP1363Format", "ES256", 64),
    ES384(Family.EC, "SHA384withECDSAinP1363Format", "ES384", 96),
    ES512(Family.EC, "SHA512withECDSAinP1363Format", "ES512", 132),
    ED25519(Family.OKP, "Ed25519", "EdDSA", 64),
    ED448(Family.OKP, "Ed448", "EdDSA", 114),
    ML_DSA_44(Family.AKP, "ML-DSA-44", "ML-DSA-44", 2420),
    ML_DSA_65(Family.AKP, "ML-DSA-65", "ML-DSA-65", 3309),
    ML_DSA_87(Family.AKP, "ML-DSA-87", "ML-DSA-87", 4627);

    /** The key types, named as in the {@code kty} member of a JWK. */
    enum Family {
        RSA,
        EC,
        OKP,
        AKP
    }

    private final Family family;
    private final String jdkName;
    private final String joseName;
    private final int signatureLength;

    Algorithm(Family family, String jdkName, String joseName, int signatureLength) {
        this.family = family;
        this.jdkName = jdkName;
        this.joseName = joseName;
        this.signatureLength = signatureLength;
    }

    /** Finds an algorithm by the name that callers use; {@code EdDSA} is Ed25519. Null if there is none. */
    static @Nullable Algorithm find(String name) {
        if (name.equals("EdDSA")) {
            return ED25519;
        }
        return Arrays.stream(values())
                .filter(algorithm -> algorithm.providerName().equals(name))
                .findFirst()
                .orElse(null);
    }

    static Algorithm usable(String name) {
        Algorithm algorithm = find(name);
        if (algorithm == null) {
            throw new IllegalArgumentException("no algorithm is called " + name + ": use one of "
                    + Arrays.stream(values()).map(Algorithm::providerName).collect(Collectors.joining(", ")));
        }
        if (!algorithm.supported()) {
            throw new UnsupportedOperationException(name + " is not available in Java " + Runtime.version()
                    + ": ML-DSA needs Java 24 or later (ask ScriptedProvider.supports first)");
        }
        return algorithm;
    }

    Family family() {
        return family;
    }

    String providerName() {
        return family == Family.OKP ? jdkName : joseName;
    }

    String joseName() {
        return joseName;
    }

    int signatureLength() {
        return signatureLength;
    }

    /** The name of the curve in a JWK (RFC 7518 section 6.2.1.1, RFC 8037 section 2); null for RSA and AKP. */
    @Nullable
    String curve() {
        return switch (this) {
            case ES256 -> "P-256";
            case ES384 -> "P-384";
            case ES512 -> "P-521";
            case ED25519, ED448 -> jdkName;
            default -> null;
        };
    }

    boolean supported() {
        if (family != Family.AKP) {
            return true;
        }
        try {
            KeyPairGenerator.getInstance(jdkName);
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    KeyPair generate() {
        try {
            return switch (family) {
                case RSA -> RsaKeys.next();
                case EC -> {
                    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
                    generator.initialize(new ECGenParameterSpec(jdkCurve()));
                    yield generator.generateKeyPair();
                }
                case OKP, AKP -> KeyPairGenerator.getInstance(jdkName).generateKeyPair();
            };
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK made no key for " + providerName(), e);
        }
    }

    byte[] sign(PrivateKey key, byte[] content) {
        try {
            Signature signature = Signature.getInstance(pss() ? "RSASSA-PSS" : jdkName);
            if (pss()) {
                int saltLength = Integer.parseInt(jdkName.substring("SHA-".length())) / 8;
                signature.setParameter(
                        new PSSParameterSpec(jdkName, "MGF1", new MGF1ParameterSpec(jdkName), saltLength, 1));
            }
            signature.initSign(key);
            signature.update(content);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK made no " + providerName() + " signature", e);
        }
    }

    private boolean pss() {
        return joseName.startsWith("PS");
    }

    private String jdkCurve() {
        return switch (this) {
            case ES256 -> "secp256r1";
            case ES384 -> "secp384r1";
            default -> "secp521r1";
        };
    }
}
