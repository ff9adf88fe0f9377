package dev.jwkscache;

import com.nimbusds.jose.crypto.utils.ECChecks;
import com.nimbusds.jose.jwk.Curve;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.KeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Turns the public members of a JWK into a {@link PublicKey} and its thumbprint (RFC 7638). Integers may carry padding,
 * the standard base64 alphabet or other leading zeros; octet keys must be exact.
 */
record KeyMaterial(PublicKey publicKey, String thumbprint) {
    /** Verifying with a larger modulus would cost more than any provider means it to. */
    private static final int MAX_RSA_BITS = 16384;

    private static final Set<String> EC_CURVES = Set.of("P-256", "P-384", "P-521");

    /** The SubjectPublicKeyInfo (RFC 5280 §4.1) up to the key's octets, for keys that are plain octets. */
    private static final Map<String, OctetKey> OCTET_KEYS = Map.of(
            "Ed25519", new OctetKey("Ed25519", "302a300506032b6570032100", 32),
            "Ed448", new OctetKey("Ed448", "3043300506032b6571033a00", 57),
            "ML-DSA-44", new OctetKey("ML-DSA-44", "30820532300b06096086480165030403110382052100", 1312),
            "ML-DSA-65", new OctetKey("ML-DSA-65", "308207b2300b0609608648016503040312038207a100", 1952),
            "ML-DSA-87", new OctetKey("ML-DSA-87", "30820a32300b060960864801650304031303820a2100", 2592));

    static KeyMaterial read(Map<?, ?> jwk, String kty, @Nullable String curve, int minRsaBits)
            throws UnusableKeyException {
        return switch (kty) {
            case "RSA" -> rsa(jwk, minRsaBits);
            case "EC" -> ec(jwk, Objects.requireNonNull(curve));
            case "OKP" -> okp(jwk, Objects.requireNonNull(curve));
            case "AKP" -> akp(jwk);
            default -> throw new IllegalArgumentException(kty);
        };
    }

    private static KeyMaterial rsa(Map<?, ?> jwk, int minRsaBits) throws UnusableKeyException {
        BigInteger n = integer(jwk, "n");
        BigInteger e = integer(jwk, "e");
        int bits = n.bitLength();
        if (bits < minRsaBits) {
            throw new UnusableKeyException(
                    SkipReason.WEAK,
                    "the RSA modulus has " + bits + " bits; " + minRsaBits + " is the least (RFC 7518 §3.3)");
        }
        if (bits > MAX_RSA_BITS) {
            throw new UnusableKeyException(
                    SkipReason.UNSUPPORTED_PARAMETERS,
                    "the RSA modulus has " + bits + " bits; " + MAX_RSA_BITS + " is the most");
        }
        if (!n.testBit(0) || !e.testBit(0) || e.compareTo(BigInteger.valueOf(3)) < 0 || e.compareTo(n) >= 0) {
            throw new UnusableKeyException(
                    SkipReason.WEAK, "the RSA modulus or exponent is even, or the exponent is out of range");
        }
        if (WeakModulus.isRoca(n)) {
            throw new UnusableKeyException(
                    SkipReason.WEAK, "the RSA key comes from a generator whose keys can be factored (CVE-2017-15361)");
        }
        String canonical =
                "{\"e\":\"" + base64Url(unsigned(e)) + "\",\"kty\":\"RSA\",\"n\":\"" + base64Url(unsigned(n)) + "\"}";
        return of("RSA", new RSAPublicKeySpec(n, e), canonical);
    }

    private static KeyMaterial ec(Map<?, ?> jwk, String crv) throws UnusableKeyException {
        if (!EC_CURVES.contains(crv)) {
            throw new UnusableKeyException(
                    SkipReason.UNSUPPORTED_PARAMETERS, "curve " + SafeText.quoted(crv) + " is not supported");
        }
        ECParameterSpec parameters = Curve.parse(crv).toECParameterSpec();
        BigInteger x = integer(jwk, "x");
        BigInteger y = integer(jwk, "y");
        BigInteger p = ((ECFieldFp) parameters.getCurve().getField()).getP();
        if (x.compareTo(p) >= 0 || y.compareTo(p) >= 0 || !ECChecks.isPointOnCurve(x, y, parameters)) {
            throw new UnusableKeyException(SkipReason.MALFORMED_MEMBER, "x and y are no point on curve " + crv);
        }
        int octets = (parameters.getCurve().getField().getFieldSize() + 7) / 8;
        String canonical = "{\"crv\":\"" + crv + "\",\"kty\":\"EC\",\"x\":\"" + base64Url(fixedLength(x, octets))
                + "\",\"y\":\"" + base64Url(fixedLength(y, octets)) + "\"}";
        return of("EC", new ECPublicKeySpec(new ECPoint(x, y), parameters), canonical);
    }

    private static KeyMaterial okp(Map<?, ?> jwk, String crv) throws UnusableKeyException {
        if (crv.equals("X25519") || crv.equals("X448")) {
            throw new UnusableKeyException(SkipReason.NOT_FOR_SIGNATURES, crv + " is for key agreement");
        }
        if (!crv.equals("Ed25519") && !crv.equals("Ed448")) {
            throw new UnusableKeyException(
                    SkipReason.UNSUPPORTED_PARAMETERS, "curve " + SafeText.quoted(crv) + " is not supported");
        }
        byte[] x = octets(jwk, "x");
        return octetKey(
                Objects.requireNonNull(OCTET_KEYS.get(crv)),
                x,
                "{\"crv\":\"" + crv + "\",\"kty\":\"OKP\",\"x\":\"" + base64Url(x) + "\"}");
    }

    private static KeyMaterial akp(Map<?, ?> jwk) throws UnusableKeyException {
        String alg = JwkSetParser.requiredString(jwk, "alg");
        byte[] pub = octets(jwk, "pub");
        return octetKey(
                Objects.requireNonNull(OCTET_KEYS.get(alg)),
                pub,
                "{\"alg\":\"" + alg + "\",\"kty\":\"AKP\",\"pub\":\"" + base64Url(pub) + "\"}");
    }

    private static KeyMaterial octetKey(OctetKey form, byte[] octets, String canonical) throws UnusableKeyException {
        if (octets.length != form.length()) {
            throw new UnusableKeyException(
                    SkipReason.MALFORMED_MEMBER,
                    "the " + form.factory() + " key has " + octets.length + " octets, not " + form.length());
        }
        byte[] prefix = HexFormat.of().parseHex(form.prefix());
        byte[] encoded = new byte[prefix.length + octets.length];
        System.arraycopy(prefix, 0, encoded, 0, prefix.length);
        System.arraycopy(octets, 0, encoded, prefix.length, octets.length);
        return of(form.factory(), new X509EncodedKeySpec(encoded), canonical);
    }

    private static KeyMaterial of(String factory, KeySpec spec, String canonical) throws UnusableKeyException {
        try {
            PublicKey key = KeyFactory.getInstance(factory).generatePublic(spec);
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(canonical.getBytes(StandardCharsets.UTF_8));
            return new KeyMaterial(key, base64Url(digest));
        } catch (NoSuchAlgorithmException e) {
            throw new UnusableKeyException(
                    SkipReason.UNSUPPORTED_BY_JDK,
                    factory + " is not in this JDK (" + Runtime.version().feature() + ")");
        } catch (GeneralSecurityException | RuntimeException e) {
            throw new UnusableKeyException(
                    SkipReason.MALFORMED_MEMBER, "the JDK refuses the " + factory + " key: not a valid public key");
        }
    }

    private static BigInteger integer(Map<?, ?> jwk, String member) throws UnusableKeyException {
        return new BigInteger(1, octets(jwk, member));
    }

    private static byte[] octets(Map<?, ?> jwk, String member) throws UnusableKeyException {
        String value = JwkSetParser.requiredString(jwk, member);
        int end = value.length();
        while (end > 0 && value.charAt(end - 1) == '=') {
            end--;
        }
        try {
            return Base64.getUrlDecoder()
                    .decode(value.substring(0, end).replace('+', '-').replace('/', '_'));
        } catch (IllegalArgumentException e) {
            throw new UnusableKeyException(SkipReason.MALFORMED_MEMBER, "member " + member + " is no base64url");
        }
    }

    private static byte[] unsigned(BigInteger value) {
        return fixedLength(value, (value.bitLength() + 7) / 8);
    }

    private static byte[] fixedLength(BigInteger value, int length) {
        byte[] signed = value.toByteArray();
        byte[] fixed = new byte[length];
        int from = Math.max(0, signed.length - length);
        System.arraycopy(signed, from, fixed, length - (signed.length - from), signed.length - from);
        return fixed;
    }

    private static String base64Url(byte[] octets) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
    }

    private record OctetKey(String factory, String prefix, int length) {}
}
