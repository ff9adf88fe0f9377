package dev.jwkscache.redis;

import io.lettuce.core.api.StatefulConnection;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one connection: tries until there is a first one, which Lettuce then reconnects, and replaces one that is stuck.
 *
 * <p>All but {@link #current} happens on the timer.
 */
final class Link<C extends StatefulConnection<?, ?>> {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final Supplier<? extends CompletionStage<C>> connect;
    private final ScheduledExecutorService timer;
    private final Duration patience;
    private final Consumer<C> connected;
    private final Runnable failed;

    private final CompletableFuture<Void> firstAttempt = new CompletableFuture<>();

    private volatile @Nullable C current;
    private int attempts;
    private boolean connecting;
    private boolean closed;

    /**
     * Creates a link that is not open yet.
     *
     * @param patience how long an attempt may take before another is made
     */
    Link(
            Supplier<? extends CompletionStage<C>> connect,
            ScheduledExecutorService timer,
            Duration patience,
            Consumer<C> connected,
            Runnable failed) {
        this.connect = connect;
        this.timer = timer;
        this.patience = patience;
        this.connected = connected;
        this.failed = failed;
    }

    /** The connection, which may be between two connections by itself; null before the first and after the last. */
    @Nullable
    C current() {
        return current;
    }

    /** Completes when the first attempt to connect has ended, one way or the other. */
    CompletableFuture<Void> firstAttempt() {
        return firstAttempt;
    }

    void open() {
        if (closed || connecting || current != null) {
            return;
        }
        connecting = true;
        CompletableFuture<C> attempt = new CompletableFuture<>();
        timer.schedule(
                () -> attempt.completeExceptionally(new TimeoutException()),
                patience.toMillis(),
                TimeUnit.MILLISECONDS);
        start().whenComplete((connection, failure) -> {
            boolean wanted = connection == null ? attempt.completeExceptionally(failure) : attempt.complete(connection);
            if (!wanted && connection != null) {
                connection.closeAsync();
            }
        });
        attempt.whenCompleteAsync(this::opened, timer);
    }

    private CompletionStage<C> start() {
        try {
            return connect.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    private void opened(@Nullable C connection, @Nullable Throwable failure) {
        connecting = false;
        if (connection == null) {
            failed.run();
            long most = Math.min(LONGEST_PAUSE.toMillis(), FIRST_PAUSE.toMillis() << Math.min(attempts++, 10));
            timer.schedule(this::open, ThreadLocalRandom.current().nextLong(most / 2, most + 1), TimeUnit.MILLISECONDS);
        } else if (closed) {
            connection.closeAsync();
        } else {
            attempts = 0;
            current = connection;
            connected.accept(connection);
        }
        firstAttempt.complete(null);
    }

    /** Gives up the connection, whatever becomes of it, and makes another. */
    void renew() {
        C stuck = current;
        if (stuck != null) {
            current = null;
            stuck.closeAsync();
            open();
        }
    }

    void close() {
        closed = true;
        C last = current;
        current = null;
        if (last != null) {
            last.closeAsync();
        }
    }
}
