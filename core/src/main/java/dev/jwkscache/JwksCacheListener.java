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

    /** A cache that this listener was given to was built. Told before anything else of it. */
    default void opened(JwksCache cache) {}

    /** A fetch brought a set or confirmed the one at hand, or a newer set was taken from the store. */
    default void refreshed(Refreshed event) {}

    /** A fetch failed; the set at hand stays. */
    default void refreshFailed(RefreshFailed event) {}

    /** The metadata of an issuer was read (OpenID Connect Discovery 1.0 §4), for a cache of {@link JwksCache#forIssuer}. */
    default void metadataRead(MetadataRead event) {}

    /** A key that came with a refresh, and not with the first set, was found by a lookup with its kid for the first time. */
    default void keyFirstUsed(KeyFirstUsed event) {}

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
     * A cache that this listener was given to was closed. What was under way at that moment may still be told after it;
     * {@link JwksCache#status()} tells its last figures.
     */
    default void closed(JwksCache cache) {}

    /**
     * An issuer's metadata.
     *
     * @param address the issuer
     * @param document what it published, checked as far as a cache needs it: a JSON object of just this issuer, with a
     *     usable {@code jwks_uri}
     */
    record MetadataRead(URI address, String document) {}

    /**
     * The first use of a key that the provider has added: how long it was published before it signed, as far as this
     * cache can tell. Lookups by {@link JwksCache#key}, {@link JwksCache#keyAsync} and {@link JwksCache#keys} count.
     *
     * @param address the address of the cache, without a query
     * @param key the key; it has a kid
     * @param lead time from when the cache first had the key to the lookup; near zero when the key was first seen by the
     *     miss that needed it, so that a caller had to wait
     */
    record KeyFirstUsed(URI address, Jwk key, Duration lead) {}

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
