package dev.jwkscache.sidecar.serving;

import io.vertx.core.json.JsonObject;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An issuer's metadata with {@code jwks_uri} turned to the sidecar (OpenID Connect Discovery 1.0 §3). Everything else stays
 * the provider's, {@code issuer} above all: it is what tokens say. Keeps the last one that it made.
 */
final class Discovery {
    private static final Pattern HOST =
            Pattern.compile("([A-Za-z0-9._-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}])(:[0-9]{1,5})?");

    private volatile @Nullable Made last;

    private record Made(String metadata, String jwksUri, Document document) {}

    /** Whether a request's {@code Host} can be part of an address (RFC 9110 §7.2). */
    static boolean isHost(@Nullable String host) {
        return host != null && HOST.matcher(host).matches();
    }

    Document turned(String metadata, String jwksUri) {
        Made made = last;
        if (made == null || !made.metadata().equals(metadata) || !made.jwksUri().equals(jwksUri)) {
            String text = new JsonObject(metadata).put("jwks_uri", jwksUri).encode();
            made = new Made(metadata, jwksUri, new Document("application/json", text));
            last = made;
        }
        return made.document();
    }
}
