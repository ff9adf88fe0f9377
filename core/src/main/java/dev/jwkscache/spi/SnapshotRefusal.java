package dev.jwkscache.spi;

import java.util.Locale;

/** Why a stored snapshot is not used. */
public enum SnapshotRefusal {
    /** It was not written by this library, or in a version of the format that this one does not know. */
    FORMAT,
    /** It ends too early, or goes on too long. */
    TRUNCATED,
    /** Its digest, or its HMAC under the key of this store, is not that of its content. */
    ALTERED,
    /** It is signed though this store has no key, or not signed though this store has one. */
    SIGNATURE,
    /** It is of another address. */
    ADDRESS,
    /** It is past max staleness. */
    TOO_OLD,
    /** It was fetched later than now, by the wall clock. */
    FUTURE,
    /** Its document would not be taken from the provider either: too large, no JSON, no usable key. */
    DOCUMENT,
    /** It was purged. */
    PURGED;

    /** The reason as a metric label: lower case with underscores. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
