package dev.jwkscache;

import java.util.Locale;

/** How far the keys at hand may be trusted. */
public enum CacheState {
    /** No keys: nothing was ever loaded, or everything was purged. */
    EMPTY,
    /** Age at most the time to live. */
    FRESH,
    /** Older than the time to live, not past max staleness: served while a refresh is tried. */
    STALE,
    /** Past max staleness: never served. */
    EXPIRED;

    /** Whether keys may be served in it. */
    boolean servesKeys() {
        return this == FRESH || this == STALE;
    }

    /** The state as a metric label: lower case. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
