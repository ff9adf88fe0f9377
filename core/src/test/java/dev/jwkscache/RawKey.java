package dev.jwkscache;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.text.ParseException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An entry as published, and what a reader of the RFCs expects of it: thumbprint and algorithms, reckoned without the
 * library.
 */
record RawKey(String text, Map<String, Object> members) {
    static final List<String> RSA = List.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512");

    private static final Map<String, List<String>> BY_CURVE = Map.of(
            "P-256", List.of("ES256"),
            "P-384", List.of("ES384"),
            "P-521", List.of("ES512"),
            "Ed25519", List.of("EdDSA", "Ed25519"),
            "Ed448", List.of("EdDSA", "Ed448"));

    private static final Map<String, Integer> OCTETS =
            Map.of("P-256", 32, "P-384", 48, "P-521", 66, "Ed25519", 32, "Ed448", 57);

    private static final Map<String, Integer> ML_DSA_OCTETS =
            Map.of("ML-DSA-44", 1312, "ML-DSA-65", 1952, "ML-DSA-87", 2592);

    /** Of a member named twice, the last counts (RFC 7517 §4). */
    static RawKey of(String text) {
        try {
            // One level down, because the outermost object of this parser must not name a member twice.
            return new RawKey(
                    text, JSONObjectUtils.getJSONObject(JSONObjectUtils.parse("{\"entry\":" + text + "}"), "entry"));
        } catch (ParseException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    /** The member, where it is a string that is not empty; otherwise null. */
    String string(String member) {
        return members.get(member) instanceof String value && !value.isEmpty() ? value : null;
    }

    String kid() {
        return string("kid");
    }

    boolean hasPrivateMembers() {
        return members.keySet().stream()
                .anyMatch(Set.of("d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv")::contains);
    }

    /** The algorithms that type, curve and {@code alg} allow; an {@code alg} that nobody registered allows all. */
    List<String> algorithms() {
        String alg = string("alg");
        return switch (string("kty")) {
            case "RSA" -> alg != null && RSA.contains(alg) ? List.of(alg) : RSA;
            case "AKP" -> List.of(alg);
            default -> BY_CURVE.get(string("crv"));
        };
    }

    /** The thumbprint (RFC 7638 §3, RFC 8037 §2, RFC 9964 §6) that the members say. */
    String thumbprint() {
        return switch (string("kty")) {
            case "RSA" -> rsa(integer("n", 0), integer("e", 0));
            case "EC" -> ec(string("crv"), integer("x", octets()), integer("y", octets()));
            case "OKP" -> okp(string("crv"), decode(string("x")));
            default -> akp(string("alg"), decode(string("pub")));
        };
    }

    /** The thumbprint of a key of the JDK that was made of this entry. */
    String thumbprintOf(PublicKey key) {
        if (key instanceof RSAPublicKey rsa) {
            return rsa(octets(rsa.getModulus(), 0), octets(rsa.getPublicExponent(), 0));
        }
        if (key instanceof ECPublicKey ec) {
            int field = ec.getParams().getCurve().getField().getFieldSize();
            return ec(
                    "P-" + field,
                    octets(ec.getW().getAffineX(), (field + 7) / 8),
                    octets(ec.getW().getAffineY(), (field + 7) / 8));
        }
        return string("kty").equals("OKP")
                ? okp(string("crv"), tail(key, octets()))
                : akp(string("alg"), tail(key, ML_DSA_OCTETS.get(string("alg"))));
    }

    private int octets() {
        return OCTETS.get(string("crv"));
    }

    private byte[] integer(String member, int width) {
        return octets(new BigInteger(HexFormat.of().formatHex(decode(string(member))), 16), width);
    }

    /** Either alphabet, with or without padding. */
    private static byte[] decode(String text) {
        String standard = text.replace('-', '+').replace('_', '/').replace("=", "");
        return Base64.getDecoder().decode(standard + "=".repeat((4 - standard.length() % 4) % 4));
    }

    /** Big-endian without a sign, in that many octets; 0: in as few as hold it. */
    private static byte[] octets(BigInteger value, int width) {
        String hex = value.toString(16);
        int digits = width == 0 ? hex.length() + hex.length() % 2 : width * 2;
        return HexFormat.of().parseHex("0".repeat(digits - hex.length()) + hex);
    }

    private static byte[] tail(PublicKey key, int length) {
        byte[] encoded = key.getEncoded();
        return Arrays.copyOfRange(encoded, encoded.length - length, encoded.length);
    }

    private static String rsa(byte[] n, byte[] e) {
        return sha256("{\"e\":\"%s\",\"kty\":\"RSA\",\"n\":\"%s\"}".formatted(encode(e), encode(n)));
    }

    private static String ec(String crv, byte[] x, byte[] y) {
        return sha256("{\"crv\":\"%s\",\"kty\":\"EC\",\"x\":\"%s\",\"y\":\"%s\"}".formatted(crv, encode(x), encode(y)));
    }

    private static String okp(String crv, byte[] x) {
        return sha256("{\"crv\":\"%s\",\"kty\":\"OKP\",\"x\":\"%s\"}".formatted(crv, encode(x)));
    }

    private static String akp(String alg, byte[] pub) {
        return sha256("{\"alg\":\"%s\",\"kty\":\"AKP\",\"pub\":\"%s\"}".formatted(alg, encode(pub)));
    }

    private static String sha256(String canonical) {
        try {
            return encode(MessageDigest.getInstance("SHA-256").digest(canonical.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String encode(byte[] octets) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
    }
}
