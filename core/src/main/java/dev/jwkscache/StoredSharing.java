package dev.jwkscache;

import dev.jwkscache.spi.FleetStore;
import dev.jwkscache.spi.FleetStore.FleetFailure;
import dev.jwkscache.spi.OriginResponse;
import dev.jwkscache.spi.RefusedSnapshotException;
import dev.jwkscache.spi.SnapshotStore;
import dev.jwkscache.spi.StoredSnapshot;
import dev.jwkscache.spi.Turn;
import dev.jwkscache.spi.TurnRequest;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/** Shares snapshots through a store: what it keeps is taken before anything is fetched, what is fetched is kept. */
final class StoredSharing implements Sharing {
    private static final Duration LEAST = Duration.ofMillis(50);
    private static final Duration MOST = Duration.ofDays(1);

    private final SnapshotStore store;
    private final @Nullable FleetStore fleet;
    private final URI address;
    private final Settings settings;
    private final RefreshPolicy policy;
    private final FleetPolicy fleetPolicy;
    private final TimeSource time;
    private final DoubleSupplier random;
    private final CacheEvents events;
    private final Counters counters;
    private final StoreCalls calls;
    private final StoredSnapshots snapshots;
    private final Announcements announcements;
    /** Up to this generation nothing is believed. */
    private final AtomicLong purged = new AtomicLong();
    /** What the store has not been told to purge yet; 0 when it has been told all. */
    private final AtomicLong owed = new AtomicLong();

    /** The latest of what was not used: what is published has to be later, or it would never be kept. */
    private final AtomicLong unused = new AtomicLong();

    private final Moment begun;
    /** When this instance last fetched without a turn; null if it never did. */
    private volatile @Nullable Moment alone;
    /** The generation of the last set that this instance has fetched itself; all others were taken. */
    private volatile long fetched;
    /** The generation of the set whose refresh was put off because the store failed; that is done once for each set. */
    private volatile long putOff;
    /** The time between fetches, which the provider may wish to be shorter. */
    private volatile Duration spacing;

    StoredSharing(
            SnapshotStore store,
            Settings settings,
            Engine engine,
            TimeSource time,
            DoubleSupplier random,
            CacheEvents events,
            Counters counters) {
        this.store = store;
        this.fleet = store instanceof FleetStore shared ? shared : null;
        this.address = settings.address();
        this.settings = settings;
        this.policy = new RefreshPolicy(settings);
        this.fleetPolicy = new FleetPolicy(settings, policy);
        this.time = time;
        this.random = random;
        this.events = events;
        this.counters = counters;
        this.calls = new StoreCalls(settings, engine, events, counters);
        this.snapshots = new StoredSnapshots(settings);
        this.announcements = new Announcements(calls, engine);
        this.begun = time.now();
        this.spacing = settings.refreshInterval();
    }

    @Override
    public void before(Attempt attempt, Consumer<Counsel> then) {
        attempt.flight().landed().whenComplete((landing, never) -> announcements.look());
        new Asking(attempt, then).begin();
    }

    @Override
    public void fetched(Attempt attempt, Snapshot snapshot, OriginResponse response) {
        fetched = snapshot.generation();
        spacing = policy.interval(CacheHints.freshness(response), 1);
        StoredSnapshot kept = snapshots.write(snapshot, response);
        if (kept != null) {
            calls.call(() -> store.publish(kept), (done, failure) -> {});
        }
    }

    @Override
    public void failed(Attempt attempt, RefreshState after, Moment now) {
        RefreshState.Failures failures = after.failures();
        if (fleet != null && attempt.turn() != null && failures != null) {
            FleetFailure failure = new FleetFailure(
                    failures.count(),
                    failures.last().reason().label(),
                    remaining(after.budgets().attemptAt(), now),
                    remaining(after.budgets().quietUntil(), now));
            calls.call(() -> fleet.failed(address, attempt.generation(), failure), (done, thrown) -> {});
        }
    }

    @Override
    public void purged(@Nullable Snapshot last, Moment now) {
        long generation = Math.max(now.wallMillis(), last == null ? 0 : last.generation());
        purged.accumulateAndGet(generation, Math::max);
        owed.accumulateAndGet(generation, Math::max);
    }

    @Override
    public void listen(Refresher refresher) {
        announcements.begin(store, address, refresher);
    }

    @Override
    public void close() {
        announcements.close();
    }

    private long purgedUpTo() {
        return Math.max(purged.get(), announcements.purgedElsewhere());
    }

    /** A time that a store tells, made fit to go by: one that asks again at once would ask for ever. */
    private static Duration sane(Duration told) {
        return told.compareTo(LEAST) < 0 ? LEAST : RefreshPolicy.shorter(told, MOST);
    }

    private static Duration remaining(@Nullable Moment until, Moment now) {
        return until == null ? Duration.ZERO : until.remaining(now);
    }

    /** What one flight asks. */
    private final class Asking {
        private final Attempt attempt;
        private final Consumer<Counsel> then;
        private final @Nullable Snapshot atHand;
        private final RefreshTrigger trigger;
        private final AtomicBoolean said = new AtomicBoolean();

        Asking(Attempt attempt, Consumer<Counsel> then) {
            this.attempt = attempt;
            this.then = then;
            this.atHand = attempt.before().snapshot();
            this.trigger = attempt.trigger();
        }

        void begin() {
            if (trigger == RefreshTrigger.STORE) {
                load();
            } else if (calls.isLate()) {
                goOnWithoutStore();
            } else if (fleet != null) {
                begin(fleet);
            } else if (atHand == null) {
                load();
            } else {
                // Only a restart has anything to gain: what is newer, this instance has published itself.
                fetchAlone();
            }
        }

        private void begin(FleetStore shared) {
            Moment since = atHand == null ? begun : atHand.sentAt();
            Moment last = alone;
            Moment news = last == null ? since : Moment.later(since, last, since);
            if (fleetPolicy.goesAlone(news, attempt.sentAt(), random.getAsDouble())) {
                fetchAlone();
            } else {
                ask(shared);
            }
        }

        private void ask(FleetStore shared) {
            if (attempt.flight().landed().isDone()) {
                return;
            }
            // Longer than the fetch, so that word of its failure comes before the end of the turn: those who wait for
            // that
            // would get the next turn at once, and nobody would ever back off.
            Duration lease = settings.fetchTimeout().plus(settings.storeWait().multipliedBy(2));
            if (attempt.sentAt().nanosUntil(time.now()) > 2 * Moment.saturatedNanos(lease)) {
                // One turn after the other fails. Whoever has keys has time; all who wait have come to this at one
                // moment.
                if (isKeyless()) {
                    fetchAlone();
                } else {
                    say(new Defer(lease));
                }
                return;
            }
            Duration takeover = isKeyless() ? settings.fetchTimeout().dividedBy(2) : lease;
            TurnRequest request = switch (trigger) {
                case SCHEDULE -> new TurnRequest(TurnRequest.Kind.SCHEDULE, known(), lease, spacing, takeover);
                case MISS -> new TurnRequest(TurnRequest.Kind.MISS, known(), lease, settings.missCooldown(), takeover);
                case MANUAL -> new TurnRequest(TurnRequest.Kind.MANUAL, known(), lease, Duration.ZERO, takeover);
                case START, RECOVERY, STORE ->
                    new TurnRequest(TurnRequest.Kind.NEED, known(), lease, Duration.ZERO, takeover);
            };
            calls.call(
                    () -> shared.turn(address, request),
                    (turn, thrown) -> step(() -> answered(shared, turn, takeover)));
        }

        private void answered(FleetStore shared, @Nullable Turn turn, Duration takeover) {
            if (turn instanceof Turn.Granted granted && granted.generation() > known()) {
                fetch(attempt.in(granted));
            } else if (turn instanceof Turn.Newer) {
                load();
            } else if (turn instanceof Turn.Taken taken) {
                Duration bound =
                        RefreshPolicy.shorter(sane(taken.remaining()), takeover).plusMillis(1);
                announcements.await(known(), bound, () -> step(() -> ask(shared)));
            } else if (turn instanceof Turn.Early early) {
                say(new Defer(sane(early.remaining())));
            } else if (turn instanceof Turn.Failing failing) {
                Duration pause = sane(failing.remaining());
                say(new Blocked(failing.failures(), Failures.ofFleet(failing.reason(), pause), pause));
            } else {
                goOnWithoutStore();
            }
        }

        /** Whatever a store answers, which is anybody's code: a flight has an end. */
        private void step(Runnable step) {
            try {
                step.run();
            } catch (RuntimeException | Error broken) {
                say(new Fetch(withoutTurn()));
            }
        }

        private void say(Counsel counsel) {
            if (said.compareAndSet(false, true)) {
                then.accept(counsel);
            }
        }

        private void load() {
            announcements.looking();
            calls.call(
                    () -> store.load(address),
                    (found, thrown) -> step(() -> loaded(found == null ? Optional.empty() : found, thrown)));
        }

        private void loaded(Optional<StoredSnapshot> found, @Nullable Throwable thrown) {
            Snapshot snapshot = null;
            try {
                if (thrown instanceof RefusedSnapshotException refused) {
                    throw refused;
                }
                if (found.isPresent()) {
                    snapshot = snapshots.read(found.get(), atHand, purgedUpTo(), time.now());
                }
            } catch (RefusedSnapshotException refused) {
                found.ifPresent(stored -> unused.accumulateAndGet(stored.generation(), Math::max));
                counters.refused(refused.refusal());
                events.snapshotRefused(refused.refusal(), SafeText.of(refused.detail()));
            }
            if (snapshot != null && snapshot.generation() > known()) {
                say(new Take(snapshot));
            } else if (trigger == RefreshTrigger.STORE) {
                if (thrown != null && !(thrown instanceof RefusedSnapshotException)) {
                    announcements.lookAgain();
                }
                say(new Defer(Duration.ZERO));
            } else if (thrown == null || thrown instanceof RefusedSnapshotException) {
                fetchAlone();
            } else {
                goOnWithoutStore();
            }
        }

        private void goOnWithoutStore() {
            Duration pause = pauseWithoutStore();
            if (pause.isZero()) {
                fetchAlone();
            } else {
                say(new Defer(pause));
            }
        }

        /** A fleet that loses its store has taken the same set at the same moment, and must not fetch at the same moment. */
        private Duration pauseWithoutStore() {
            Snapshot taken = atHand;
            if (fleet == null
                    || trigger != RefreshTrigger.SCHEDULE
                    || taken == null
                    || taken.generation() == fetched
                    || taken.generation() == putOff) {
                return Duration.ZERO;
            }
            putOff = taken.generation();
            return fleetPolicy.scattered(taken, time.now(), random.getAsDouble());
        }

        private void fetchAlone() {
            alone = attempt.sentAt();
            fetch(withoutTurn());
        }

        private Attempt withoutTurn() {
            return attempt.as(Math.max(attempt.sentAt().wallMillis(), known() + 1));
        }

        private void fetch(Attempt mine) {
            long debt = owed.get();
            if (debt == 0) {
                say(new Fetch(mine));
                return;
            }
            // A turn was granted after all that may have been fetched before, by whatever clocks.
            long generation = trigger == RefreshTrigger.MANUAL && mine.turn() != null ? mine.generation() - 1 : debt;
            boolean late = calls.isLate();
            calls.call(() -> store.purge(address, generation), (done, thrown) -> {
                if (thrown == null) {
                    owed.compareAndSet(debt, 0);
                }
                if (!late) {
                    say(new Fetch(mine));
                }
            });
            if (late) {
                say(new Fetch(mine));
            }
        }

        private long known() {
            long least = Math.max(purgedUpTo(), unused.get());
            return Math.max(least, atHand == null ? 0 : atHand.generation());
        }

        private boolean isKeyless() {
            return !policy.stateOf(atHand, time.now()).servesKeys();
        }
    }
}
