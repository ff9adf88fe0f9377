package dev.jwkscache.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * What things are called in Redis.
 *
 * @param prefix what every name begins with
 */
record FleetKeys(String prefix) {

    /** On one channel for all addresses: a store has one subscription, however many addresses it watches. */
    String channel() {
        return prefix + ":changes";
    }

    String key(URI address) {
        return prefix + ':' + name(address);
    }

    /** A digest: addresses may be long, and tell more about tenants than the keyspace of a shared Redis should. */
    String name(URI address) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(address.toASCIIString().getBytes(UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
