package dev.jwkscache.redis;

import static dev.jwkscache.redis.SnapshotScript.argument;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.jwkscache.spi.FleetStore;
import dev.jwkscache.spi.RefusedSnapshotException;
import dev.jwkscache.spi.SnapshotFormat;
import dev.jwkscache.spi.StoredSnapshot;
import dev.jwkscache.spi.Turn;
import dev.jwkscache.spi.TurnRequest;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SslOptions;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Shares key sets between the instances of a service through Redis or Valkey, standalone, with Sentinel or as a cluster, and
 * lets one instance fetch for all.
 *
 * <p>Building one neither waits for Redis nor fails because it is away: the store connects in the background, reconnects by
 * itself, and while it is not connected every operation fails at once, but for those that wait for the first attempt. Otherwise an operation is answered or fails within the
 * command timeout. A fleet whose Redis is away is a number of instances that each fetch for themselves.
 *
 * <p>Whoever can write to that Redis decides whose signatures are accepted, unless what is kept is signed: hence the
 * {@linkplain Builder#hmacKey HMAC key}, which is required unless {@link Builder#trustStore()} says that it is not. Nobody
 * without the key can make up, alter or make younger a set, move it to another address, or have keys thrown away
 * ({@code purge}). He can delete everything and refuse everybody's turn, which is like a Redis that is away, and put back an
 * older set of this fleet, whose age is what it is.
 *
 * <p>Ages are kept by the wall clock of whoever fetched. Where the clock of this machine and that of Redis differ by more than
 * 2 s, {@code load}, {@code turn} and {@code publish} fail; within that, what is loaded is handed over 4 s older than it says,
 * since the clocks of two instances may then lie that far apart. So keys never become younger on the way.
 *
 * <p>Thread-safe; one store serves all caches of a process. The futures complete on the store's one thread, and watchers are
 * called on it: what is attached to them must not block. They fail with {@link IOException} whose message is fit for logs, and
 * {@code load} with {@link RefusedSnapshotException} as well. No method throws because of Redis. {@code docs/fleet.md} has the
 * keys, the commands and what happens in trouble.
 */
public final class RedisSnapshotStore implements FleetStore, AutoCloseable {
    private static final byte[] NOTHING = {};

    private final FleetKeys keys;
    private final FleetClock clock;
    private final Entries entries;
    private final Connections connections;
    private final Watching watching;
    private final Operations operations;

    private RedisSnapshotStore(Builder builder, SnapshotFormat format, String where, Wiring wiring) {
        this.keys = new FleetKeys(builder.keyPrefix);
        this.clock = new FleetClock(builder.clock, where);
        this.entries = new Entries(format, clock);
        this.watching = new Watching(this::later, this::look, builder.pollInterval);
        this.connections = new Connections(
                wiring,
                where,
                builder.commandTimeout,
                keys.channel(),
                message -> watching.changed(message == null ? null : new String(message, UTF_8)),
                watching::again);
        this.operations = new Operations(connections, keys, clock, builder.keepFor.toMillis());
    }

    /**
     * Begins a store in one Redis or Valkey, or in whichever is the master by the word of Sentinels.
     *
     * @param uri where it is, with user, password, database and TLS if there are; copied at {@code build()}
     */
    public static Builder builder(RedisURI uri) {
        return new Builder(List.of(uri), false);
    }

    /**
     * Begins a store in a Redis or Valkey cluster.
     *
     * @param seed a node of it, with user, password and TLS if there are; copied at {@code build()}
     * @param others more of them, for when the first is away
     */
    public static Builder clusterBuilder(RedisURI seed, RedisURI... others) {
        List<RedisURI> seeds = new ArrayList<>(List.of(seed));
        seeds.addAll(List.of(others));
        return new Builder(seeds, true);
    }

    /**
     * Hands over what is kept for an address, 4 s older than it says.
     *
     * @return completes with the snapshot, or empty when none is kept; fails with {@link RefusedSnapshotException} when what
     *     is kept was altered, is not signed with the key of this store, is of another address, was purged or is too large,
     *     and with {@link IOException} when Redis does not answer in time or at all, refuses, or its clock and that of this
     *     machine differ by more than 2 s; never null
     */
    @Override
    public CompletableFuture<Optional<StoredSnapshot>> load(URI address) {
        return operations
                .run("load", address, true, argument(Entries.MAX_BYTES))
                .thenApply(answer -> entries.loaded(address, answer));
    }

    /**
     * Asks for the turn to fetch from an address, by the clock of Redis. Where somebody else has it, the answer tells for how
     * long this asker has to respect that: until the lease ends, or until the asker's {@code takeover} is over.
     *
     * @return completes with what is to be done; fails with {@link IOException} as {@link #load} does, and when what is kept
     *     counts generations that lie more than a day ahead; never null
     */
    @Override
    public CompletableFuture<Turn> turn(URI address, TurnRequest request) {
        return operations
                .run(
                        "turn",
                        address,
                        true,
                        argument(request.kind().name()),
                        argument(request.known()),
                        argument(request.lease().toMillis()),
                        argument(request.spacing().toMillis()),
                        argument(request.takeover().toMillis()))
                .thenApply(answer -> plausible(Answer.turn(answer)));
    }

    private Turn plausible(Turn turn) {
        try {
            if (turn instanceof Turn.Granted granted) {
                clock.checkGeneration(granted.generation());
            } else if (turn instanceof Turn.Newer newer) {
                clock.checkGeneration(newer.generation());
            }
            return turn;
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    /**
     * Keeps a snapshot and tells all who watch its address, unless one of the same or a later generation is kept or was purged.
     * Ends the turn of that generation in any case.
     *
     * @return completes when that is done, whether or not it was kept; fails with {@link IOException} as {@link #load} does, and
     *     with {@link IllegalArgumentException} when the snapshot cannot be written ({@link SnapshotFormat#write}); never null
     */
    @Override
    public CompletableFuture<Void> publish(StoredSnapshot snapshot) {
        byte[] entry;
        try {
            entry = entries.format().write(snapshot);
        } catch (IllegalArgumentException e) {
            return CompletableFuture.failedFuture(e);
        }
        return operations.done("publish", snapshot.address(), true, argument(snapshot.generation()), entry);
    }

    @Override
    public CompletableFuture<Void> failed(URI address, long generation, FleetFailure failure) {
        return operations.done(
                "failed",
                address,
                false,
                argument(generation),
                argument(failure.failures()),
                argument(failure.reason()),
                argument(failure.pause().toMillis()),
                argument(failure.quiet().toMillis()));
    }

    /**
     * Forgets what is kept of an address up to a generation and tells all who watch it, those that are away now when they are
     * back; whatever the clocks say. A turn of such a generation ends, and what it brings is not kept.
     *
     * @return completes when that is done; fails with {@link IOException} when Redis does not answer in time or at all, or
     *     refuses; never null
     */
    @Override
    public CompletableFuture<Void> purge(URI address, long generation) {
        byte[] bytes;
        try {
            bytes = entries.proof(address, generation);
        } catch (IllegalArgumentException e) {
            return CompletableFuture.failedFuture(e);
        }
        return operations.done("purge", address, false, argument(generation), bytes);
    }

    /**
     * Tells a watcher what is kept, and whenever that changes: at once while the announcements of Redis arrive, else within the
     * poll interval. Purges are believed only with the key of this store, if it has one.
     */
    @Override
    public Watch watch(URI address, Watcher watcher) {
        return watching.watch(keys.name(address), address, watcher);
    }

    private CompletableFuture<Watching.Seen> look(URI address) {
        return connections
                .call(commands -> commands.hmget(keys.key(address), "generation", "purged", "proof"))
                .thenApply(fields -> entries.seen(
                        address,
                        fields.get(0).getValueOrElse(NOTHING),
                        fields.get(1).getValueOrElse(NOTHING),
                        fields.get(2).getValueOrElse(NOTHING)));
    }

    /** Operations that are not answered yet. */
    int underWay() {
        return connections.underWay();
    }

    private Future<?> later(Runnable task, long millis) {
        return connections.later(task, millis);
    }

    /**
     * Ends the connections and threads of this store; what is under way fails. Returns within a few seconds, also when Redis
     * hangs; does nothing the second time. Nothing is deleted in Redis.
     */
    @Override
    public void close() {
        connections.close();
    }

    /** Where the store is and whether it signs; safe to log. */
    @Override
    public String toString() {
        return "RedisSnapshotStore[" + clock.where() + ", " + (entries.format().isSigned() ? "signed" : "unsigned")
                + "]";
    }

    /** Settings of a store. Not thread-safe. */
    public static final class Builder {
        private static final Duration SHORTEST = Duration.ofMillis(10);
        private static final Duration LONGEST = Duration.ofDays(365);

        private final List<RedisURI> uris;
        private final boolean cluster;
        private byte @Nullable [] hmacKey;
        private boolean trusting;
        private String keyPrefix = "jwks-cache";
        private Duration commandTimeout = Duration.ofSeconds(1);
        private Duration pollInterval = Duration.ofSeconds(10);
        private Duration keepFor = Duration.ofHours(24);
        private @Nullable SslOptions sslOptions;
        private Clock clock = Clock.systemUTC();

        private Builder(List<RedisURI> uris, boolean cluster) {
            this.uris = uris;
            this.cluster = cluster;
        }

        /**
         * Signs what is kept (HMAC-SHA-256), and takes only what is signed with the same key.
         *
         * @param key at least {@value SnapshotFormat#MIN_KEY_BYTES} random bytes, the same for the whole fleet; copied
         * @return this builder
         */
        public Builder hmacKey(byte[] key) {
            this.hmacKey = key.clone();
            return this;
        }

        /**
         * Keeps everything unsigned: whoever can write to this Redis decides whose signatures are accepted.
         *
         * @return this builder
         */
        public Builder trustStore() {
            this.trusting = true;
            return this;
        }

        /**
         * Sets what the names of keys and of the channel begin with.
         *
         * @param prefix 1 to 100 visible ASCII characters; {@code jwks-cache} by default
         * @return this builder
         */
        public Builder keyPrefix(String prefix) {
            this.keyPrefix = Objects.requireNonNull(prefix, "prefix");
            return this;
        }

        /**
         * Bounds every operation, and the attempts to connect.
         *
         * @param timeout 10 ms to 365 days; 1 s by default
         * @return this builder
         */
        public Builder commandTimeout(Duration timeout) {
            this.commandTimeout = Objects.requireNonNull(timeout, "timeout");
            return this;
        }

        /**
         * Sets how often the store looks for changes of watched addresses that it was not told of.
         *
         * @param interval 10 ms to 365 days, varied by ±10 %; 10 s by default
         * @return this builder
         */
        public Builder pollInterval(Duration interval) {
            this.pollInterval = Objects.requireNonNull(interval, "interval");
            return this;
        }

        /**
         * Sets for how long Redis keeps what nobody changes any more. At least max staleness, else purges are forgotten too early.
         *
         * @param duration 10 ms to 365 days; 24 h by default
         * @return this builder
         */
        public Builder keepFor(Duration duration) {
            this.keepFor = Objects.requireNonNull(duration, "duration");
            return this;
        }

        /**
         * Sets certificates and protocols for a {@code RedisURI} with TLS.
         *
         * @param options what Lettuce is given; its own defaults if this is not called
         * @return this builder
         */
        public Builder sslOptions(SslOptions options) {
            this.sslOptions = Objects.requireNonNull(options, "options");
            return this;
        }

        /** By which clock fetches are dated. */
        Builder clock(Clock wall) {
            this.clock = wall;
            return this;
        }

        /**
         * Builds the store, which begins to connect in the background. Neither waits for Redis nor fails because it is away.
         *
         * @return a store that its owner closes, after the caches that use it
         * @throws IllegalArgumentException if a setting is out of its bounds, neither {@link #hmacKey} nor {@link #trustStore} was
         *     called, or both were
         */
        public RedisSnapshotStore build() {
            if (keyPrefix.isEmpty()
                    || keyPrefix.length() > 100
                    || !keyPrefix.chars().allMatch(c -> c > ' ' && c <= '~')) {
                throw new IllegalArgumentException("keyPrefix has " + keyPrefix.length()
                        + " characters; it needs 1 to 100, all of them visible ASCII");
            }
            check("commandTimeout", commandTimeout);
            check("pollInterval", pollInterval);
            check("keepFor", keepFor);
            SnapshotFormat format = format();
            String where = Whereabouts.of(uris, cluster);
            Wiring wiring = cluster
                    ? Wiring.cluster(uris, commandTimeout, sslOptions)
                    : Wiring.single(uris.get(0), commandTimeout, sslOptions);
            return new RedisSnapshotStore(this, format, where, wiring);
        }

        private SnapshotFormat format() {
            byte[] key = hmacKey;
            if (key == null && !trusting) {
                throw new IllegalArgumentException(
                        "neither hmacKey nor trustStore() is set: whoever can write to this Redis"
                                + " would decide whose tokens are accepted; give all instances the same hmacKey of at least "
                                + SnapshotFormat.MIN_KEY_BYTES
                                + " random bytes, or say trustStore() if nobody else can write there");
            }
            if (key != null && trusting) {
                throw new IllegalArgumentException(
                        "hmacKey and trustStore() are both set, and contradict each other: with a key,"
                                + " nothing unsigned is trusted; leave one of them out");
            }
            return key == null ? SnapshotFormat.unsigned() : SnapshotFormat.signed(key);
        }

        private static void check(String setting, Duration value) {
            if (value.compareTo(SHORTEST) < 0 || value.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException(
                        setting + " is " + value + "; it can be " + SHORTEST + " to " + LONGEST);
            }
        }
    }
}
