package dev.jwkscache;

import dev.jwkscache.Flight.Landing;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One caller who could not be answered at once: waits for flights, never longer than its state allows, and never owns
 * one. The same steps serve those who block and those who do not.
 *
 * @param <T> what the caller wants of a set
 */
final class Lookup<T> {
    private final Refresher refresher;
    private final Settings settings;
    private final RefreshPolicy policy;
    private final Engine engine;
    private final TimeSource time;
    private final Moment arrived;
    private final Function<JwkSet, @Nullable T> pick;
    private final Supplier<? extends JwksException> unknown;
    private final CompletableFuture<T> answer = new CompletableFuture<>();
    /** A flight sent before the caller came may have missed a rotation; one sent since cannot have. */
    private boolean informed;

    private boolean waitedWhileStale;

    Lookup(
            Refresher refresher,
            Settings settings,
            Engine engine,
            TimeSource time,
            Function<JwkSet, @Nullable T> pick,
            Supplier<? extends JwksException> unknown) {
        this.refresher = refresher;
        this.settings = settings;
        this.policy = new RefreshPolicy(settings);
        this.engine = engine;
        this.time = time;
        this.arrived = time.now();
        this.pick = pick;
        this.unknown = unknown;
    }

    /** Completes on a thread of the cache, with the answer or a {@link JwksException}. */
    CompletableFuture<T> answer() {
        step(null);
        return answer;
    }

    private void step(@Nullable Landing last) {
        Moment now = time.now();
        RefreshState state = refresher.state();
        if (state.closed()) {
            answer.completeExceptionally(Refusals.closed(settings));
            return;
        }
        Snapshot snapshot = state.snapshot();
        switch (policy.stateOf(snapshot, now)) {
            case EMPTY, EXPIRED -> withoutKeys(snapshot, now, last);
            case FRESH -> withKeys(snapshot, now, false);
            case STALE -> withKeys(snapshot, now, true);
        }
    }

    private void withoutKeys(@Nullable Snapshot seen, Moment now, @Nullable Landing last) {
        Flight flight = last instanceof Flight.Failed ? null : refresher.request(RefreshTrigger.RECOVERY, now, seen);
        if (flight == null) {
            refuse();
        } else {
            await(flight, settings.fetchTimeout(), now, this::refuse);
        }
    }

    private void withKeys(@Nullable Snapshot snapshot, Moment now, boolean stale) {
        T found = snapshot == null ? null : pick.apply(snapshot.keys());
        if (found == null) {
            miss(snapshot, now);
            return;
        }
        Flight refresh = stale ? refresher.request(RefreshTrigger.RECOVERY, now, snapshot) : null;
        if (refresh == null || waitedWhileStale || settings.staleWait().isZero()) {
            answer.complete(found);
            return;
        }
        waitedWhileStale = true;
        await(refresh, settings.staleWait(), now, () -> step(null));
    }

    private void miss(@Nullable Snapshot seen, Moment now) {
        Flight flight = informed ? null : refresher.request(RefreshTrigger.MISS, now, seen);
        if (flight == null) {
            answer.completeExceptionally(unknown.get());
            return;
        }
        await(flight, settings.missWait(), now, () -> answer.completeExceptionally(unknown.get()));
    }

    private void refuse() {
        Moment now = time.now();
        // Who was told that keys have expired must not see them again when the clock is set back.
        RefreshState state = refresher.observe(now);
        CacheState trust = policy.stateOf(state.snapshot(), now);
        if (trust == CacheState.FRESH || trust == CacheState.STALE) {
            // Keys came between the decision and the refusal.
            step(null);
            return;
        }
        answer.completeExceptionally(
                state.closed() ? Refusals.closed(settings) : Refusals.noKeys(settings, state, now));
    }

    /** Goes on when the flight lands, or gives up when the bound, counted from the caller's arrival, has passed. */
    private void await(Flight flight, Duration bound, Moment now, Runnable giveUp) {
        CompletableFuture<Landing> landed = flight.landed();
        if (landed.isDone()) {
            goOn(flight, landed.join());
            return;
        }
        long left = Moment.saturatedNanos(bound) - arrived.nanosUntil(now);
        if (left <= 0) {
            giveUp.run();
            return;
        }
        // Not by who cancels the timer: a scheduler that is shut down at this moment cancels it itself, and then nobody
        // would answer.
        AtomicBoolean over = new AtomicBoolean();
        Future<?> timer;
        try {
            timer = engine.timer()
                    .schedule(
                            () -> {
                                if (over.compareAndSet(false, true)) {
                                    giveUp.run();
                                }
                            },
                            left,
                            TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException closed) {
            step(null);
            return;
        }
        landed.whenComplete((landing, never) -> {
            if (over.compareAndSet(false, true)) {
                timer.cancel(false);
                goOn(flight, landing);
            }
        });
    }

    private void goOn(Flight flight, Landing landing) {
        informed |= flight.sentSince(arrived);
        step(landing);
    }
}
