package dev.jwkscache;

import dev.jwkscache.RefreshState.Budgets;
import dev.jwkscache.RefreshState.Failures;
import dev.jwkscache.RefreshState.InFlight;
import dev.jwkscache.RefreshState.Phase;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Decides what may be served and when to fetch: pure functions of state, event, time and a random number. Knows neither
 * threads nor network nor cryptography.
 */
record RefreshPolicy(Settings settings) {
    /** Least time between manual fetches, and after a failed start: a hundred calls in a second make at most two. */
    static final Duration MANUAL_GAP = Duration.ofSeconds(1);
    /** A provider's wish for quiet is honoured up to this, or the time to live where that is longer. */
    static final Duration MAX_QUIET = Duration.ofMinutes(10);

    private static final Duration FIRST_BACKOFF = Duration.ofSeconds(1);
    private static final Duration LEAST_BACKOFF = Duration.ofMillis(100);

    /** What to do about a wish to fetch. */
    sealed interface Decision {}

    /** Fetch now. */
    record Start() implements Decision {}

    /** Wait for the fetch under way. */
    record Join(Flight flight) implements Decision {}

    /** Fetch when the one under way is done and the budget allows. */
    record Queue() implements Decision {}

    /** Do not fetch before {@code until}; null: never, the cache is closed. */
    record Deny(@Nullable Moment until) implements Decision {}

    CacheState stateOf(@Nullable Snapshot snapshot, Moment now) {
        if (snapshot == null) {
            return CacheState.EMPTY;
        }
        return stateAt(snapshot.ageNanos(now));
    }

    /** The state of keys of that age. */
    CacheState stateAt(long age) {
        if (age <= settings.timeToLiveNanos()) {
            return CacheState.FRESH;
        }
        return age <= settings.maxStalenessNanos() ? CacheState.STALE : CacheState.EXPIRED;
    }

    Decision decide(RefreshState state, RefreshTrigger trigger, Moment now) {
        if (state.closed()) {
            return new Deny(null);
        }
        InFlight inFlight = state.inFlight();
        if (inFlight != null && trigger != RefreshTrigger.MANUAL) {
            return new Join(inFlight.flight());
        }
        if (state.queued() != null && (trigger == RefreshTrigger.MANUAL || trigger == RefreshTrigger.START)) {
            return new Join(state.queued());
        }
        Budgets budgets = state.budgets();
        if (isAhead(budgets.quietUntil(), now) && trigger != RefreshTrigger.STORE) {
            return new Deny(budgets.quietUntil());
        }
        return switch (trigger) {
            case SCHEDULE -> within(budgets.attemptAt(), now);
            case RECOVERY -> state.failures() == null ? new Start() : within(budgets.attemptAt(), now);
            case MISS -> within(budgets.missAt(), now);
            case STORE -> new Start();
            case MANUAL, START -> inFlight != null || isAhead(budgets.manualAt(), now) ? new Queue() : new Start();
        };
    }

    /** Whether {@link #decide} would start a recovery; for those who ask a thousand times a second in an outage. */
    boolean startsRecovery(RefreshState state, long nanos, long wallMillis) {
        Budgets budgets = state.budgets();
        return !state.closed()
                && state.inFlight() == null
                && isReached(budgets.quietUntil(), nanos, wallMillis)
                && (state.failures() == null || isReached(budgets.attemptAt(), nanos, wallMillis));
    }

    /** When the next fetch is due by itself; null when none is. */
    @Nullable
    Moment nextWake(RefreshState state, Moment now) {
        if (state.closed() || state.inFlight() != null) {
            return null;
        }
        Budgets budgets = state.budgets();
        Moment attempt = state.phase() == Phase.SCHEDULED ? orNow(budgets.attemptAt(), now) : null;
        Moment manual = state.queued() != null ? orNow(budgets.manualAt(), now) : null;
        if (attempt == null || manual == null) {
            return attempt == null ? manual : attempt;
        }
        return Moment.earlier(attempt, manual, now);
    }

    RefreshState started(RefreshState state, Flight flight, Moment now) {
        if (flight.trigger() == RefreshTrigger.STORE) {
            return state.withInFlight(new InFlight(flight, now));
        }
        // Quiet that has ended stays ended, also when the wall clock is set back to before its end.
        Budgets budgets = state.budgets().withQuietUntil(null);
        Budgets spent = switch (flight.trigger()) {
            case MISS -> budgets.withMissAt(now.plus(settings.missCooldown()));
            case MANUAL -> budgets.withManualAt(now.plus(MANUAL_GAP));
            case START, SCHEDULE, RECOVERY, STORE -> budgets;
        };
        return state.withInFlight(new InFlight(flight, now)).withBudgets(spent);
    }

    /** After a validated fetch: {@code hint} is how long the provider calls it fresh, null where it does not say. */
    RefreshState succeeded(RefreshState state, Snapshot snapshot, @Nullable Duration hint, Moment now, double random) {
        Moment next = beforeExpiry(now.plus(interval(hint, jitter(random))), snapshot, now);
        Budgets budgets = state.budgets().withQuietUntil(null).withAttemptAt(next);
        return state.trusting(snapshot).withBudgets(budgets);
    }

    /** After a failed fetch: {@code retryAfter} is how long the provider asked for quiet, null where it did not. */
    RefreshState failed(
            RefreshState state, RefreshFailure failure, @Nullable Duration retryAfter, Moment now, double random) {
        Failures before = state.failures();
        RefreshTrigger trigger = Objects.requireNonNull(state.flight()).trigger();
        boolean counts = before == null || trigger.drivesBackoff();
        int count = (before == null ? 0 : before.count()) + (counts ? 1 : 0);
        Budgets budgets = state.budgets();
        if (trigger == RefreshTrigger.START) {
            budgets = budgets.withManualAt(now.plus(MANUAL_GAP));
        }
        Moment retry = now.plus(backoff(count, random));
        if (counts) {
            Moment scheduled = budgets.attemptAt();
            boolean sooner = !trigger.drivesBackoff() && isAhead(scheduled, now);
            budgets =
                    budgets.withAttemptAt(sooner && scheduled != null ? Moment.earlier(scheduled, retry, now) : retry);
        }
        if (retryAfter != null) {
            Moment quiet = now.plus(honoured(retryAfter));
            budgets = budgets.withQuietUntil(quiet)
                    .withAttemptAt(Moment.later(quiet, orNow(budgets.attemptAt(), now), now));
        }
        Failures failures = new Failures(Math.max(count, 1), before == null ? failure.at() : before.since(), failure);
        return state.withInFlight(null).withFailures(failures).withBudgets(budgets);
    }

    /** Exponential with full jitter, from 1 s up to the refresh interval. */
    Duration backoff(int failures, double random) {
        Duration most = settings.refreshInterval();
        Duration ceiling = FIRST_BACKOFF.multipliedBy(1L << Math.min(Math.max(failures - 1, 0), 30));
        Duration jittered = scale(shorter(ceiling, most), random);
        return jittered.compareTo(LEAST_BACKOFF) < 0 ? LEAST_BACKOFF : jittered;
    }

    /** However settings and jitter fall, a healthy provider is asked before its keys expire. */
    Moment beforeExpiry(Moment next, Snapshot snapshot, Moment now) {
        return Moment.earlier(next, snapshot.sentAt().plus(settings.latestRefresh()), now);
    }

    /** The time between refreshes where the provider calls its set fresh for {@code hint}; null where it does not say. */
    Duration interval(@Nullable Duration hint, double jitter) {
        if (hint == null || hint.compareTo(settings.refreshInterval()) >= 0) {
            return scale(settings.refreshInterval(), jitter);
        }
        Duration wished = scale(hint, jitter);
        Duration least = settings.minRefreshInterval();
        return wished.compareTo(least) < 0 ? least : wished;
    }

    /** What of a wish for quiet is honoured. */
    Duration honoured(Duration quiet) {
        return shorter(quiet, MAX_QUIET.compareTo(settings.timeToLive()) > 0 ? MAX_QUIET : settings.timeToLive());
    }

    static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    static Duration scale(Duration duration, double factor) {
        return Duration.ofNanos((long) (Moment.saturatedNanos(duration) * factor));
    }

    static double jitter(double random) {
        return 0.9 + 0.2 * random;
    }

    private static Decision within(@Nullable Moment earliest, Moment now) {
        return isAhead(earliest, now) ? new Deny(earliest) : new Start();
    }

    private static boolean isAhead(@Nullable Moment moment, Moment now) {
        return moment != null && !moment.isReachedBy(now);
    }

    private static boolean isReached(@Nullable Moment moment, long nanos, long wallMillis) {
        return moment == null || moment.isReachedBy(nanos, wallMillis);
    }

    private static Moment orNow(@Nullable Moment moment, Moment now) {
        return moment == null ? now : moment;
    }
}
