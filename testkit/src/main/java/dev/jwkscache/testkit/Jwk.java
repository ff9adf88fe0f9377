package dev.jwkscache.testkit;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Renders keys as JWK members (RFC 7517, RFC 7518 section 6, RFC 8037, RFC 9964). */
final class Jwk {
    private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();

    private Jwk() {}

    /** Returns the members that make up the key, exactly those of which RFC 7638 takes the thumbprint. */
    static Map<String, Object> material(Algorithm algorithm, PublicKey key) {
        Map<String, Object> members = new TreeMap<>();
        members.put("kty", algorithm.family().name());
        String curve = algorithm.curve();
        if (curve != null) {
            members.put("crv", curve);
        }
        switch (algorithm.family()) {
            case RSA -> {
                RSAPublicKey rsa = (RSAPublicKey) key;
                members.put("n", unsigned(rsa.getModulus()));
                members.put("e", unsigned(rsa.getPublicExponent()));
            }
            case EC -> {
                ECPublicKey ec = (ECPublicKey) key;
                int width = (ec.getParams().getCurve().getField().getFieldSize() + 7) / 8;
                members.put("x", unsigned(ec.getW().getAffineX(), width));
                members.put("y", unsigned(ec.getW().getAffineY(), width));
            }
            case OKP -> members.put("x", tail(key, algorithm == Algorithm.ED25519 ? 32 : 57));
            case AKP -> {
                // RFC 9964: alg belongs to the key, and so to its thumbprint.
                members.put("alg", algorithm.joseName());
                members.put("pub", tail(key, mlDsaKeyLength(algorithm)));
            }
        }
        return members;
    }

    static Map<String, Object> describe(Map<String, Object> material, @Nullable String kid, String use, String alg) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("kty", material.getOrDefault("kty", ""));
        if (kid != null) {
            members.put("kid", kid);
        }
        members.put("use", use);
        members.put("alg", alg);
        members.putAll(material);
        return Collections.unmodifiableMap(members);
    }

    /** Returns the private members (RFC 7518 section 6.3.2), which nobody should publish. */
    static Map<String, Object> privateMembers(PrivateKey key) {
        RSAPrivateCrtKey rsa = (RSAPrivateCrtKey) key;
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("d", unsigned(rsa.getPrivateExponent()));
        members.put("p", unsigned(rsa.getPrimeP()));
        members.put("q", unsigned(rsa.getPrimeQ()));
        members.put("dp", unsigned(rsa.getPrimeExponentP()));
        members.put("dq", unsigned(rsa.getPrimeExponentQ()));
        members.put("qi", unsigned(rsa.getCrtCoefficient()));
        return members;
    }

    static String thumbprint(Map<String, Object> material) {
        return BASE64URL.encodeToString(sha256(Json.write(material).getBytes(StandardCharsets.UTF_8)));
    }

    static String base64url(byte[] bytes) {
        return BASE64URL.encodeToString(bytes);
    }

    static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static int mlDsaKeyLength(Algorithm algorithm) {
        return switch (algorithm) {
            case ML_DSA_44 -> 1312;
            case ML_DSA_65 -> 1952;
            default -> 2592;
        };
    }

    /** The raw public key of OKP and AKP is the end of its X.509 form. */
    private static String tail(PublicKey key, int length) {
        byte[] encoded = key.getEncoded();
        return base64url(Arrays.copyOfRange(encoded, encoded.length - length, encoded.length));
    }

    private static String unsigned(BigInteger value) {
        return unsigned(value, (value.bitLength() + 7) / 8);
    }

    private static String unsigned(BigInteger value, int width) {
        byte[] signed = value.toByteArray();
        byte[] unsigned = new byte[width];
        int length = Math.min(signed.length, width);
        System.arraycopy(signed, signed.length - length, unsigned, width - length, length);
        return base64url(unsigned);
    }
}
