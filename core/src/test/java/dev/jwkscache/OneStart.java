package dev.jwkscache;

import java.net.URI;

/** A cache that is started once, with what came of it. */
final class OneStart {
    private OneStart() {}

    static JwkSet keys(URI address, Transport transport) {
        try (JwksCache cache = JwksCache.builder(address).transport(transport).build()) {
            cache.start();
            return cache.get();
        }
    }

    static String failure(URI address, Transport transport) {
        try (JwksCache cache = JwksCache.builder(address)
                .allowPlainHttp(true)
                .transport(transport)
                .build()) {
            cache.start();
        } catch (KeysUnavailableException e) {
            return e.getMessage();
        }
        throw new AssertionError("expected a failed refresh");
    }
}
