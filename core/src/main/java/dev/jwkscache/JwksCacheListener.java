package dev.jwkscache;

import dev.jwkscache.spi.SnapshotRefusal;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What happens in a cache, as methods with empty bodies: override what you need.
 *
 * <p>Calls come one after the other on a thread that does nothing else; never on a caller's thread and never under a lock.
 * A purge that races with the end of a fetch may be told before it or after it: {@link JwksCache#status()} says what holds.
 * The thread is shared by all caches of the process: a listener that blocks delays other listeners and the log, and nothing
 * but them; one that throws is logged once and called again next time. A listener may call the cache.
 */
public interface JwksCacheListener {

    /** A fetch brought a set or confirmed the one at hand, or a newer set was taken from the store. */
    default void refreshed(Refreshed event) {}

    /** A fetch failed; the set at hand stays. */
    default void refreshFailed(RefreshFailed event) {}

    /** The keys at hand were purged. */
    default void purged(URI address) {}

    /**
     * A call of the store failed, or did not come back in time; the cache goes on without it.
     *
     * @param address the address of the cache, without a query
     * @param error what failed, fit for a log
     */
    default void storeFailed(URI address, String error) {}

    /** The store works again after {@link #storeFailed}. */
    default void storeRecovered(URI address) {}

    /**
     * What the store keeps was not used.
     *
     * @param address the address of the cache, without a query
     * @param reason the kind of fault
     * @param detail what is wrong in words, fit for a log
     */
    default void snapshotRefused(URI address, SnapshotRefusal reason, String detail) {}

    /**
     * A validated set.
     *
     * @param address the address of the cache, without a query
     * @param trigger what made the cache fetch
     * @param keys the set now at hand
     * @param change what changed against the set before; everything is «added» for the first set
     * @param document whether a document was read; false when the provider or the digest said it was the same
     * @param documentBytes size of the document after decompression, in bytes
     * @param took time from sending the request, or from asking the store, to having the set
     * @param stored whether it was taken from the store instead of the provider; it has kept its age
     */
    record Refreshed(
            URI address,
            RefreshTrigger trigger,
            JwkSet keys,
            KeySetChange change,
            boolean document,
            int documentBytes,
            Duration took,
            boolean stored) {}

    /**
     * A failed fetch.
     *
     * @param address the address of the cache, without a query
     * @param trigger what made the cache fetch
     * @param failure what failed
     * @param state how far the keys at hand may be trusted
     * @param ageOrNull age of the keys at hand; null when there are none
     * @param failures failures in a row up to this one
     * @param nextAttempt when the next attempt is due or allowed, by the wall clock
     */
    record RefreshFailed(
            URI address,
            RefreshTrigger trigger,
            RefreshFailure failure,
            CacheState state,
            @Nullable Duration ageOrNull,
            int failures,
            Instant nextAttempt) {

        /** Age of the keys at hand; empty when there are none. */
        public Optional<Duration> age() {
            return Optional.ofNullable(ageOrNull);
        }
    }
}
