package dev.jwkscache.sidecar.providers;

import dev.jwkscache.spi.SnapshotStore;
import dev.jwkscache.spi.StoredSnapshot;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** Keeps keys for as long as the process lives, so that a cache with new settings begins with those of the old one. */
final class MemorySnapshotStore implements SnapshotStore {
    private final ConcurrentMap<URI, Kept> kept = new ConcurrentHashMap<>();

    /**
     * What is kept of one address.
     *
     * @param purged the generation up to which nothing counts
     */
    private record Kept(@Nullable StoredSnapshot snapshot, long purged) {}

    @Override
    public CompletableFuture<Optional<StoredSnapshot>> load(URI address) {
        Kept last = kept.get(address);
        return CompletableFuture.completedFuture(
                last == null ? Optional.empty() : Optional.ofNullable(last.snapshot()));
    }

    @Override
    public CompletableFuture<Void> publish(StoredSnapshot snapshot) {
        kept.merge(snapshot.address(), new Kept(snapshot, Long.MIN_VALUE), (last, next) -> {
            StoredSnapshot before = last.snapshot();
            boolean later = snapshot.generation() > last.purged()
                    && (before == null || snapshot.generation() > before.generation());
            return later ? new Kept(snapshot, last.purged()) : last;
        });
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<Void> purge(URI address, long generation) {
        kept.merge(address, new Kept(null, generation), (last, next) -> {
            StoredSnapshot before = last.snapshot();
            boolean survives = before != null && before.generation() > generation;
            return new Kept(survives ? before : null, Math.max(last.purged(), generation));
        });
        return CompletableFuture.completedFuture(null);
    }
}
