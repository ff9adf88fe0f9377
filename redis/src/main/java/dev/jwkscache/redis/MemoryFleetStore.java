package dev.jwkscache.redis;

import dev.jwkscache.spi.FleetStore;
import dev.jwkscache.spi.StoredSnapshot;
import dev.jwkscache.spi.Turn;
import dev.jwkscache.spi.TurnRequest;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides for a fleet as {@link RedisSnapshotStore} does, in the memory of one process: for tests and simulations.
 *
 * <p>Thread-safe. All instances of the simulated fleet use the same object. Every method answers before it returns and none
 * fails; what a watcher throws goes to the debug log; snapshots are handed over as they were given, without signature and without allowance for clocks. Watchers are called
 * on the thread that publishes or purges, also those of whoever did. Nothing is ever forgotten.
 */
public final class MemoryFleetStore implements FleetStore {
    private static final Logger LOG = LoggerFactory.getLogger("jwks-cache");

    private final Clock clock;
    private final Map<URI, FleetState> states = new ConcurrentHashMap<>();
    private final Map<URI, List<Watcher>> watchers = new ConcurrentHashMap<>();

    /**
     * Creates an empty store.
     *
     * @param clock the time by which turns are granted and end
     * @throws NullPointerException if the clock is null
     */
    public MemoryFleetStore(Clock clock) {
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    @Override
    public CompletableFuture<Optional<StoredSnapshot>> load(URI address) {
        return decide(address, state -> Optional.ofNullable(state.entry()));
    }

    @Override
    public CompletableFuture<Turn> turn(URI address, TurnRequest request) {
        return decide(address, state -> state.turn(request, clock.millis()));
    }

    @Override
    public CompletableFuture<Void> publish(StoredSnapshot snapshot) {
        URI address = snapshot.address();
        return decide(address, state -> state.publish(snapshot, clock.millis())).thenAccept(kept -> {
            if (kept) {
                tell(address, watcher -> watcher.published(snapshot.generation()));
            }
        });
    }

    @Override
    public CompletableFuture<Void> failed(URI address, long generation, FleetFailure failure) {
        return decide(address, state -> {
                    state.failed(generation, failure, clock.millis());
                    return state;
                })
                .thenAccept(state -> {});
    }

    @Override
    public CompletableFuture<Void> purge(URI address, long generation) {
        return decide(address, state -> {
                    state.purge(generation);
                    return state.purged();
                })
                .thenAccept(purged -> tell(address, watcher -> watcher.purged(purged)));
    }

    @Override
    public Watch watch(URI address, Watcher watcher) {
        watchersOf(address).add(watcher);
        return () -> watchersOf(address).remove(watcher);
    }

    private void tell(URI address, Consumer<Watcher> what) {
        for (Watcher watcher : watchersOf(address)) {
            try {
                what.accept(watcher);
            } catch (RuntimeException e) {
                LOG.atDebug().addKeyValue("error", e.getClass().getName()).log("jwks_fleet_watcher_failed");
            }
        }
    }

    private List<Watcher> watchersOf(URI address) {
        return watchers.computeIfAbsent(address, key -> new CopyOnWriteArrayList<>());
    }

    private <T> CompletableFuture<T> decide(URI address, Function<FleetState, T> decision) {
        FleetState state = states.computeIfAbsent(address, key -> new FleetState());
        T answer;
        synchronized (state) {
            answer = decision.apply(state);
        }
        return CompletableFuture.completedFuture(answer);
    }
}
