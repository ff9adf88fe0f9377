package dev.jwkscache.sidecar;

import dev.jwkscache.Jwk;
import dev.jwkscache.SkippedKey;
import java.math.BigInteger;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One entry of a published set: what was written, and what the library makes of it.
 *
 * @param index its place in the document, from 0
 * @param members what was written; empty where the entry is no object
 * @param key the usable key, or null
 * @param skipped why it is not usable, or null
 */
record Entry(
        int index,
        Map<?, ?> members,
        @Nullable Jwk key,
        @Nullable SkippedKey skipped) {

    private static final List<String> PRIVATE_MEMBERS = List.of("d", "p", "q", "dp", "dq", "qi", "oth", "priv");
    private static final Set<String> SYMMETRIC_MEMBERS = Set.of("k");

    /** The text of a member; null where it is absent or no string. */
    @Nullable
    String text(String member) {
        return members.get(member) instanceof String text ? text : null;
    }

    /** The kid as written; null where there is none that means anything. */
    @Nullable
    String kid() {
        String kid = text("kid");
        return kid == null || kid.isEmpty() ? null : kid;
    }

    /** How findings call the entry. */
    String name() {
        String kid = kid();
        return "entry " + index + (kid == null ? "" : " (kid " + Printable.of(kid, 48) + ")");
    }

    boolean isSymmetric() {
        return "oct".equals(text("kty")) || members.keySet().stream().anyMatch(SYMMETRIC_MEMBERS::contains);
    }

    /** The names of the private members that it shows, never their values. */
    List<String> privateMembers() {
        return PRIVATE_MEMBERS.stream().filter(members::containsKey).toList();
    }

    /** The size of an RSA modulus; null for other keys, or where it does not decode. */
    @Nullable
    Integer rsaBits() {
        if (key != null && key.publicKey() instanceof RSAPublicKey rsa) {
            return rsa.getModulus().bitLength();
        }
        String modulus = text("n");
        if (modulus == null || !"RSA".equals(text("kty"))) {
            return null;
        }
        try {
            String url = modulus.replace('+', '-').replace('/', '_').replaceAll("=+$", "");
            return new BigInteger(1, Base64.getUrlDecoder().decode(url)).bitLength();
        } catch (IllegalArgumentException noBase64) {
            return null;
        }
    }
}
