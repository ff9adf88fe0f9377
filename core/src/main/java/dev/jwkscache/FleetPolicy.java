package dev.jwkscache;

import dev.jwkscache.RefreshState.Budgets;
import dev.jwkscache.RefreshState.Failures;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Decides what follows from what others have fetched, and whether to go by it: pure functions, as those of
 * {@link RefreshPolicy}.
 */
record FleetPolicy(Settings settings, RefreshPolicy policy) {
    /** An instance that has had nothing new for this part of the longest time between refreshes may doubt its fleet. */
    private static final double DOUBT = 0.75;

    static FleetPolicy of(Settings settings) {
        return new FleetPolicy(settings, new RefreshPolicy(settings));
    }

    /**
     * Whether to fetch without asking: keys whose provider is well must not expire because a store only ever puts off.
     * {@code random} spreads the instances of a fleet whose provider is away.
     *
     * @param news when the set at hand was fetched, or this instance last fetched alone
     */
    boolean goesAlone(Moment news, Moment now, double random) {
        double latest = Moment.saturatedNanos(settings.latestRefresh());
        return news.nanosUntil(now) >= latest * (DOUBT + (1 - DOUBT) * random);
    }

    /** How long a refresh can be put off, at random, so that the set at hand stays fresh. */
    Duration scattered(Snapshot snapshot, Moment now, double random) {
        Duration fresh =
                settings.timeToLive().minusNanos(snapshot.ageNanos(now)).minus(spread(1));
        return fresh.isNegative() ? Duration.ZERO : RefreshPolicy.scale(fresh, random);
    }

    /** After a set was taken from the store: it keeps its age, and a lookup that led to it has cost no fetch. */
    RefreshState taken(RefreshState state, Snapshot snapshot, Moment now, double random) {
        Moment planned = snapshot.sentAt().plus(policy.interval(null, RefreshPolicy.jitter(random)));
        Budgets budgets = state.budgets().withAttemptAt(beforeExpiry(planned, snapshot, now));
        if (triggerOf(state) == RefreshTrigger.MISS) {
            budgets = budgets.withMissAt(null);
        }
        return state.trusting(snapshot).withBudgets(budgets);
    }

    /** After others said that there is nothing new, and that it is too early to fetch. */
    RefreshState deferred(RefreshState state, Duration remaining, Moment now, double random) {
        Budgets budgets = state.budgets();
        RefreshTrigger trigger = triggerOf(state);
        if (trigger == RefreshTrigger.MISS) {
            budgets = budgets.withMissAt(now.plus(RefreshPolicy.shorter(remaining, settings.missCooldown())));
        } else if (trigger == RefreshTrigger.SCHEDULE) {
            Duration wait = RefreshPolicy.shorter(remaining, settings.refreshInterval());
            Moment next = now.plus(wait.plus(spread(random)));
            budgets = budgets.withAttemptAt(beforeExpiry(next, state.snapshot(), now));
        }
        return state.withInFlight(null).withBudgets(budgets);
    }

    /** After others said that they failed {@code failures} times in a row and will try again after {@code pause}. */
    RefreshState blocked(
            RefreshState state, RefreshFailure failure, int failures, Duration pause, Moment now, double random) {
        Failures before = state.failures();
        Moment retry = now.plus(policy.honoured(pause).plus(spread(random)));
        Budgets budgets = triggerOf(state).forced()
                ? state.budgets().withQuietUntil(retry)
                : state.budgets().withAttemptAt(beforeExpiry(retry, state.snapshot(), now));
        return state.withInFlight(null)
                .withFailures(
                        new Failures(Math.max(failures, 1), before == null ? failure.at() : before.since(), failure))
                .withBudgets(budgets);
    }

    /** With what a fleet has failed with before this instance did: its back-off goes on from there. */
    static RefreshState informed(RefreshState state, int failures, RefreshFailure latest) {
        Failures own = state.failures();
        if (failures <= (own == null ? 0 : own.count())) {
            return state;
        }
        return state.withFailures(new Failures(failures, own == null ? latest.at() : own.since(), latest));
    }

    /** Keys that have not expired yet get one more attempt before they do. */
    private Moment beforeExpiry(Moment next, @Nullable Snapshot snapshot, Moment now) {
        if (snapshot == null || snapshot.sentAt().plus(settings.latestRefresh()).isReachedBy(now)) {
            return next;
        }
        return policy.beforeExpiry(next, snapshot, now);
    }

    /** So that those who were told the same moment do not all come at it. */
    private Duration spread(double random) {
        return RefreshPolicy.scale(settings.refreshInterval(), 0.1 * random);
    }

    private static RefreshTrigger triggerOf(RefreshState state) {
        return Objects.requireNonNull(state.flight()).trigger();
    }
}
