package dev.jwkscache.sidecar.history;

import java.util.Locale;

/** What a line of the record tells. */
enum Event {
    /** A sidecar began. */
    STARTED,
    /** A file begins in the middle of a run, or the record works again; the state of every provider follows. */
    CONTINUED,
    /** A provider is kept from now on. */
    OPENED,
    /** All keys of a provider that are trusted at this moment. */
    STATE,
    /** A key came to be trusted. */
    TRUSTED,
    /** The provider confirmed its keys: they may be trusted for longer. */
    RENEWED,
    /** A key is no longer in its provider's set. */
    WITHDRAWN,
    /** All keys of a provider grew older than max staleness. */
    EXPIRED,
    /** All keys of a provider were dropped by hand. */
    PURGED,
    /** A provider is no longer kept, or not by this cache. */
    CLOSED,
    /** The clock was found to have been set back; the state of every provider follows. */
    CLOCK,
    /** Lines could not be written for a time; the state of every provider follows. */
    GAP,
    /** A sidecar ended. */
    STOPPED;

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
