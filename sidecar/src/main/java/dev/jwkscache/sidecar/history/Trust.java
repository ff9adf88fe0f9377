package dev.jwkscache.sidecar.history;

import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of time in which one key was trusted.
 *
 * @param provider by name
 * @param address of the provider; null where its line is lost
 * @param from the first moment of it that is on record
 * @param to when it ended; null while it lasts. For {@link End#UNKNOWN} the last moment that is possible
 * @param knownTo the last moment of which the record is certain; earlier than {@code to} only for {@link End#UNKNOWN}
 */
public record Trust(
        String provider,
        @Nullable String address,
        TrustedKey key,
        Instant from,
        @Nullable Instant to,
        Instant knownTo,
        End end) {

    /** How trust ended. */
    public enum End {
        /** It lasts. */
        STILL,
        /** The provider took the key out of its set. */
        WITHDRAWN,
        /** Older than max staleness. */
        EXPIRED,
        /** Dropped by hand. */
        PURGED,
        /** The provider is no longer kept, or not by this cache. */
        CLOSED,
        /** The sidecar stopped. */
        STOPPED,
        /** The record breaks off. */
        UNKNOWN,
        /** While lines could not be written. */
        UNRECORDED,
        /** The clock was set back; what follows is another stretch. */
        CLOCK;

        /** In lower case. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Whether the key was trusted at that time, or may have been. */
    boolean covers(Instant time) {
        return !time.isBefore(from) && (to == null || time.isBefore(to));
    }

    /** Whether it is not certain that the key was trusted at that time. */
    public boolean isPerhapsAt(Instant time) {
        return end == End.UNKNOWN && time.isAfter(knownTo);
    }
}
