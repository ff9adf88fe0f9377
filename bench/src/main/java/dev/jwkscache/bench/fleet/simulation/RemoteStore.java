package dev.jwkscache.bench.fleet.simulation;

import dev.jwkscache.bench.fleet.simulation.Happening.StoreTrouble;
import dev.jwkscache.redis.MemoryFleetStore;
import dev.jwkscache.spi.FleetStore;
import dev.jwkscache.spi.StoredSnapshot;
import dev.jwkscache.spi.Turn;
import dev.jwkscache.spi.TurnRequest;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The shared store as every instance sees it over a network: 0.1 to 0.5 ms there and as much back, and in between the queue of
 * a {@link StoreServer}. It decides as Redis does ({@code MemoryFleetStore}), and the instances' side does as
 * {@code RedisSnapshotStore}: a command timeout, one look at a time at what was announced, snapshots handed over 4 s older,
 * lost connections back within 5 s.
 */
final class RemoteStore implements FleetStore {
    private static final long LEAST_WAY = 100_000;
    private static final long MOST_WAY = 500_000;
    private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration POLL = Duration.ofSeconds(10);
    private static final Duration ALLOWANCE = Duration.ofSeconds(4);
    private static final long RECONNECT = Duration.ofSeconds(5).toNanos();

    /** What a store is asked. */
    enum Operation {
        TURN,
        LOAD,
        PUBLISH,
        FAILED,
        PURGE,
        LOOK
    }

    private final SimulatedTime time;
    private final SplittableRandom random;
    private final MemoryFleetStore store;
    private final StoreServer server;
    private final Set<Told> watchers = new LinkedHashSet<>();
    private final Map<Operation, Long> calls = new EnumMap<>(Operation.class);
    private StoreTrouble.@Nullable StoreFault trouble;
    private long generation;
    private long purged;

    RemoteStore(SimulatedTime time, StoreServer server, SplittableRandom random) {
        this.time = time;
        this.random = random;
        this.store = new MemoryFleetStore(time.clock());
        this.server = server;
    }

    /** Watched by one here, which tells all others: the memory store tells at once and in a row. */
    void open(URI address) {
        store.watch(address, new Watcher() {
            @Override
            public void published(long published) {
                generation = published;
                announce();
            }

            @Override
            public void purged(long upTo) {
                purged = upTo;
                announce();
            }
        });
    }

    Map<Operation, Long> calls() {
        return calls;
    }

    StoreServer server() {
        return server;
    }

    void trouble(StoreTrouble.@Nullable StoreFault kind) {
        trouble = kind;
        if (kind == null) {
            watchers.forEach(told -> later(told::look, random.nextLong(1, RECONNECT)));
        }
    }

    private void announce() {
        watchers.forEach(told -> time.at(told::look, server.serve(StoreServer.Work.TELL) + way()));
    }

    @Override
    public CompletableFuture<Optional<StoredSnapshot>> load(URI address) {
        return call(Operation.LOAD, () -> store.load(address).thenApply(kept -> kept.map(RemoteStore::older)));
    }

    private static StoredSnapshot older(StoredSnapshot kept) {
        return new StoredSnapshot(
                kept.address(),
                kept.document(),
                kept.etag(),
                kept.lastModified(),
                kept.fetchedAt().minus(ALLOWANCE),
                kept.generation());
    }

    @Override
    public CompletableFuture<Turn> turn(URI address, TurnRequest request) {
        return call(Operation.TURN, () -> store.turn(address, request));
    }

    @Override
    public CompletableFuture<Void> publish(StoredSnapshot snapshot) {
        return call(Operation.PUBLISH, () -> store.publish(snapshot));
    }

    @Override
    public CompletableFuture<Void> failed(URI address, long turn, FleetFailure failure) {
        return call(Operation.FAILED, () -> store.failed(address, turn, failure));
    }

    @Override
    public CompletableFuture<Void> purge(URI address, long upTo) {
        return call(Operation.PURGE, () -> store.purge(address, upTo));
    }

    @Override
    public Watch watch(URI address, Watcher watcher) {
        Told told = new Told(watcher);
        watchers.add(told);
        told.look();
        return () -> {
            told.closed = true;
            watchers.remove(told);
        };
    }

    private <T> CompletableFuture<T> call(Operation operation, Supplier<CompletableFuture<T>> decision) {
        StoreTrouble.StoreFault kind = trouble;
        if (kind == StoreTrouble.StoreFault.REFUSING) {
            return CompletableFuture.failedFuture(new IOException("not connected to the store"));
        }
        CompletableFuture<T> answer = new CompletableFuture<>();
        long sentAt = time.elapsedNanos();
        if (kind == StoreTrouble.StoreFault.HANGING) {
            time.after(() -> answer.completeExceptionally(late()), COMMAND_TIMEOUT);
            return answer;
        }
        calls.merge(operation, 1L, Long::sum);
        later(() -> arrived(decision, answer, sentAt), way());
        return answer;
    }

    private <T> void arrived(Supplier<CompletableFuture<T>> decision, CompletableFuture<T> answer, long sentAt) {
        long servedAt = server.serve(StoreServer.Work.SCRIPT);
        long answeredAt = servedAt + way();
        if (answeredAt - sentAt > COMMAND_TIMEOUT.toNanos()) {
            time.at(() -> answer.completeExceptionally(late()), sentAt + COMMAND_TIMEOUT.toNanos());
        }
        if (server.hasQueue()) {
            time.at(() -> decide(decision, answer, answeredAt), servedAt);
        } else {
            decide(decision, answer, answeredAt);
        }
    }

    private <T> void decide(Supplier<CompletableFuture<T>> decision, CompletableFuture<T> answer, long answeredAt) {
        T value = decision.get().join();
        time.at(() -> answer.complete(value), answeredAt);
    }

    private static IOException late() {
        return new IOException("no answer from the store within " + COMMAND_TIMEOUT);
    }

    private long way() {
        return random.nextLong(LEAST_WAY, MOST_WAY);
    }

    private void later(Runnable task, long nanos) {
        time.at(task, time.elapsedNanos() + nanos);
    }

    /** One who watches, and what he knows. */
    private final class Told {
        private final Watcher watcher;
        private long toldGeneration;
        private long toldPurged;
        private boolean closed;
        private boolean looking;
        private boolean again;

        Told(Watcher watcher) {
            this.watcher = watcher;
        }

        /** One look at a time, as many announcements as there may be. */
        private void look() {
            if (closed || trouble != null) {
                return;
            }
            if (looking) {
                again = true;
                return;
            }
            looking = true;
            calls.merge(Operation.LOOK, 1L, Long::sum);
            if (server.hasQueue()) {
                long sentAt = time.elapsedNanos();
                later(() -> arrived(sentAt), way());
            } else {
                later(() -> looked(false), way() + way());
            }
        }

        private void arrived(long sentAt) {
            long answeredAt = server.serve(StoreServer.Work.LOOK) + way();
            boolean late = answeredAt - sentAt > COMMAND_TIMEOUT.toNanos();
            time.at(() -> looked(late), late ? sentAt + COMMAND_TIMEOUT.toNanos() : answeredAt);
        }

        private void looked(boolean late) {
            looking = false;
            if (closed) {
                return;
            }
            if (late) {
                time.after(this::look, POLL);
            } else {
                tell();
            }
            if (again) {
                again = false;
                look();
            }
        }

        private void tell() {
            if (purged > toldPurged) {
                toldPurged = purged;
                watcher.purged(purged);
            }
            if (generation > toldGeneration) {
                toldGeneration = generation;
                watcher.published(generation);
            }
        }
    }
}
