package dev.jwkscache.spring;

import org.jspecify.annotations.Nullable;

/** Why an application cannot start, and what to do about it. */
final class JwksCacheStartException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String action;

    JwksCacheStartException(String description, String action, @Nullable Throwable cause) {
        super(description, cause);
        this.action = action;
    }

    String action() {
        return action;
    }
}
