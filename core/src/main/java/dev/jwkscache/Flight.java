package dev.jwkscache;

import dev.jwkscache.spi.OriginResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * One fetch under way, or waiting for its turn; whoever needs its result waits on {@link #landed()}. It lives by itself: a
 * waiter that gives up does not end it.
 */
final class Flight {
    private final RefreshTrigger trigger;
    private final CompletableFuture<Landing> landed = new CompletableFuture<>();
    private volatile @Nullable CompletableFuture<OriginResponse> exchange;
    private volatile @Nullable Future<?> deadline;
    private volatile @Nullable Moment sentAt;
    private volatile long generation = Long.MAX_VALUE;

    Flight(RefreshTrigger trigger) {
        this.trigger = trigger;
    }

    /** A flight that is over: the keys are there. */
    static Flight landedWith(JwkSet keys) {
        Flight flight = new Flight(RefreshTrigger.RECOVERY);
        flight.landed.complete(new Loaded(keys));
        return flight;
    }

    RefreshTrigger trigger() {
        return trigger;
    }

    /** Completes with how the flight ended, never exceptionally. */
    CompletableFuture<Landing> landed() {
        return landed;
    }

    void sentAt(Moment moment) {
        sentAt = moment;
    }

    /** That of what it will bring; later than any while it has not departed. */
    long generation() {
        return generation;
    }

    void departs(long under) {
        generation = under;
    }

    /** Whether its request was sent at or after that moment, so that it saw what was published by then. */
    boolean sentSince(Moment moment) {
        Moment sent = sentAt;
        return sent != null && sent.nanos() - moment.nanos() >= 0;
    }

    void deadline(Future<?> timer) {
        deadline = timer;
        if (landed.isDone()) {
            timer.cancel(false);
        }
    }

    /** Notes the exchange; what is over is given up. */
    void exchange(CompletableFuture<OriginResponse> started) {
        exchange = started;
        if (landed.isDone()) {
            giveUp(started);
        }
    }

    /** Tells the waiters and ends what is still under way; {@code canceller} runs the origin's part of that. */
    void land(Landing landing, Executor canceller) {
        landed.complete(landing);
        Future<?> timer = deadline;
        if (timer != null) {
            timer.cancel(false);
        }
        CompletableFuture<OriginResponse> running = exchange;
        if (running != null && !running.isDone()) {
            try {
                canceller.execute(() -> giveUp(running));
            } catch (Throwable noThread) {
                // The exchange is left to its own end; what it brings counts for nothing.
            }
        }
    }

    private static void giveUp(CompletableFuture<OriginResponse> running) {
        try {
            running.cancel(true);
        } catch (Throwable thrown) {
            // The future is the origin's; that it cannot be cancelled is its own affair.
        }
    }

    /** How a flight ended. */
    sealed interface Landing {}

    /** With a set, new or confirmed. */
    record Loaded(JwkSet keys) implements Landing {}

    /** With a failure; the set at hand stays. */
    record Failed(RefreshFailure failure) implements Landing {}

    /** It was not made: there was nothing new to be had. */
    record Deferred() implements Landing {}

    /** A purge or the end of the cache overtook it; its result counts for nothing. */
    record Superseded() implements Landing {}
}
