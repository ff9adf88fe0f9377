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

    /** How a caller fares. */
    sealed interface Outcome<T> {}

    record Answer<T>(T value) implements Outcome<T> {}

    record Refusal<T>(JwksException reason) implements Outcome<T> {}

    /** Wait for the flight; if it has not landed when so much time has passed since the caller came, give up. */
    record Wait<T>(Flight flight, Duration bound, Supplier<Outcome<T>> giveUp) implements Outcome<T> {}

    /** Completes on a thread of the cache, with the answer or a {@link JwksException}. */
    CompletableFuture<T> answer() {
        return goOn(begin());
    }

    /** What can be said at once. */
    Outcome<T> begin() {
        return step(null);
    }

    /** Goes on from what could be said at once; completes as {@link #answer} does. */
    CompletableFuture<T> goOn(Outcome<T> outcome) {
        if (outcome instanceof Answer<T> found) {
            answer.complete(found.value());
        } else if (outcome instanceof Refusal<T> refusal) {
            answer.completeExceptionally(refusal.reason());
        } else if (outcome instanceof Wait<T> wait) {
            await(wait);
        }
        return answer;
    }

    private Outcome<T> step(@Nullable Landing last) {
        Moment now = time.now();
        RefreshState state = refresher.state();
        if (state.closed()) {
            return new Refusal<>(Refusals.closed(settings));
        }
        Snapshot snapshot = state.snapshot();
        return switch (policy.stateOf(snapshot, now)) {
            case EMPTY, EXPIRED -> withoutKeys(snapshot, now, last);
            case FRESH -> withKeys(snapshot, now, false);
            case STALE -> withKeys(snapshot, now, true);
        };
    }

    private Outcome<T> withoutKeys(@Nullable Snapshot seen, Moment now, @Nullable Landing last) {
        Flight flight = last instanceof Flight.Failed ? null : refresher.request(RefreshTrigger.RECOVERY, now, seen);
        return flight == null ? refuse() : new Wait<>(flight, settings.fetchTimeout(), this::refuse);
    }

    private Outcome<T> withKeys(@Nullable Snapshot snapshot, Moment now, boolean stale) {
        T found = snapshot == null ? null : pick.apply(snapshot.keys());
        if (found == null) {
            return miss(snapshot, now);
        }
        Flight refresh = stale ? refresher.request(RefreshTrigger.RECOVERY, now, snapshot) : null;
        if (refresh == null || waitedWhileStale || settings.staleWait().isZero()) {
            return new Answer<>(found);
        }
        waitedWhileStale = true;
        return new Wait<>(refresh, settings.staleWait(), () -> step(null));
    }

    private Outcome<T> miss(@Nullable Snapshot seen, Moment now) {
        Flight flight = informed ? null : refresher.request(RefreshTrigger.MISS, now, seen);
        return flight == null
                ? new Refusal<>(unknown.get())
                : new Wait<>(flight, settings.missWait(), () -> new Refusal<>(unknown.get()));
    }

    private Outcome<T> refuse() {
        Moment now = time.now();
        // Who was told that keys have expired must not see them again when the clock is set back.
        RefreshState state = refresher.observe(now);
        if (policy.stateOf(state.snapshot(), now).servesKeys()) {
            // Keys came between the decision and the refusal.
            return step(null);
        }
        return new Refusal<>(state.closed() ? Refusals.closed(settings) : Refusals.noKeys(settings, state, now));
    }

    /** Goes on when the flight lands, or gives up when the bound, counted from the caller's arrival, has passed. */
    private void await(Wait<T> wait) {
        Flight flight = wait.flight();
        CompletableFuture<Landing> landed = flight.landed();
        if (landed.isDone()) {
            landed(flight, landed.join());
            return;
        }
        long left = Moment.saturatedNanos(wait.bound()) - arrived.nanosUntil(time.now());
        if (left <= 0) {
            goOn(wait.giveUp().get());
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
                                    goOn(wait.giveUp().get());
                                }
                            },
                            left,
                            TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException closed) {
            goOn(step(null));
            return;
        }
        landed.whenComplete((landing, never) -> {
            if (over.compareAndSet(false, true)) {
                timer.cancel(false);
                landed(flight, landing);
            }
        });
    }

    private void landed(Flight flight, Landing landing) {
        // A flight that was not made saw nothing, whenever it began.
        informed |= flight.sentSince(arrived) && !(landing instanceof Flight.Deferred);
        goOn(step(landing));
    }
}
