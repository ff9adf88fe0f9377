package dev.jwkscache;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * All that a cache knows at one moment, immutable behind one volatile: the snapshot, the one flight, and what each budget
 * allows next.
 *
 * @param snapshot the keys at hand, or null when there are none
 * @param inFlight the fetch under way with when it was sent, or null
 * @param queued a manual fetch that waits for its turn, or null
 * @param failures the unbroken row of failures up to now, or null after a success
 * @param budgets when each trigger may fetch again
 * @param distrusted whether keys were purged and none loaded since, so that no copy on the way will do
 */
record RefreshState(
        Phase phase,
        @Nullable Snapshot snapshot,
        @Nullable InFlight inFlight,
        @Nullable Flight queued,
        @Nullable Failures failures,
        Budgets budgets,
        boolean distrusted) {

    enum Phase {
        /** Fetches only when callers ask. */
        ON_DEMAND,
        /** Fetches by its schedule too. */
        SCHEDULED,
        /** Does nothing any more. */
        CLOSED
    }

    static final RefreshState INITIAL =
            new RefreshState(Phase.ON_DEMAND, null, null, null, null, new Budgets(null, null, null, null), false);

    boolean closed() {
        return phase == Phase.CLOSED;
    }

    @Nullable
    Flight flight() {
        return inFlight == null ? null : inFlight.flight();
    }

    boolean owns(Flight flight) {
        return inFlight != null && inFlight.flight() == flight;
    }

    RefreshState withPhase(Phase next) {
        return new RefreshState(next, snapshot, inFlight, queued, failures, budgets, distrusted);
    }

    RefreshState withSnapshot(@Nullable Snapshot next) {
        return next == snapshot ? this : new RefreshState(phase, next, inFlight, queued, failures, budgets, distrusted);
    }

    RefreshState withInFlight(@Nullable InFlight next) {
        return new RefreshState(phase, snapshot, next, queued, failures, budgets, distrusted);
    }

    RefreshState withQueued(@Nullable Flight next) {
        return new RefreshState(phase, snapshot, inFlight, next, failures, budgets, distrusted);
    }

    RefreshState withFailures(@Nullable Failures next) {
        return new RefreshState(phase, snapshot, inFlight, queued, next, budgets, distrusted);
    }

    RefreshState withBudgets(Budgets next) {
        return new RefreshState(phase, snapshot, inFlight, queued, failures, next, distrusted);
    }

    /** Without keys, and without the fetch that may still bring old ones. */
    RefreshState purged() {
        return new RefreshState(phase, null, null, queued, failures, budgets, true);
    }

    /** The same for what is of a generation up to that one; this state where nothing is. */
    RefreshState purged(long generation) {
        boolean keys = snapshot != null && snapshot.generation() <= generation;
        boolean flying = inFlight != null && inFlight.flight().generation() <= generation;
        return keys || flying
                ? new RefreshState(
                        phase, keys ? null : snapshot, flying ? null : inFlight, queued, failures, budgets, true)
                : this;
    }

    /** With keys that were just validated. */
    RefreshState trusting(Snapshot next) {
        return new RefreshState(phase, next, null, queued, null, budgets, false);
    }

    /** The same; whoever comes next reads both clocks. */
    RefreshState unglanced() {
        if (snapshot != null) {
            snapshot.glance().forget();
        }
        return this;
    }

    /** A flight and when its request was sent. */
    record InFlight(Flight flight, Moment sentAt) {}

    /** An unbroken row of failures. */
    record Failures(int count, Instant since, RefreshFailure last) {}

    /**
     * The earliest moment for each kind of fetch; null means now.
     *
     * @param attemptAt the next scheduled fetch, which after a failure is the next retry
     * @param missAt the next fetch for an unknown kid
     * @param manualAt the next manual fetch
     * @param quietUntil until when the provider asked for quiet (Retry-After); binds every budget
     */
    record Budgets(
            @Nullable Moment attemptAt,
            @Nullable Moment missAt,
            @Nullable Moment manualAt,
            @Nullable Moment quietUntil) {

        Budgets withAttemptAt(@Nullable Moment next) {
            return new Budgets(next, missAt, manualAt, quietUntil);
        }

        Budgets withMissAt(@Nullable Moment next) {
            return new Budgets(attemptAt, next, manualAt, quietUntil);
        }

        Budgets withManualAt(Moment next) {
            return new Budgets(attemptAt, missAt, next, quietUntil);
        }

        Budgets withQuietUntil(@Nullable Moment next) {
            return new Budgets(attemptAt, missAt, manualAt, next);
        }
    }
}
