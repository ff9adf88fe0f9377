package dev.jwkscache.bench.trouble;

import java.io.IOException;
import java.security.PublicKey;
import org.jspecify.annotations.Nullable;

/** What a caller wants of a cache: the public key for the kid of an RS256 token. Thread-safe. */
interface KeySource extends AutoCloseable {
    /** Null, or any exception, is a failure. */
    @Nullable
    PublicKey key(String kid) throws Exception;

    /** Does what a service does at boot, before it takes requests. */
    default void start() throws Exception {}

    @Override
    default void close() throws IOException {}
}
