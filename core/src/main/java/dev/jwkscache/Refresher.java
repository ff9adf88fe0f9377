package dev.jwkscache;

import dev.jwkscache.DocumentReader.Document;
import dev.jwkscache.JwksCacheListener.RefreshFailed;
import dev.jwkscache.JwksCacheListener.Refreshed;
import dev.jwkscache.RefreshPolicy.Decision;
import dev.jwkscache.RefreshPolicy.Deny;
import dev.jwkscache.RefreshPolicy.Join;
import dev.jwkscache.RefreshPolicy.Start;
import dev.jwkscache.RefreshState.Phase;
import dev.jwkscache.Snapshot.Validators;
import dev.jwkscache.spi.JwksOrigin;
import dev.jwkscache.spi.OriginRequest;
import dev.jwkscache.spi.OriginResponse;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.DoubleSupplier;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The one flight, the schedule and the budgets of a cache. Every step is a pure decision of {@link RefreshPolicy} put in
 * place by one compare-and-set; what follows from it is done afterwards, by whoever won. There is no lock.
 */
final class Refresher {
    private static final AtomicReferenceFieldUpdater<Refresher, RefreshState> STATE =
            AtomicReferenceFieldUpdater.newUpdater(Refresher.class, RefreshState.class, "state");

    private volatile RefreshState state = RefreshState.INITIAL;

    private final Alarm alarm;
    private final CompletableFuture<Void> firstKeys = new CompletableFuture<>();
    /** Whether a thread is inside the origin: one that blocks costs one thread, not one for each attempt. */
    private final AtomicBoolean calling = new AtomicBoolean();

    private final Settings settings;
    private final RefreshPolicy policy;
    private final JwksOrigin origin;
    private final DocumentReader reader;
    private final Engine engine;
    private final TimeSource time;
    private final DoubleSupplier random;
    private final Events events;
    private final Counters counters;
    private final URI shownAddress;

    Refresher(
            Settings settings,
            JwksOrigin origin,
            Engine engine,
            TimeSource time,
            DoubleSupplier random,
            Events events,
            Counters counters) {
        this.settings = settings;
        this.policy = new RefreshPolicy(settings);
        this.origin = origin;
        this.reader = DocumentReader.of(settings);
        this.engine = engine;
        this.time = time;
        this.random = random;
        this.events = events;
        this.counters = counters;
        this.alarm = new Alarm(engine.timer(), this::tick);
        this.shownAddress = SafeText.withoutQuery(settings.address());
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
        RefreshState before =
                update(current -> current.closed() ? current : current.purged()).before();
        if (before.closed()) {
            return;
        }
        supersede(before.flight());
        events.tell(listener -> listener.purged(shownAddress));
        request(RefreshTrigger.MANUAL, time.now());
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
        try {
            origin.close();
        } catch (Throwable ignored) {
            // An origin that cannot be closed must not keep the threads.
        }
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
        counters.fetches.increment();
        flight.sentAt(sentAt);
        // A server that fails on validators would fail for ever: after a failure the whole document is asked for.
        Snapshot basis = before.failures() == null ? before.snapshot() : null;
        boolean forced = before.distrusted() || flight.trigger().forced();
        Attempt attempt = new Attempt(flight, basis, forced, sentAt);
        engine.gate().enter(() -> depart(attempt), flight.trigger().urgent());
    }

    private void depart(Attempt attempt) {
        Flight flight = attempt.flight();
        flight.landed().whenComplete((landing, never) -> engine.gate().leave());
        Duration timeout = settings.fetchTimeout();
        try {
            flight.deadline(engine.timer()
                    .schedule(
                            () -> fail(flight, Failures.timeout(timeout), null),
                            Moment.saturatedNanos(timeout),
                            TimeUnit.NANOSECONDS));
            engine.worker().execute(() -> exchange(attempt));
        } catch (Throwable noThread) {
            fail(flight, Failures.noThread(noThread), null);
        }
    }

    private void exchange(Attempt attempt) {
        Flight flight = attempt.flight();
        if (flight.landed().isDone()) {
            return;
        }
        if (!calling.compareAndSet(false, true)) {
            fail(flight, Failures.stillCalling(), null);
            return;
        }
        Validators validators = attempt.basis() == null ? null : attempt.basis().validators();
        RefreshState.Failures failures = state.failures();
        OriginRequest request = new OriginRequest(
                validators == null ? null : validators.etag(),
                validators == null ? null : validators.lastModified(),
                attempt.forced(),
                settings.fetchTimeout(),
                failures == null ? 0 : failures.count());
        try {
            CompletableFuture<OriginResponse> answer = call(request);
            flight.exchange(answer);
            answer.whenCompleteAsync((response, thrown) -> land(attempt, response, thrown), engine.worker());
        } catch (Throwable thrown) {
            fail(flight, Failures.explain(thrown), null);
        }
    }

    /** Leaves the origin before anybody can hear of its answer: the next fetch may begin as soon as this one lands. */
    private CompletableFuture<OriginResponse> call(OriginRequest request) {
        try {
            return Objects.requireNonNull(origin.fetch(request));
        } finally {
            calling.set(false);
        }
    }

    private void land(Attempt attempt, @Nullable OriginResponse response, @Nullable Throwable thrown) {
        Document document;
        Duration hint;
        try {
            if (thrown != null) {
                throw Failures.explain(thrown);
            }
            Objects.requireNonNull(response);
            document = reader.read(response, attempt.basis());
            if (attempt.forced() && CacheHints.fromCache(response)) {
                counters.cachedReplies.increment();
            }
            hint = CacheHints.freshness(response);
        } catch (Throwable e) {
            FetchException reason = Failures.explain(e);
            fail(attempt.flight(), reason, response == null ? reason.answer() : response);
            return;
        }
        succeed(attempt, new Snapshot(document.keys(), attempt.sentAt(), document.validators()), hint);
    }

    private void succeed(Attempt attempt, Snapshot snapshot, @Nullable Duration hint) {
        Flight flight = attempt.flight();
        Moment now = time.now();
        double jitter = random.getAsDouble();
        RefreshState before = update(current -> current.owns(flight)
                        ? policy.succeeded(current, snapshot, hint, now, jitter).withPhase(Phase.SCHEDULED)
                        : current)
                .before();
        if (!before.owns(flight)) {
            return;
        }
        JwkSet keys = snapshot.keys();
        JwkSet replaced = before.snapshot() == null ? null : before.snapshot().keys();
        counters.refreshes.increment();
        arm();
        flight.land(new Flight.Loaded(keys), engine.worker());
        firstKeys.complete(null);
        boolean document = attempt.basis() == null || attempt.basis().keys() != keys;
        int bytes = snapshot.validators().bytes();
        Duration took = Duration.ofNanos(snapshot.sentAt().nanosUntil(now));
        events.tell(listener -> listener.refreshed(new Refreshed(
                shownAddress, flight.trigger(), keys, KeySetChange.between(replaced, keys), document, bytes, took)));
    }

    private void fail(Flight flight, FetchException reason, @Nullable OriginResponse response) {
        Moment now = time.now();
        double jitter = random.getAsDouble();
        RefreshFailure failure = new RefreshFailure(reason.reason(), reason.detail(), now.wall());
        Duration retryAfter =
                response == null || response.status() == 200 ? null : CacheHints.retryAfter(response, now.wall());
        Change change = update(
                current -> current.owns(flight) ? policy.failed(current, failure, retryAfter, now, jitter) : current);
        if (!change.before().owns(flight)) {
            return;
        }
        counters.failures.increment();
        arm();
        flight.land(new Flight.Failed(failure), engine.worker());
        events.tell(listener -> listener.refreshFailed(failed(flight, change.after(), failure, now)));
    }

    private RefreshFailed failed(Flight flight, RefreshState after, RefreshFailure failure, Moment now) {
        Snapshot snapshot = after.snapshot();
        Moment next = after.budgets().attemptAt();
        return new RefreshFailed(
                shownAddress,
                flight.trigger(),
                failure,
                policy.stateOf(snapshot, now),
                snapshot == null ? null : Duration.ofNanos(snapshot.ageNanos(now)),
                Objects.requireNonNull(after.failures()).count(),
                (next == null ? now : next).wall());
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
}
