package dev.jwkscache;

import dev.jwkscache.RefreshPolicy.Decision;
import dev.jwkscache.RefreshPolicy.Deny;
import dev.jwkscache.RefreshPolicy.Join;
import dev.jwkscache.RefreshPolicy.Start;
import dev.jwkscache.RefreshState.Phase;
import dev.jwkscache.Sharing.Counsel;
import dev.jwkscache.spi.OriginResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.DoubleSupplier;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The one flight, the schedule and the budgets of a cache. Every step is a pure decision of {@link RefreshPolicy} put in
 * place by one compare-and-set; what follows from it is done afterwards, by whoever won. There is no lock.
 */
final class Refresher implements Fetching.Landing {
    private static final AtomicReferenceFieldUpdater<Refresher, RefreshState> STATE =
            AtomicReferenceFieldUpdater.newUpdater(Refresher.class, RefreshState.class, "state");

    private volatile RefreshState state = RefreshState.INITIAL;

    private final Alarm alarm;
    private final CompletableFuture<Void> firstKeys = new CompletableFuture<>();

    private final Settings settings;
    private final RefreshPolicy policy;
    private final FleetPolicy fleetPolicy;
    private final Fetching fetching;
    private final Sharing sharing;
    private final Engine engine;
    private final TimeSource time;
    private final DoubleSupplier random;
    private final CacheEvents events;
    private final Counters counters;

    Refresher(
            Settings settings,
            Fetching fetching,
            Sharing sharing,
            Engine engine,
            TimeSource time,
            DoubleSupplier random,
            CacheEvents events,
            Counters counters) {
        this.settings = settings;
        this.policy = new RefreshPolicy(settings);
        this.fleetPolicy = FleetPolicy.of(settings);
        this.fetching = fetching;
        this.sharing = sharing;
        this.engine = engine;
        this.time = time;
        this.random = random;
        this.events = events;
        this.counters = counters;
        this.alarm = new Alarm(engine.timer(), this::tick);
    }

    RefreshState state() {
        return state;
    }

    /** Completes at the first keys, or exceptionally when the cache is closed before. */
    CompletableFuture<Void> firstKeys() {
        return firstKeys;
    }

    /** The flight that was started, joined or queued for this trigger; null when its budget allows none now. */
    @Nullable
    Flight request(RefreshTrigger trigger, Moment now) {
        return request(trigger, now, any -> true);
    }

    /**
     * The same for somebody to whom the keys he saw were not enough: if others have come since, he is told at once, so
     * that he looks at them before he costs a fetch or is refused.
     */
    @Nullable
    Flight request(RefreshTrigger trigger, Moment now, @Nullable Snapshot seen) {
        return request(trigger, now, current -> current == seen);
    }

    private @Nullable Flight request(RefreshTrigger trigger, Moment now, Predicate<@Nullable Snapshot> stillAtHand) {
        while (true) {
            RefreshState before = state;
            Snapshot current = before.snapshot();
            if (current != null && !stillAtHand.test(current)) {
                return Flight.landedWith(current.keys());
            }
            Decision decision = policy.decide(before, trigger, now);
            if (decision instanceof Join join) {
                return join.flight();
            }
            if (decision instanceof Deny) {
                return null;
            }
            // What has to wait its turn is a manual fetch, whoever asked for it first: others will join it.
            Flight flight = new Flight(decision instanceof Start ? trigger : RefreshTrigger.MANUAL);
            if (take(before, decision, flight, now)) {
                return flight;
            }
        }
    }

    /** Takes what the store keeps, if that is newer. */
    void lookAtStore() {
        request(RefreshTrigger.STORE, time.now());
    }

    /** From now on fetches by itself, whether or not it has keys. */
    void schedule() {
        update(current -> current.closed() ? current : current.withPhase(Phase.SCHEDULED));
        arm();
    }

    /** Notes how old the keys look now, so that they never look younger again. */
    RefreshState observe(Moment now) {
        RefreshState current = state;
        Snapshot snapshot = current.snapshot();
        if (snapshot == null || snapshot.seenAt(now) == snapshot) {
            return current;
        }
        return update(changed -> {
                    Snapshot latest = changed.snapshot();
                    return latest == null ? changed : changed.withSnapshot(latest.seenAt(now));
                })
                .after();
    }

    /** Drops the keys and whatever an older fetch may still bring, and fetches. */
    void purge() {
        Moment now = time.now();
        sharing.purged(state.snapshot(), now);
        Change change = update(current -> current.closed() ? current : current.purged());
        if (!change.before().closed()) {
            dropped(change, RefreshTrigger.MANUAL, now);
        }
    }

    /** The same with what is of a generation up to that one, after somebody else has purged it. */
    void purgedElsewhere(long generation) {
        Change change = update(current -> current.closed() ? current : current.purged(generation));
        if (!change.after().equals(change.before())) {
            dropped(change, RefreshTrigger.RECOVERY, time.now());
        }
    }

    private void dropped(Change change, RefreshTrigger trigger, Moment now) {
        Flight flight = change.before().flight();
        if (flight != null && !change.after().owns(flight)) {
            supersede(flight);
        }
        events.purged();
        request(trigger, now);
        arm();
    }

    /** Ends the flight, the schedule and every wait; false when that was done before. */
    boolean close() {
        RefreshState closed =
                new RefreshState(Phase.CLOSED, null, null, null, null, RefreshState.INITIAL.budgets(), false);
        RefreshState before = update(current -> closed).before();
        if (before.closed()) {
            return false;
        }
        supersede(before.flight());
        supersede(before.queued());
        arm();
        firstKeys.completeExceptionally(Refusals.closed(settings));
        sharing.close();
        fetching.close();
        events.closed();
        engine.release().run();
        return true;
    }

    private boolean take(RefreshState before, Decision decision, Flight flight, Moment now) {
        boolean start = decision instanceof Start;
        RefreshState after = start ? policy.started(before, flight, now) : before.withQueued(flight);
        if (!STATE.compareAndSet(this, before, after)) {
            return false;
        }
        if (start) {
            launch(flight, before, now);
        } else {
            arm();
        }
        return true;
    }

    private void launch(Flight flight, RefreshState before, Moment sentAt) {
        flight.sentAt(sentAt);
        Attempt attempt = Attempt.alone(flight, before, sentAt);
        sharing.before(attempt, counsel -> follow(attempt, counsel));
    }

    private void follow(Attempt attempt, Counsel counsel) {
        Flight flight = attempt.flight();
        if (counsel instanceof Sharing.Fetch fetch) {
            flight.departs(fetch.attempt().generation());
            fetching.fetch(fetch.attempt(), this);
        } else if (counsel instanceof Sharing.Take take) {
            // As old as it is: who came after it was fetched may still know of something newer.
            flight.sentAt(take.snapshot().sentAt());
            succeed(
                    attempt,
                    take.snapshot(),
                    true,
                    (current, now, jitter) -> fleetPolicy.taken(current, take.snapshot(), now, jitter));
        } else if (counsel instanceof Sharing.Defer defer) {
            Change deferred = end(
                    flight,
                    time.now(),
                    (current, now, jitter) -> fleetPolicy.deferred(current, defer.remaining(), now, jitter));
            if (deferred != null) {
                flight.land(new Flight.Deferred(), engine.worker());
            }
        } else if (counsel instanceof Sharing.Blocked blocked) {
            fail(
                    attempt,
                    blocked.reason(),
                    time.now(),
                    (current, failure, now, jitter) ->
                            fleetPolicy.blocked(current, failure, blocked.failures(), blocked.pause(), now, jitter));
        }
    }

    @Override
    public void brought(Attempt attempt, Snapshot snapshot, @Nullable Duration hint, OriginResponse response) {
        boolean counted = succeed(
                attempt,
                snapshot,
                false,
                (current, now, jitter) -> policy.succeeded(current, snapshot, hint, now, jitter));
        if (counted) {
            sharing.fetched(attempt, snapshot, response);
        }
    }

    private boolean succeed(Attempt attempt, Snapshot snapshot, boolean stored, End success) {
        Flight flight = attempt.flight();
        Moment now = time.now();
        Change change = end(
                flight,
                now,
                (current, at, jitter) -> success.of(current, at, jitter).withPhase(Phase.SCHEDULED));
        if (change == null) {
            return false;
        }
        (stored ? counters.taken : counters.refreshes).increment();
        events.arrived(change.before(), snapshot, now);
        flight.land(new Flight.Loaded(snapshot.keys()), engine.worker());
        firstKeys.complete(null);
        events.refreshed(attempt, snapshot, stored, change.before(), now);
        return true;
    }

    @Override
    public void failed(Attempt attempt, FetchException reason, @Nullable OriginResponse response) {
        Moment now = time.now();
        Duration retryAfter =
                response == null || response.status() == 200 ? null : CacheHints.retryAfter(response, now.wall());
        RefreshState after = fail(
                attempt,
                reason,
                now,
                (current, failure, at, jitter) -> policy.failed(
                        FleetPolicy.informed(current, attempt.failuresOfFleet(), failure),
                        failure,
                        retryAfter,
                        at,
                        jitter));
        if (after != null) {
            sharing.failed(attempt, after, now);
        }
    }

    private @Nullable RefreshState fail(Attempt attempt, FetchException reason, Moment now, Failing failing) {
        Flight flight = attempt.flight();
        RefreshFailure failure = new RefreshFailure(reason.reason(), reason.detail(), now.wall());
        Change change = end(flight, now, (current, at, jitter) -> failing.of(current, failure, at, jitter));
        if (change == null) {
            return null;
        }
        counters.failures.increment();
        flight.land(new Flight.Failed(failure), engine.worker());
        events.failed(flight.trigger(), change.after(), failure, now);
        return change.after();
    }

    /** Puts the end of a flight in place, if it still counts; null if something has overtaken it. */
    private @Nullable Change end(Flight flight, Moment now, End end) {
        double jitter = random.getAsDouble();
        Change change = update(current -> current.owns(flight) ? end.of(current, now, jitter) : current);
        if (!change.before().owns(flight)) {
            return null;
        }
        arm();
        return change;
    }

    private void tick() {
        try {
            Moment now = time.now();
            RefreshState current = observe(now).unglanced();
            if (current.queued() != null) {
                launchQueued(now);
            }
            if (current.phase() == Phase.SCHEDULED) {
                request(RefreshTrigger.SCHEDULE, now);
            }
        } finally {
            arm();
        }
    }

    private void launchQueued(Moment now) {
        while (true) {
            RefreshState before = state;
            Flight queued = before.queued();
            if (queued == null || before.inFlight() != null) {
                return;
            }
            RefreshState without = before.withQueued(null);
            Decision decision = policy.decide(without, RefreshTrigger.MANUAL, now);
            if (decision instanceof RefreshPolicy.Queue) {
                return;
            }
            boolean start = decision instanceof Start;
            RefreshState after = start ? policy.started(without, queued, now) : without;
            if (STATE.compareAndSet(this, before, after)) {
                if (start) {
                    launch(queued, before, now);
                } else {
                    RefreshFailure quiet = Failures.quiet(before.budgets().quietUntil(), now);
                    queued.land(new Flight.Failed(quiet), engine.worker());
                }
                return;
            }
        }
    }

    /** Sets the one alarm to when the next fetch is due. */
    @SuppressWarnings("ReferenceEquality") // Any new state may have another due time, also one that equals the old.
    private void arm() {
        RefreshState armed;
        boolean inPlace;
        do {
            armed = state;
            Moment now = time.now();
            Moment due = policy.nextWake(armed, now);
            inPlace = alarm.set(due == null ? null : due.remaining(now));
            // A change in between, or a ring, may have set an earlier time, and that may be the alarm just replaced.
        } while (state != armed || !inPlace);
    }

    private void supersede(@Nullable Flight flight) {
        if (flight != null) {
            flight.land(new Flight.Superseded(), engine.worker());
        }
    }

    /** Puts a pure change in place. */
    private Change update(UnaryOperator<RefreshState> change) {
        while (true) {
            RefreshState before = state;
            RefreshState after = change.apply(before);
            if (STATE.compareAndSet(this, before, after)) {
                return new Change(before, after);
            }
        }
    }

    private record Change(RefreshState before, RefreshState after) {}

    /** What the end of a flight makes of the state. */
    private interface End {
        RefreshState of(RefreshState current, Moment now, double jitter);
    }

    /** What a failure makes of the state. */
    private interface Failing {
        RefreshState of(RefreshState current, RefreshFailure failure, Moment now, double jitter);
    }
}
