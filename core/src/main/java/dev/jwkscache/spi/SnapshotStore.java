package dev.jwkscache.spi;

import java.net.URI;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Keeps the last good key set of each address outside of the process, so that a restart has keys at once. One store serves
 * any number of caches; whoever made it closes it, after the caches.
 *
 * <p>Thread-safe. A cache calls on a thread where a store may block, never makes a caller of known keys wait for it, bounds
 * every wait ({@code storeWait}), and goes on as if there were no store while one fails. Futures may complete on a thread of
 * the store's own. Nothing that a store hands over is believed: it passes the same checks as a fetch, and keeps its age.
 */
public interface SnapshotStore {

    /**
     * Hands over what is kept for an address.
     *
     * @return completes with the snapshot, or empty when none is kept; fails with {@link RefusedSnapshotException} when what
     *     is kept cannot be believed, and with anything else when the store is out of order; never null
     */
    CompletableFuture<Optional<StoredSnapshot>> load(URI address);

    /**
     * Keeps a snapshot, unless one of the same or a later generation is kept, or everything up to its generation was purged.
     *
     * @return completes when that is done, whether or not it was kept; fails when the store is out of order; never null
     */
    CompletableFuture<Void> publish(StoredSnapshot snapshot);

    /**
     * Forgets what is kept for an address and of a generation up to that one; what is purged never comes back.
     *
     * @return completes when that is done; fails when the store is out of order, and is then called again; never null
     */
    CompletableFuture<Void> purge(URI address, long generation);

    /**
     * Tells a watcher, until the watch is closed, when somebody else has changed what is kept for an address. A store that
     * cannot tell does nothing, which is the default. Returns at once: a cache calls it while it is built.
     */
    default Watch watch(URI address, Watcher watcher) {
        return () -> {};
    }

    /** Wants to know of changes. Both methods return at once and may be called on any thread, more often than necessary. */
    interface Watcher {

        /** A snapshot of that generation is kept. */
        void published(long generation);

        /** Everything up to that generation was purged. */
        void purged(long generation);
    }

    /** Ends by being closed, once. */
    interface Watch extends AutoCloseable {
        @Override
        void close();
    }
}
