package dev.jwkscache.sidecar.clients;

import java.io.IOException;

/** Somebody who verifies tokens with the keys of a sidecar, and keeps what it has learned. */
interface Client extends AutoCloseable {
    /**
     * Verifies.
     *
     * @return what the token says of its subject
     * @throws Exception if the token is refused; the message says why
     */
    String subject(String token) throws Exception;

    @Override
    default void close() throws IOException {}
}
