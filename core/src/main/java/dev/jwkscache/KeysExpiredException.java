package dev.jwkscache;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The keys at hand are past max staleness and the provider gives no new ones. Ours, 503. */
public final class KeysExpiredException extends JwksException {
    private static final long serialVersionUID = 1;

    KeysExpiredException(String message, @Nullable Duration retryAfter) {
        super(message, retryAfter, true);
    }
}
