package dev.jwkscache.bench.start;

import dev.jwkscache.JwksCache;
import java.net.URI;

/** Starts a cache and asks for one key, as the first thing a process does; tells how long that took. */
final class FirstKey {
    private FirstKey() {}

    /**
     * Prints the nanoseconds from here to the key.
     *
     * @param arguments jwks_uri, kid and algorithm
     */
    public static void main(String[] arguments) {
        long began = System.nanoTime();
        try (JwksCache cache = JwksCache.builder(URI.create(arguments[0])).build()) {
            cache.start();
            cache.key(arguments[1], arguments[2]).publicKey();
            System.out.println(System.nanoTime() - began);
        }
    }
}
