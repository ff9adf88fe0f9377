package dev.jwkscache.sidecar.history;

import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Something that changed what is trusted, or what is known of it.
 *
 * @param provider null for what concerns all of them
 * @param key null for what concerns no single key
 * @param other what the clock had shown when it was found to be set back, or when a gap ended; null for anything else
 */
public record Change(
        Instant at,
        What what,
        @Nullable String provider,
        @Nullable TrustedKey key,
        @Nullable Instant other) {

    /** What changed. */
    public enum What {
        /** A sidecar began. */
        STARTED,
        /** A key came to be trusted. */
        TRUSTED,
        /** A key left its provider's set. */
        WITHDRAWN,
        /** A key grew older than max staleness. */
        EXPIRED,
        /** All keys of a provider were dropped by hand. */
        PURGED,
        /** A provider is no longer kept, or by another cache. */
        CLOSED,
        /** The clock was set back. */
        CLOCK,
        /** Nothing could be written for a time. */
        GAP,
        /** The record breaks off: the sidecar, or its machine, ended without a word. */
        BROKEN_OFF,
        /** A sidecar ended. */
        STOPPED;

        /** In lower case, words with blanks. */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }
}
