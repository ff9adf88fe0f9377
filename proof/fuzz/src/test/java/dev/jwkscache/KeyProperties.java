package dev.jwkscache;

import java.math.BigInteger;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.EllipticCurve;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What every served set must be, written down apart from the code that makes it so. */
final class KeyProperties {
    /** The bits of each curve's order (SEC 2), by the one algorithm it serves (RFC 7518 §3.4). */
    private static final Map<String, Integer> ORDER_BITS = Map.of("ES256", 256, "ES384", 384, "ES512", 521);

    private static final Map<String, String> CURVES = Map.of("ES256", "P-256", "ES384", "P-384", "ES512", "P-521");
    private static final List<String> ALL = List.of(
            "RS256",
            "RS384",
            "RS512",
            "PS256",
            "PS384",
            "PS512",
            "ES256",
            "ES384",
            "ES512",
            "EdDSA",
            "Ed25519",
            "Ed448",
            "ML-DSA-44",
            "ML-DSA-65",
            "ML-DSA-87");
    private static final List<String> NEVER =
            List.of("none", "HS256", "HS384", "HS512", "ES256K", "RSA-OAEP", "dir", "");

    private KeyProperties() {}

    /** Checks a set that came of so many entries. */
    static void hold(JwkSet set, int entries) {
        Held.that(set.size() >= 1, "a served set has a usable key");
        Held.that(set.size() + set.skipped().size() == entries, "each entry is used or skipped", set);
        Held.that(set.privateKeyCount() <= entries, "no more private keys than entries");
        Set<Integer> indices = new HashSet<>();
        for (SkippedKey skipped : set.skipped()) {
            Held.that(skipped.index() >= 0 && skipped.index() < entries, "an index of the document", skipped);
            Held.that(indices.add(skipped.index()), "no entry is skipped twice", skipped);
            Held.that(skipped.reason() != null, "a reason");
            Held.message(skipped.detail(), 2 * Held.QUOTED + 100);
            if (skipped.safeKid() != null) {
                Held.message(skipped.safeKid(), Held.QUOTED);
            }
        }
        Held.message(set.toString(), 100);
        set.keys().forEach(KeyProperties::hold);
        lookups(set);
    }

    /** Checks that two readings of one document are the same set. */
    static void same(JwkSet one, JwkSet other) {
        Held.that(one.size() == other.size() && one.skipped().equals(other.skipped()), "reading twice skips the same");
        for (int i = 0; i < one.size(); i++) {
            Jwk key = one.keys().get(i);
            Jwk again = other.keys().get(i);
            Held.that(key.thumbprint().equals(again.thumbprint()), "reading twice gives one thumbprint", key);
            Held.that(key.kid().equals(again.kid()), "reading twice gives one kid", key);
        }
    }

    private static void hold(Jwk key) {
        Held.that(key.kid().map(kid -> !kid.isEmpty()).orElse(true), "no empty kid");
        Held.that(!key.algorithms().isEmpty(), "a served key serves an algorithm", key);
        Held.that(key.thumbprint().length() == 43, "a thumbprint of 32 octets in base64url", key);
        Held.message(key.toString(), Held.QUOTED + 100);
        Held.that(key.use().isEmpty() || key.use().get().equals("sig"), "no key that is for something else", key.use());
        for (String algorithm : key.algorithms()) {
            Held.that(fits(key, algorithm), "a key that fits " + algorithm, key);
            Held.that(agrees(key.declaredAlgorithm().orElse(null), algorithm), "as its alg says", key);
        }
    }

    /** Kind of key, curve and size, as RFC 7518 §3, RFC 8037 §3 and RFC 9964 §3 demand them. */
    private static boolean fits(Jwk key, String algorithm) {
        PublicKey material = key.publicKey();
        if (algorithm.startsWith("RS") || algorithm.startsWith("PS")) {
            return key.keyType().equals("RSA")
                    && material instanceof RSAPublicKey rsa
                    && rsa.getModulus().bitLength() >= 2048
                    && rsa.getModulus().bitLength() <= 16384
                    && rsa.getPublicExponent().signum() > 0
                    && rsa.getPublicExponent().bitLength() > 1;
        }
        if (algorithm.startsWith("ES")) {
            return key.keyType().equals("EC")
                    && Objects.equals(key.curve().orElse(null), CURVES.get(algorithm))
                    && material instanceof ECPublicKey ec
                    && ec.getParams().getOrder().bitLength() == ORDER_BITS.get(algorithm)
                    && isOnCurve(ec);
        }
        if (algorithm.startsWith("ML-DSA")) {
            return key.keyType().equals("AKP") && material.getAlgorithm().startsWith("ML-DSA");
        }
        String curve = key.curve().orElse("none");
        return key.keyType().equals("OKP")
                && (algorithm.equals("EdDSA") || algorithm.equals(curve))
                && material instanceof EdECPublicKey ed
                && ed.getParams().getName().equals(curve);
    }

    /** The equation of a short Weierstrass curve (SEC 1 §2.2.1). */
    private static boolean isOnCurve(ECPublicKey key) {
        EllipticCurve curve = key.getParams().getCurve();
        BigInteger p = ((ECFieldFp) curve.getField()).getP();
        BigInteger x = key.getW().getAffineX();
        BigInteger y = key.getW().getAffineY();
        BigInteger right = x.multiply(x).add(curve.getA()).multiply(x).add(curve.getB());
        return x.compareTo(p) < 0
                && y.compareTo(p) < 0
                && y.multiply(y).subtract(right).mod(p).signum() == 0;
    }

    private static boolean agrees(String declared, String algorithm) {
        if (declared == null || !ALL.contains(declared)) {
            return !NEVER.contains(String.valueOf(declared)) || "".equals(declared);
        }
        return declared.equals(algorithm) || (declared.startsWith("Ed") && algorithm.startsWith("Ed"));
    }

    private static void lookups(JwkSet set) {
        for (String algorithm : ALL) {
            List<VerificationKey> any = set.find(null, algorithm);
            Held.that(any.size() <= 10, "a lookup without kid offers ten keys at the most", any);
            Held.that(any.equals(set.find("", algorithm)), "an empty kid is none");
            for (VerificationKey key : any) {
                Held.that(key.algorithm().equals(algorithm), "the algorithm that was asked for", key);
                Held.that(key.jwk().algorithms().contains(algorithm), "an algorithm that the key serves", key);
            }
        }
        for (Jwk key : set.keys()) {
            String kid = key.kid().orElse(null);
            for (String algorithm : key.algorithms()) {
                List<VerificationKey> found = set.find(kid, algorithm);
                Held.that(
                        found.stream().anyMatch(candidate -> candidate.jwk() == key)
                                || (kid == null && found.size() == 10),
                        "a key that can be found",
                        key);
            }
            for (String algorithm : NEVER) {
                Held.that(set.find(kid, algorithm).isEmpty(), "nothing for " + algorithm, key);
            }
        }
    }
}
