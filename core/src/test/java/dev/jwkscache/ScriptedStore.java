package dev.jwkscache;

import dev.jwkscache.spi.FleetStore;
import dev.jwkscache.spi.SnapshotStore;
import dev.jwkscache.spi.StoredSnapshot;
import dev.jwkscache.spi.Turn;
import dev.jwkscache.spi.TurnRequest;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A store whose answers and faults a test decides; remembers what it was asked. */
class ScriptedStore implements SnapshotStore {
    final List<StoredSnapshot> published = new ArrayList<>();
    final List<Long> purged = new ArrayList<>();
    int loads;

    @Nullable
    StoredSnapshot kept;

    @Nullable
    Watcher watcher;

    boolean watchClosed;
    /** What every call does instead, while it is set. */
    @Nullable
    Supplier<? extends CompletableFuture<?>> fault;

    @Override
    public CompletableFuture<Optional<StoredSnapshot>> load(URI address) {
        loads++;
        return answer(Optional.ofNullable(kept));
    }

    @Override
    public CompletableFuture<Void> publish(StoredSnapshot snapshot) {
        return answer(null, () -> {
            published.add(snapshot);
            kept = snapshot;
        });
    }

    @Override
    public CompletableFuture<Void> purge(URI address, long generation) {
        return answer(null, () -> {
            purged.add(generation);
            kept = kept == null || kept.generation() <= generation ? null : kept;
        });
    }

    @Override
    public Watch watch(URI address, Watcher newWatcher) {
        watcher = newWatcher;
        return () -> watchClosed = true;
    }

    StoredSnapshot lastPublished() {
        return published.get(published.size() - 1);
    }

    <T> CompletableFuture<T> answer(@Nullable T value) {
        return answer(value, () -> {});
    }

    @SuppressWarnings("unchecked") // A fault completes with nothing that anybody could cast.
    private <T> CompletableFuture<T> answer(@Nullable T value, Runnable effect) {
        if (fault != null) {
            return (CompletableFuture<T>) fault.get();
        }
        effect.run();
        return CompletableFuture.completedFuture(value);
    }

    /** The same for a fleet, whose other instances are the test. */
    static final class Fleet extends ScriptedStore implements FleetStore {
        final List<TurnRequest> requests = new ArrayList<>();
        final List<FleetFailure> failures = new ArrayList<>();
        final Deque<Turn> turns = new ArrayDeque<>();
        /** What is answered when no turn is left. */
        Turn standing = new Turn.Granted(Long.MAX_VALUE, 0);

        @Override
        public CompletableFuture<Turn> turn(URI address, TurnRequest request) {
            requests.add(request);
            return answer(turns.isEmpty() ? standing : turns.poll());
        }

        @Override
        public CompletableFuture<Void> failed(URI address, long generation, FleetFailure failure) {
            failures.add(failure);
            return answer(null);
        }

        TurnRequest lastRequest() {
            return requests.get(requests.size() - 1);
        }
    }
}
