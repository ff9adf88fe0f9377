package dev.jwkscache.redis;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import io.netty.util.HashedWheelTimer;
import io.netty.util.Timer;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lettuce, set up so that nothing waits longer than the command timeout, nothing is buffered for a Redis that is away, and
 * nothing is left after the end. A cluster and a single server look the same from here on.
 */
final class Wiring {
    private static final RedisCodec<String, byte[]> CODEC = RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);

    /** Commands under way on one connection. A cache sends one now and then; what is more than this has piled up. */
    private static final int MOST_UNDER_WAY = 1024;

    /** No thread of Lettuce has much to do here; 2 is the least that it takes. */
    private static final int POOL = 2;

    private static final Duration LONGEST_RECONNECT_PAUSE = Duration.ofSeconds(5);
    private static final Duration TOPOLOGY_REFRESH = Duration.ofSeconds(15);
    private static final long SHUTDOWN_SECONDS = 2;

    private final Timer wheel;
    private final ClientResources resources;
    private final AbstractRedisClient client;
    private final Supplier<CompletionStage<StatefulConnection<String, byte[]>>> connect;
    private final Supplier<CompletionStage<StatefulRedisPubSubConnection<String, byte[]>>> subscribe;

    private Wiring(
            Timer wheel,
            ClientResources resources,
            AbstractRedisClient client,
            Supplier<CompletionStage<StatefulConnection<String, byte[]>>> connect,
            Supplier<CompletionStage<StatefulRedisPubSubConnection<String, byte[]>>> subscribe) {
        this.wheel = wheel;
        this.resources = resources;
        this.client = client;
        this.connect = connect;
        this.subscribe = subscribe;
    }

    static Wiring single(RedisURI uri, Duration timeout, @Nullable SslOptions ssl) {
        Timer wheel = wheel();
        ClientResources resources = resources(wheel);
        RedisURI address = bounded(uri, timeout);
        RedisClient client = RedisClient.create(resources);
        client.setOptions(options(ClientOptions.builder(), timeout, ssl).build());
        return new Wiring(
                wheel,
                resources,
                client,
                () -> client.connectAsync(CODEC, address).thenApply(connection -> connection),
                () -> client.connectPubSubAsync(CODEC, address));
    }

    static Wiring cluster(List<RedisURI> seeds, Duration timeout, @Nullable SslOptions ssl) {
        Timer wheel = wheel();
        ClientResources resources = resources(wheel);
        RedisClusterClient client = RedisClusterClient.create(
                resources, seeds.stream().map(uri -> bounded(uri, timeout)).toList());
        ClusterClientOptions.Builder options = ClusterClientOptions.builder();
        options(options, timeout, ssl);
        client.setOptions(options.topologyRefreshOptions(ClusterTopologyRefreshOptions.builder()
                        .adaptiveRefreshTriggersTimeout(timeout)
                        .enablePeriodicRefresh(TOPOLOGY_REFRESH)
                        .build())
                .build());
        return new Wiring(
                wheel,
                resources,
                client,
                () -> client.refreshPartitionsAsync()
                        .thenCompose(done -> client.connectAsync(CODEC))
                        .thenApply(connection -> connection),
                () -> client.refreshPartitionsAsync()
                        .thenCompose(done -> client.connectPubSubAsync(CODEC))
                        .thenApply(connection -> connection));
    }

    private static Timer wheel() {
        return new HashedWheelTimer(new DefaultThreadFactory("jwks-cache-redis-wheel", true));
    }

    private static ClientResources resources(Timer wheel) {
        return ClientResources.builder()
                .ioThreadPoolSize(POOL)
                .computationThreadPoolSize(POOL)
                .timer(wheel)
                .threadFactoryProvider(name -> new DefaultThreadFactory("jwks-cache-redis-" + name, true))
                .reconnectDelay(
                        Delay.fullJitter(Duration.ofMillis(50), LONGEST_RECONNECT_PAUSE, 100, TimeUnit.MILLISECONDS))
                .commandLatencyRecorder(CommandLatencyRecorder.disabled())
                .build();
    }

    /** A copy: the address is its owner's, and its own timeout of a minute would bound handshakes. */
    private static RedisURI bounded(RedisURI uri, Duration timeout) {
        return RedisURI.builder(uri).withTimeout(timeout).build();
    }

    private static ClientOptions.Builder options(
            ClientOptions.Builder options, Duration timeout, @Nullable SslOptions ssl) {
        if (ssl != null) {
            options.sslOptions(ssl);
        }
        return options.autoReconnect(true)
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .requestQueueSize(MOST_UNDER_WAY)
                .maintNotificationsConfig(MaintNotificationsConfig.disabled())
                .timeoutOptions(TimeoutOptions.enabled(timeout))
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(timeout)
                        // Finds out that a machine is gone where no command is sent: on the subscription.
                        .keepAlive(SocketOptions.KeepAliveOptions.builder()
                                .enable()
                                .idle(Duration.ofSeconds(30))
                                .interval(Duration.ofSeconds(10))
                                .count(3)
                                .build())
                        .build());
    }

    CompletionStage<StatefulConnection<String, byte[]>> connect() {
        return connect.get();
    }

    CompletionStage<StatefulRedisPubSubConnection<String, byte[]>> subscribe() {
        return subscribe.get();
    }

    /** The commands of a connection that {@link #connect} has made. */
    static RedisClusterAsyncCommands<String, byte[]> commands(StatefulConnection<String, byte[]> connection) {
        return connection instanceof StatefulRedisClusterConnection<String, byte[]> cluster
                ? cluster.async()
                : ((StatefulRedisConnection<String, byte[]>) connection).async();
    }

    /** Every connection there is, those to the nodes of a cluster and those to Sentinels among them. */
    void listen(RedisConnectionStateListener listener) {
        client.addListener(listener);
    }

    /** Ends connections and threads; what hangs is left behind after the bound. */
    CompletableFuture<Void> shutdown() {
        return client.shutdownAsync(0, SHUTDOWN_SECONDS, TimeUnit.SECONDS)
                .handle((done, failure) -> wheel.stop())
                .thenCompose(tasks -> {
                    CompletableFuture<Void> ended = new CompletableFuture<>();
                    resources
                            .shutdown(0, SHUTDOWN_SECONDS, TimeUnit.SECONDS)
                            .addListener(future -> ended.complete(null));
                    return ended;
                });
    }
}
