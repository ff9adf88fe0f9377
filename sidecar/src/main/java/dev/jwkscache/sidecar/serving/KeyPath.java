package dev.jwkscache.sidecar.serving;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What a path asks for. Pure.
 *
 * @param provider the name
 * @param kid the kid where a key is asked for, decoded; else empty
 */
record KeyPath(String provider, Resource resource, String kid) {
    private static final String SET = "/jwks.json";
    private static final String METADATA = "/.well-known/openid-configuration";
    private static final String KEYS = "/keys/";

    /** What there is to ask for. */
    enum Resource {
        SET("jwks.json"),
        METADATA("openid-configuration"),
        KEY("keys");

        private final String label;

        Resource(String label) {
            this.label = label;
        }

        /** In meters. */
        String label() {
            return label;
        }
    }

    /** Reads the raw path of a request; null if there is nothing of that kind. */
    static @Nullable KeyPath of(String path) {
        int end = path.indexOf('/', 1);
        if (end < 2 || path.charAt(0) != '/') {
            return null;
        }
        String name = path.substring(1, end);
        if (path.length() - end == SET.length() && path.endsWith(SET)) {
            return new KeyPath(name, Resource.SET, "");
        }
        String rest = path.substring(end);
        if (rest.equals(METADATA)) {
            return new KeyPath(name, Resource.METADATA, "");
        }
        if (rest.startsWith(KEYS) && rest.length() > KEYS.length() && rest.indexOf('/', KEYS.length()) < 0) {
            String kid = decoded(rest.substring(KEYS.length()));
            return kid == null ? null : new KeyPath(name, Resource.KEY, kid);
        }
        return null;
    }

    private static @Nullable String decoded(String segment) {
        try {
            // In a path a plus is a plus (RFC 3986 §3.3).
            return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            return null;
        }
    }
}
