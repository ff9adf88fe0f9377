package dev.jwkscache;

import dev.jwkscache.HandOrigin.Exchange;
import dev.jwkscache.HandTimer.Purpose;
import dev.jwkscache.HandTimer.Task;
import dev.jwkscache.RefreshState.Phase;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The engine of a cache whose threads, clocks and origin are moved by hand, with the invariants that must hold whenever all
 * is quiet, whatever happened before and in whichever order.
 *
 * <p>Workers are inline: what an exchange brings is put in place by whoever answers it, so that every race of the engine
 * is one between the callers of this class.
 */
final class Rig implements AutoCloseable {
    static final URI ADDRESS = URI.create("https://provider.test/jwks.json");
    static final Duration FETCH_TIMEOUT = Duration.ofSeconds(5);
    static final Duration MISS_COOLDOWN = Duration.ofSeconds(10);
    static final Settings SETTINGS = settings();
    static final RefreshPolicy POLICY = new RefreshPolicy(SETTINGS);

    final HandClock clock = new HandClock();
    final HandTimer timer = new HandTimer();
    final HandOrigin origin;
    final Engine engine;
    final Refresher refresher;
    final Counters counters = new Counters();

    private final AtomicInteger released = new AtomicInteger();
    private final AtomicInteger outcomes = new AtomicInteger();
    private final AtomicInteger purges = new AtomicInteger();
    private final Told told = new Told();
    private final Queue<Flight> handedOut = new ConcurrentLinkedQueue<>();
    private final Queue<CompletableFuture<JwkSet>> answers = new ConcurrentLinkedQueue<>();
    /** Generations from this one on were asked for after the last purge began. */
    private final AtomicInteger trusted = new AtomicInteger();

    Rig() {
        this(false);
    }

    private Rig(boolean answersAtOnce) {
        origin = new HandOrigin(answersAtOnce);
        engine = new Engine(timer, Runnable::run, Runnable::run, Runnable::run, Gate.open(), () -> {
            released.incrementAndGet();
            timer.shutdownNow();
        });
        refresher = new Refresher(
                SETTINGS,
                new Fetching(origin, SETTINGS, engine, counters),
                Sharing.NONE,
                engine,
                clock.source(),
                () -> 0.5,
                new CacheEvents(SETTINGS, new Events(List.of(told), Runnable::run)),
                counters);
    }

    /** With an origin whose answer is there as soon as it is asked. */
    static Rig answeredAtOnce() {
        return new Rig(true);
    }

    /** With generation 0 at hand and, if so wished, its own schedule. */
    static Rig loaded(boolean scheduled) {
        Rig rig = new Rig();
        rig.request(RefreshTrigger.START);
        rig.answerOldest();
        if (scheduled) {
            rig.refresher.schedule();
        }
        return rig;
    }

    @Nullable
    Flight request(RefreshTrigger trigger) {
        return noted(refresher.request(trigger, clock.now()));
    }

    /** The flight of a request that must be granted. */
    Flight started(RefreshTrigger trigger) {
        return Objects.requireNonNull(request(trigger));
    }

    /** A caller who wants that kid of a generation; returns at once. */
    CompletableFuture<JwkSet> lookup(int generation) {
        String kid = Generations.kid(generation, 0);
        CompletableFuture<JwkSet> answer = new Lookup<JwkSet>(
                        refresher,
                        SETTINGS,
                        engine,
                        clock.source(),
                        set -> set.kids().contains(kid) ? counted(set) : null,
                        () -> counted(new UnknownKeyException(kid, Generations.ALG)))
                .answer();
        answers.add(answer);
        return answer;
    }

    /** Answers the oldest open exchange, if there is one. */
    void answerOldest() {
        List<Exchange> open = origin.open();
        if (!open.isEmpty()) {
            open.get(0).answer();
        }
    }

    /** Answers the oldest open exchange with status 500, if there is one. */
    void refuseOldest() {
        List<Exchange> open = origin.open();
        if (!open.isEmpty()) {
            open.get(0).refuse();
        }
    }

    /** Runs what waits for that purpose, late as timers may be; an alarm moves the clocks to when it rings. */
    void run(Purpose purpose) {
        for (Task task : timer.waiting(purpose)) {
            if (purpose == Purpose.ALARM) {
                clock.advance(Duration.ofNanos(task.delayNanos()));
            }
            task.run();
        }
    }

    void purge() {
        int first = origin.calls();
        refresher.purge();
        purges.incrementAndGet();
        trusted.accumulateAndGet(first, Math::max);
    }

    @Override
    public void close() {
        refresher.close();
    }

    /** How many times callers were told of keys or of an unknown kid. */
    int outcomes() {
        return outcomes.get();
    }

    /** What is at hand: the number of its generation, -1 for nothing. */
    int generation() {
        Snapshot snapshot = refresher.state().snapshot();
        return Generations.of(snapshot == null ? null : snapshot.keys());
    }

    Told told() {
        return told;
    }

    /** Checks what must hold when nobody is inside the engine; returns the first fault, or null. */
    @Nullable
    String fault() {
        RefreshState state = refresher.state();
        List<String> faults = new ArrayList<>();
        check(told.refreshed.get() == counters.refreshes.sum(), "a refresh was told twice or never", faults);
        check(told.failed.get() == counters.failures.sum(), "a failure was told twice or never", faults);
        long endless = counters.fetches.sum()
                - counters.refreshes.sum()
                - counters.failures.sum()
                - (state.inFlight() == null ? 0 : 1);
        int superseders = purges.get() + (state.closed() ? 1 : 0);
        check(endless >= 0 && endless <= superseders, endless + " flights without an end of their own", faults);
        for (Flight flight : handedOut) {
            boolean known = flight == state.flight() || flight == state.queued();
            check(flight.landed().isDone() != known, "a " + flight.trigger() + " flight hangs or landed early", faults);
        }
        check(timer.waiting(Purpose.ALARM).size() <= 1, "more than one alarm", faults);
        long answered = answers.stream().filter(Rig::isOutcome).count();
        check(answered == outcomes.get(), outcomes.get() + " outcomes for " + answered + " answers", faults);
        int snapshot = generation();
        check(snapshot == -1 || snapshot >= trusted.get(), "keys of before a purge are at hand", faults);
        if (state.closed()) {
            closed(state, faults);
        } else {
            open(state, faults);
        }
        return faults.isEmpty() ? null : String.join("; ", faults);
    }

    /** What {@link #fault()} finds, or «sound». */
    String verdict() {
        String fault = fault();
        return fault == null ? "sound" : fault;
    }

    private void closed(RefreshState state, List<String> faults) {
        check(
                state.snapshot() == null && state.inFlight() == null && state.queued() == null,
                "closed, not bare",
                faults);
        check(refresher.firstKeys().isDone(), "closed, but firstKeys hangs", faults);
        check(released.get() == 1, "the threads were released " + released.get() + " times", faults);
        check(origin.closes() == 1, "the origin was closed " + origin.closes() + " times", faults);
        check(origin.open().isEmpty(), "closed, but an exchange is open", faults);
        check(timer.waiting(Purpose.ALARM).isEmpty(), "closed, but an alarm is set", faults);
        for (CompletableFuture<JwkSet> answer : answers) {
            check(answer.isDone(), "closed, but a caller hangs", faults);
        }
    }

    private void open(RefreshState state, List<String> faults) {
        int flying = state.inFlight() == null ? 0 : 1;
        check(origin.open().size() == flying, origin.open().size() + " exchanges for " + flying + " flights", faults);
        int deadlines = timer.waiting(Purpose.DEADLINE).size();
        check(deadlines == flying, deadlines + " deadlines for " + flying + " flights", faults);
        boolean due = POLICY.nextWake(state, clock.now()) != null;
        check(!due || timer.waiting(Purpose.ALARM).size() == 1, "a fetch is due, but no alarm is set", faults);
        long waiting = answers.stream().filter(answer -> !answer.isDone()).count();
        int bounds = timer.waiting(Purpose.GIVE_UP).size();
        check(waiting == bounds, waiting + " callers wait with " + bounds + " bounds", faults);
        if (state.snapshot() != null) {
            check(refresher.firstKeys().isDone(), "keys are at hand, but firstKeys hangs", faults);
        }
        check(state.phase() != Phase.CLOSED && released.get() == 0, "open, but the threads are gone", faults);
    }

    /** Whether a caller was told of keys or of an unknown kid; other refusals are not counted. */
    private static boolean isOutcome(CompletableFuture<JwkSet> answer) {
        return answer.isDone()
                && answer.handle((keys, refusal) -> keys != null || refusal instanceof UnknownKeyException)
                        .join();
    }

    private <T> T counted(T outcome) {
        outcomes.incrementAndGet();
        return outcome;
    }

    private @Nullable Flight noted(@Nullable Flight flight) {
        if (flight != null) {
            handedOut.add(flight);
        }
        return flight;
    }

    private static void check(boolean holds, String fault, List<String> faults) {
        if (!holds) {
            faults.add(fault);
        }
    }

    private static Settings settings() {
        Settings.Draft draft = new Settings.Draft();
        draft.jwksUri = ADDRESS;
        draft.fetchTimeout = FETCH_TIMEOUT;
        draft.missCooldown = MISS_COOLDOWN;
        return draft.complete();
    }

    /** Counts what listeners are told. */
    static final class Told implements JwksCacheListener {
        final AtomicInteger refreshed = new AtomicInteger();
        final AtomicInteger failed = new AtomicInteger();
        private final Queue<RefreshTrigger> ended = new ConcurrentLinkedQueue<>();

        /** How many fetches of that kind have ended. */
        long of(RefreshTrigger trigger) {
            return ended.stream().filter(trigger::equals).count();
        }

        @Override
        public void refreshed(Refreshed event) {
            refreshed.incrementAndGet();
            ended.add(event.trigger());
        }

        @Override
        public void refreshFailed(RefreshFailed event) {
            failed.incrementAndGet();
            ended.add(event.trigger());
        }
    }
}
