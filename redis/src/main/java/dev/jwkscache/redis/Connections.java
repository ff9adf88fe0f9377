package dev.jwkscache.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The two connections of a store, for commands and for announcements, and the one thread on which its own work is done.
 *
 * <p>A command is answered or has failed within the command timeout, whatever Lettuce and Redis do.
 */
final class Connections {
    private static final Logger LOG = LoggerFactory.getLogger("jwks-cache");

    /** Answers that fail to come in a row before the connection is given up: its server may have been replaced. */
    private static final int STUCK = 3;

    /** A first connection asks several servers, each for at most one command timeout. */
    private static final int PATIENCE = 15;

    private final Wiring wiring;
    private final String where;
    private final Duration timeout;
    private final Trouble trouble;
    private final ScheduledThreadPoolExecutor timer;
    private final Link<StatefulConnection<String, byte[]>> commands;
    private final Link<StatefulRedisPubSubConnection<String, byte[]>> announcements;
    private final Map<Object, CompletableFuture<?>> underWay = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /** Touched on the timer alone. */
    private int unanswered;

    private @Nullable Boolean reachable;

    /**
     * Begins to connect.
     *
     * @param announced gets every message of the channel, and null when messages may have been missed; on the timer
     * @param reconnected is run when commands that have failed may work again; on the timer
     */
    Connections(
            Wiring wiring,
            String where,
            Duration timeout,
            String channel,
            Consumer<byte @Nullable []> announced,
            Runnable reconnected) {
        this.wiring = wiring;
        this.where = where;
        this.timeout = timeout;
        this.trouble = new Trouble(where, timeout);
        this.timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "jwks-cache-redis");
            thread.setDaemon(true);
            return thread;
        });
        timer.setRemoveOnCancelPolicy(true);
        timer.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
        Duration patience = timeout.multipliedBy(PATIENCE);
        this.commands = new Link<>(
                wiring::connect,
                timer,
                patience,
                connection -> {
                    reached();
                    reconnected.run();
                },
                this::lost);
        this.announcements = new Link<>(
                wiring::subscribe,
                timer,
                patience,
                connection -> {
                    connection.addListener(new Announcements(announced));
                    connection.async().subscribe(channel);
                },
                () -> {});
        wiring.listen(new RedisConnectionStateListener() {
            @Override
            public void onRedisConnected(RedisChannelHandler<?, ?> connection, SocketAddress address) {
                later(reconnected);
            }
        });
        later(commands::open);
        later(announcements::open);
    }

    /** Hands over what Redis announces; a confirmed subscription means that something may have been missed before. */
    private final class Announcements extends RedisPubSubAdapter<String, byte[]> {
        private final Consumer<byte @Nullable []> announced;

        Announcements(Consumer<byte @Nullable []> announced) {
            this.announced = announced;
        }

        @Override
        public void message(String channel, byte[] message) {
            later(() -> announced.accept(message));
        }

        @Override
        public void subscribed(String channel, long count) {
            later(() -> announced.accept(null));
        }
    }

    int underWay() {
        return underWay.size();
    }

    Trouble trouble() {
        return trouble;
    }

    /** Sends commands; the future fails with words of {@link Trouble}, and completes on the timer. */
    <T> CompletableFuture<T> call(Function<RedisClusterAsyncCommands<String, byte[]>, CompletionStage<T>> command) {
        StatefulConnection<String, byte[]> connection = commands.current();
        if (closed) {
            return CompletableFuture.failedFuture(trouble.closed());
        }
        if (connection == null) {
            return commands.firstAttempt().isDone()
                    ? CompletableFuture.failedFuture(trouble.notConnected())
                    : callOnceConnected(command);
        }
        CompletableFuture<T> answer = new CompletableFuture<>();
        Object call = new Object();
        underWay.put(call, answer);
        Future<?> deadline =
                later(() -> answered(connection, answer, null, new TimeoutException()), timeout.toMillis());
        answer.whenComplete((value, failure) -> {
            underWay.remove(call);
            deadline.cancel(false);
        });
        try {
            command.apply(Wiring.commands(connection))
                    .whenComplete((value, failure) -> later(() -> answered(connection, answer, value, failure)));
        } catch (RuntimeException e) {
            later(() -> answered(connection, answer, null, e));
        }
        if (closed) {
            answer.completeExceptionally(trouble.closed());
        }
        return answer;
    }

    /** Whoever begins asks before he is connected; were he refused at once, each new instance would fetch for itself. */
    private <T> CompletableFuture<T> callOnceConnected(
            Function<RedisClusterAsyncCommands<String, byte[]>, CompletionStage<T>> command) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        Future<?> deadline =
                later(() -> answer.completeExceptionally(trouble.of(new TimeoutException())), timeout.toMillis());
        commands.firstAttempt().whenComplete((done, never) -> {
            if (!answer.isDone()) {
                call(command).whenComplete((value, failure) -> {
                    deadline.cancel(false);
                    if (failure == null) {
                        answer.complete(value);
                    } else {
                        answer.completeExceptionally(failure);
                    }
                });
            }
        });
        return answer;
    }

    @SuppressWarnings("NullAway") // A reply is null only where there is a failure.
    private <T> void answered(
            StatefulConnection<String, byte[]> connection,
            CompletableFuture<T> answer,
            @Nullable T value,
            @Nullable Throwable failure) {
        if (failure == null) {
            // Also when it comes too late: that is a slow server, not a connection to nobody.
            unanswered = 0;
            if (answer.complete(value)) {
                reached();
            }
            return;
        }
        if (answer.isDone()) {
            return;
        }
        Throwable cause = Trouble.cause(failure);
        boolean stuck = Trouble.timedOut(cause) && ++unanswered >= STUCK;
        if ((stuck || Trouble.demoted(cause)) && connection == commands.current()) {
            unanswered = 0;
            commands.renew();
            announcements.renew();
        }
        if (!Trouble.refused(cause)) {
            lost();
        }
        answer.completeExceptionally(trouble.of(cause));
    }

    private void reached() {
        if (!Boolean.TRUE.equals(reachable)) {
            reachable = true;
            LOG.atInfo().addKeyValue("redis", where).log("jwks_redis_connected");
        }
    }

    private void lost() {
        if (!Boolean.FALSE.equals(reachable)) {
            reachable = false;
            LOG.atWarn()
                    .addKeyValue("redis", where)
                    .addKeyValue("effect", "this instance fetches for itself until Redis answers again")
                    .log("jwks_redis_lost");
        }
    }

    /** Does something on the timer; nothing when that has ended. */
    void later(Runnable task) {
        later(task, 0);
    }

    Future<?> later(Runnable task, long millis) {
        if (closed) {
            return CompletableFuture.completedFuture(null);
        }
        return timer.schedule(task, millis, TimeUnit.MILLISECONDS);
    }

    /** Ends everything within a bound of some seconds, also when Redis hangs; what is under way fails. */
    void close() {
        if (closed) {
            return;
        }
        closed = true;
        underWay.values().forEach(answer -> answer.completeExceptionally(trouble.closed()));
        // Not on the timer, which may be held up by an attempt to connect and is then ended before it comes to this.
        commands.firstAttempt().complete(null);
        timer.execute(() -> {
            commands.close();
            announcements.close();
        });
        try {
            wiring.shutdown().get(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.atDebug().addKeyValue("redis", where).log("jwks_redis_close_timed_out");
        } finally {
            timer.shutdownNow();
        }
    }
}
