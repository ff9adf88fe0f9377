package dev.jwkscache.spring;

import dev.jwkscache.JwksException;
import dev.jwkscache.KeysExpiredException;
import dev.jwkscache.KeysUnavailableException;
import java.time.Duration;
import java.util.OptionalLong;
import org.springframework.security.authentication.AuthenticationServiceException;

/** Finds out whether a request failed because there were no keys to verify its token with. */
final class MissingKeys {
    /** More than any of the frameworks in between wraps, and an end where causes go in circles. */
    private static final int DEEPEST_CAUSE = 16;

    private MissingKeys() {}

    /**
     * When the caller may try again (RFC 9110 §10.2.3): seconds until the cache fetches again, rounded up, at least 1. Empty
     * for every other failure.
     */
    static OptionalLong retryAfterSeconds(Throwable failure) {
        if (!(failure instanceof AuthenticationServiceException)) {
            return OptionalLong.empty();
        }
        Throwable cause = failure.getCause();
        for (int depth = 0; cause != null && depth < DEEPEST_CAUSE; depth++) {
            if (cause instanceof KeysUnavailableException || cause instanceof KeysExpiredException) {
                return OptionalLong.of(seconds((JwksException) cause));
            }
            cause = cause.getCause();
        }
        return OptionalLong.empty();
    }

    private static long seconds(JwksException refusal) {
        Duration wait = refusal.retryAfter().orElse(Duration.ZERO);
        return Math.max(1, wait.plusNanos(999_999_999).toSeconds());
    }
}
