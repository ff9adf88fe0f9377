package dev.jwkscache;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a JWK Set document (RFC 7517 §5): what is understood is kept, the rest is skipped with its reason. Tolerant about
 * decoration (certificates, thumbprints, unknown members), strict about key material.
 */
record JwkSetParser(KeyRules rules) {
    private static final Set<String> PRIVATE_MEMBERS = Set.of("d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv");
    private static final Set<String> KEY_TYPES = Set.of("RSA", "EC", "OKP", "AKP");
    /** Registered (RFC 7518, RFC 8812) and never served: such a key is not to be used for anything else either. */
    private static final Set<String> NEVER_SERVED = Set.of("HS256", "HS384", "HS512", "none", "ES256K");

    private static final List<String> ENCRYPTION_ALGORITHM_PREFIXES =
            List.of("RSA-OAEP", "RSA1_5", "ECDH-ES", "A128", "A192", "A256", "PBES2", "dir", "HPKE");

    /**
     * Parses a document.
     *
     * @throws FetchException if it is no JSON object with an array {@code keys}, or holds no usable key
     */
    JwkSet parse(byte[] document) throws FetchException {
        List<?> entries = entries(document);
        List<Jwk> keys = new ArrayList<>();
        List<SkippedKey> skipped = new ArrayList<>();
        int withPrivateMembers = 0;
        for (int i = 0; i < entries.size(); i++) {
            Object entry = entries.get(i);
            if (!(entry instanceof Map<?, ?> members)) {
                skipped.add(new SkippedKey(i, null, SkipReason.NOT_AN_OBJECT, "the entry is no JSON object"));
                continue;
            }
            if (!Collections.disjoint(members.keySet(), PRIVATE_MEMBERS)) {
                withPrivateMembers++;
            }
            try {
                keys.add(read(members));
            } catch (UnusableKeyException e) {
                String kid = optionalString(members, "kid");
                skipped.add(new SkippedKey(i, kid == null ? null : SafeText.of(kid), e.reason(), e.detail()));
            }
        }
        if (keys.isEmpty()) {
            throw new FetchException(FailureReason.NO_USABLE_KEY, describeUseless(skipped));
        }
        return new JwkSet(keys, skipped, withPrivateMembers);
    }

    private static List<?> entries(byte[] document) throws FetchException {
        if (Json.object(document).get("keys") instanceof List<?> entries) {
            return entries;
        }
        throw new FetchException(FailureReason.NO_KEYS_MEMBER, "the document has no array \"keys\" (RFC 7517 §5.1)");
    }

    private static String describeUseless(List<SkippedKey> skipped) {
        if (skipped.isEmpty()) {
            return "the set is empty";
        }
        SkippedKey first = skipped.get(0);
        return "none of the " + skipped.size() + " entries verifies signatures; the first: " + first.detail();
    }

    private Jwk read(Map<?, ?> jwk) throws UnusableKeyException {
        String kty = requiredString(jwk, "kty");
        String curve = kty.equals("EC") || kty.equals("OKP") ? requiredString(jwk, "crv") : null;
        if (kty.equals("oct")) {
            throw new UnusableKeyException(SkipReason.SYMMETRIC, "a symmetric key is never taken from an origin");
        }
        if (!KEY_TYPES.contains(kty)) {
            throw new UnusableKeyException(
                    SkipReason.UNKNOWN_KEY_TYPE, "kty " + SafeText.quoted(kty) + " is not known");
        }
        requireUseForSignatures(jwk);
        JwsAlgorithm declared = declaredAlgorithm(jwk, kty, curve);
        KeyMaterial material = KeyMaterial.read(jwk, kty, curve, rules.minRsaBits());
        List<String> algorithms = new ArrayList<>();
        for (JwsAlgorithm algorithm : JwsAlgorithm.values()) {
            if (algorithm.fits(kty, curve) && (declared == null || algorithm.allowedBy(declared))) {
                algorithms.add(algorithm.joseName());
            }
        }
        JwkMembers members = new JwkMembers(
                nonEmpty(optionalString(jwk, "kid")),
                kty,
                curve,
                optionalString(jwk, "use"),
                optionalString(jwk, "alg"),
                certificateExpiry(jwk),
                rules.keepJson() ? publicJson(jwk) : null);
        return new Jwk(members, material.publicKey(), material.thumbprint(), algorithms);
    }

    private static String publicJson(Map<?, ?> jwk) {
        Map<String, Object> members = new LinkedHashMap<>();
        jwk.forEach((name, value) -> {
            if (!PRIVATE_MEMBERS.contains(name)) {
                members.put((String) name, value);
            }
        });
        return Json.write(members);
    }

    private void requireUseForSignatures(Map<?, ?> jwk) throws UnusableKeyException {
        Object use = jwk.get("use");
        if (use != null && !(use instanceof String text && rules.signatureUses().contains(text))) {
            throw new UnusableKeyException(
                    SkipReason.NOT_FOR_SIGNATURES, "use is " + SafeText.quoted(use.toString()) + ", not \"sig\"");
        }
        Object operations = jwk.get("key_ops");
        if (operations != null && !(operations instanceof List<?> list && list.contains("verify"))) {
            throw new UnusableKeyException(SkipReason.NOT_FOR_SIGNATURES, "key_ops does not list \"verify\"");
        }
    }

    /** The served algorithm that {@code alg} names; null where it names none, as several providers publish. */
    private static @Nullable JwsAlgorithm declaredAlgorithm(Map<?, ?> jwk, String kty, @Nullable String curve)
            throws UnusableKeyException {
        String alg = optionalString(jwk, "alg");
        if (alg == null) {
            if (kty.equals("AKP")) {
                throw new UnusableKeyException(SkipReason.MALFORMED_MEMBER, "alg is missing (RFC 9964 §3)");
            }
            return null;
        }
        JwsAlgorithm algorithm = JwsAlgorithm.named(alg);
        if (algorithm == null) {
            if (ENCRYPTION_ALGORITHM_PREFIXES.stream().anyMatch(alg::startsWith)) {
                throw new UnusableKeyException(
                        SkipReason.NOT_FOR_SIGNATURES, "alg " + SafeText.quoted(alg) + " is for encryption");
            }
            if (NEVER_SERVED.contains(alg) && !"secp256k1".equals(curve)) {
                throw contradiction(alg, kty);
            }
            if (kty.equals("AKP")) {
                throw new UnusableKeyException(
                        SkipReason.UNSUPPORTED_PARAMETERS, "alg " + SafeText.quoted(alg) + " is not known");
            }
            return null;
        }
        if (!algorithm.fits(kty, curve)) {
            throw contradiction(alg, kty);
        }
        return algorithm;
    }

    private static UnusableKeyException contradiction(String alg, String kty) {
        return new UnusableKeyException(
                SkipReason.CONTRADICTING_ALGORITHM,
                "alg " + SafeText.quoted(alg) + " does not go with kty " + SafeText.quoted(kty) + " and its curve");
    }

    private static @Nullable Instant certificateExpiry(Map<?, ?> jwk) {
        if (!(jwk.get("x5c") instanceof List<?> chain) || chain.isEmpty() || !(chain.get(0) instanceof String first)) {
            return null;
        }
        try {
            byte[] der = Base64.getMimeDecoder().decode(first);
            X509Certificate certificate = (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
            return certificate.getNotAfter().toInstant();
        } catch (GeneralSecurityException | RuntimeException unreadable) {
            // A certificate is decoration: it must not make a good key unusable.
            return null;
        }
    }

    static String requiredString(Map<?, ?> jwk, String member) throws UnusableKeyException {
        if (jwk.get(member) instanceof String value && !value.isEmpty()) {
            return value;
        }
        throw new UnusableKeyException(
                SkipReason.MALFORMED_MEMBER, "member " + member + " is missing, empty or no string");
    }

    private static @Nullable String optionalString(Map<?, ?> jwk, String member) {
        return jwk.get(member) instanceof String value ? value : null;
    }

    private static @Nullable String nonEmpty(@Nullable String text) {
        return text == null || text.isEmpty() ? null : text;
    }
}
