package dev.jwkscache.sidecar.serving;

import dev.jwkscache.Jwk;
import dev.jwkscache.JwkSet;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A set as it is sent: made once, when it comes. Immutable. */
final class RenderedSet {
    private static final String SET_TYPE = "application/jwk-set+json";
    private static final String KEY_TYPE = "application/jwk+json";
    private static final String PEM_TYPE = "application/x-pem-file";
    private static final int PEM_LINE = 64;

    private final JwkSet set;
    private final Document document;
    private final Map<String, Document> keys = new LinkedHashMap<>();
    private final Map<String, Document> pems = new LinkedHashMap<>();

    RenderedSet(JwkSet set) {
        this.set = set;
        document = new Document(SET_TYPE, json(set.keys()));
        for (String kid : set.kids()) {
            List<Jwk> named = set.keys().stream()
                    .filter(key -> kid.equals(key.kid().orElse(null)))
                    .toList();
            // Whoever asks for one key must not be given one of two that bear its name.
            keys.put(
                    kid,
                    named.size() == 1
                            ? new Document(KEY_TYPE, json(named.get(0)))
                            : new Document(SET_TYPE, json(named)));
            pems.put(
                    kid,
                    new Document(PEM_TYPE, named.stream().map(RenderedSet::pem).collect(Collectors.joining())));
        }
    }

    /** Whether it is this set that was rendered. */
    @SuppressWarnings("ReferenceEquality") // A set is immutable and comes once.
    boolean is(JwkSet other) {
        return set == other;
    }

    /** The whole set. */
    Document document() {
        return document;
    }

    /** The key of that kid as JWK, or as a set where several bear it; null if there is none. */
    @Nullable
    Document key(String kid) {
        return keys.get(kid);
    }

    /** The same in PEM (RFC 7468 §13), one after the other. */
    @Nullable
    Document pem(String kid) {
        return pems.get(kid);
    }

    private static String json(List<Jwk> keys) {
        return keys.stream().map(RenderedSet::json).collect(Collectors.joining(",", "{\"keys\":[", "]}"));
    }

    private static String json(Jwk key) {
        return key.json().orElseThrow(() -> new IllegalStateException("the cache was not told to keep JSON"));
    }

    private static String pem(Jwk key) {
        String base64 = Base64.getMimeEncoder(PEM_LINE, new byte[] {'\n'})
                .encodeToString(key.publicKey().getEncoded());
        return "-----BEGIN PUBLIC KEY-----\n" + base64 + "\n-----END PUBLIC KEY-----\n";
    }
}
