package dev.jwkscache.testkit;

import dev.jwkscache.testkit.Algorithm.Family;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes the documents that a provider can be told to serve. */
final class Documents {
    static final int GZIP_BOMB_SIZE = 100 * 1024 * 1024;

    private final KeyRing ring;
    private @Nullable SigningKey stranger;

    /** What an answer contains. */
    enum Content {
        NOTHING,
        /** What the provider publishes: its keys, or at the discovery path its metadata. */
        PUBLISHED,
        ERROR,
        HTML,
        EMPTY_SET,
        NO_KEYS,
        JSON_ARRAY,
        TRUNCATED,
        ONE_BAD_KEY,
        UNKNOWN_KTY,
        ONLY_ENCRYPTION_KEYS,
        PRIVATE_MEMBERS,
        PADDED,
        DEEP_NESTING
    }

    Documents(KeyRing ring) {
        this.ring = ring;
    }

    /**
     * Writes a document.
     *
     * @param size the length of PADDED and the depth of DEEP_NESTING; of no meaning to others
     * @param published what PUBLISHED, PADDED and TRUNCATED start from
     */
    Payload write(Content content, int size, String published) {
        return switch (content) {
            case NOTHING -> Payload.EMPTY;
            case PUBLISHED -> Payload.of(published);
            case PADDED -> Payload.padded(published, size);
            case TRUNCATED -> Payload.of(published).firstHalf();
            case ERROR -> Payload.of("{\"error\":\"server_error\"}");
            case NO_KEYS -> Payload.of("{\"error\":\"temporarily_unavailable\"}");
            case EMPTY_SET -> Payload.of("{\"keys\":[]}");
            case HTML ->
                Payload.of("<!DOCTYPE html>\n<html><head><title>Sign in</title></head>"
                        + "<body><form action=\"/login\" method=\"post\"><input name=\"user\"></form></body></html>\n");
            case JSON_ARRAY -> Payload.of(Json.write(ring.members()));
            case ONE_BAD_KEY -> set(ring.members(), List.of(rsaWithoutModulus()));
            case UNKNOWN_KTY ->
                set(ring.members(), List.of(unknownKty(), secp256k1(), symmetric(), rsaEncryptionKey()));
            case ONLY_ENCRYPTION_KEYS -> set(List.of(rsaEncryptionKey()), List.of());
            case PRIVATE_MEMBERS -> set(withPrivateMembers(), List.of());
            case DEEP_NESTING -> Payload.of("{\"keys\":" + "[".repeat(size) + "]".repeat(size) + "}");
        };
    }

    private static Payload set(List<Map<String, Object>> first, List<Map<String, Object>> then) {
        List<Map<String, Object>> all = new ArrayList<>(first);
        all.addAll(then);
        return Payload.of(Json.write(KeyRing.setOf(all)));
    }

    private List<Map<String, Object>> withPrivateMembers() {
        List<SigningKey> keys = new ArrayList<>(ring.keys());
        if (keys.stream().noneMatch(Documents::isRsa)) {
            keys.add(stranger());
        }
        List<Map<String, Object>> leaked = new ArrayList<>();
        for (SigningKey key : keys) {
            Map<String, Object> members = new LinkedHashMap<>(key.publicMembers());
            if (isRsa(key)) {
                members.putAll(Jwk.privateMembers(key.privateKey()));
            }
            leaked.add(members);
        }
        return leaked;
    }

    private Map<String, Object> rsaEncryptionKey() {
        Map<String, Object> material = Jwk.material(Algorithm.RS256, stranger().publicKey());
        return Jwk.describe(material, "scripted-encryption", "enc", "RSA-OAEP");
    }

    /**
     * An RSA key that signs nothing; the same one for the life of the provider, so that a document does not flicker.
     */
    private synchronized SigningKey stranger() {
        SigningKey key = stranger;
        if (key == null) {
            key = SigningKey.generate(Algorithm.RS256);
            stranger = key;
        }
        return key;
    }

    private static boolean isRsa(SigningKey key) {
        return key.definition().family() == Family.RSA;
    }

    private static Map<String, Object> rsaWithoutModulus() {
        return Jwk.describe(Map.of("kty", "RSA", "e", "AQAB"), "scripted-without-n", "sig", "RS256");
    }

    private static Map<String, Object> unknownKty() {
        return Jwk.describe(Map.of("kty", "XYZ", "xyz", "AQAB"), "scripted-unknown-kty", "sig", "XYZ256");
    }

    /** The base point of secp256k1 (SEC 2 section 2.4.1), a point on the curve like any other. */
    private static Map<String, Object> secp256k1() {
        Map<String, Object> material = Map.of(
                "kty", "EC",
                "crv", "secp256k1",
                "x", "eb5mfvncu6xVoGKVzocLBwKb_NstzijZWfKBWxb4F5g",
                "y", "SDradyajxGVdpPv8DhEIqP0XtEimhVQZnEfQj_sQ1Lg");
        return Jwk.describe(material, "scripted-secp256k1", "sig", "ES256K");
    }

    private static Map<String, Object> symmetric() {
        String secret = Jwk.base64url(new byte[32]);
        return Jwk.describe(Map.of("kty", "oct", "k", secret), "scripted-symmetric", "sig", "HS256");
    }
}
