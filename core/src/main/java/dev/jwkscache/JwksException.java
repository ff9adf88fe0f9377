package dev.jwkscache;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why a cache gives no key. Three outcomes that a service answers differently: {@link UnknownKeyException} is the
 * caller's fault (401), {@link KeysUnavailableException} and {@link KeysExpiredException} are ours (503).
 *
 * <p>Messages are fit for logs: text that others wrote is escaped and cut, key material is never in them.
 */
public abstract sealed class JwksException extends RuntimeException
        permits UnknownKeyException, KeysUnavailableException, KeysExpiredException {
    private static final long serialVersionUID = 1;

    private final @Nullable Duration retryAfter;

    JwksException(@Nullable String message, @Nullable Duration retryAfter, boolean withStackTrace) {
        super(message, null, false, withStackTrace);
        this.retryAfter = retryAfter;
    }

    /**
     * How long until the next attempt to fetch keys, for a {@code Retry-After} field; never negative. Empty for an
     * unknown key and for a closed cache.
     */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
