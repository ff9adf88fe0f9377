package dev.jwkscache.keycloak;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * The one Keycloak of a test run, ended with it. Each boot takes half a minute, so that a test says what state it needs
 * and leaves behind whatever state it likes.
 */
final class SharedKeycloak implements BeforeAllCallback {
    // Far above the imported realm's 100, to which preferring one curve now and then adds 1.
    private static final AtomicInteger PRIORITY = new AtomicInteger(10_000);

    private @Nullable KeycloakServer server;

    @Override
    public void beforeAll(ExtensionContext context) {
        server = context.getRoot()
                .getStore(Namespace.create(SharedKeycloak.class))
                .computeIfAbsent(KeycloakServer.class, key -> KeycloakServer.prepared(), KeycloakServer.class);
    }

    /** The server, running and ready. */
    KeycloakServer running() {
        KeycloakServer shared = Objects.requireNonNull(server);
        if (!shared.isRunning()) {
            shared.start();
        }
        return shared;
    }

    /** The server, not running. */
    KeycloakServer ended() {
        KeycloakServer shared = Objects.requireNonNull(server);
        shared.close();
        return shared;
    }

    /** Adds a key that signs from now on, whatever earlier tests have added, and returns the id of its component. */
    static String addSigningKey(KeycloakAdmin admin, String algorithm) {
        return admin.addKey(algorithm, PRIORITY.addAndGet(100));
    }
}
