package dev.jwkscache;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** There are no keys to choose from: nothing was loaded yet, all were purged, or the cache is closed. Ours, 503. */
public final class KeysUnavailableException extends JwksException {
    private static final long serialVersionUID = 1;

    KeysUnavailableException(String message, @Nullable Duration retryAfter) {
        super(message, retryAfter, true);
    }
}
