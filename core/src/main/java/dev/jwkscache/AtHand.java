package dev.jwkscache;

import org.jspecify.annotations.Nullable;

/**
 * Tells in a few nanoseconds which keys may be served without waiting. Reads the wall clock for each caller and the
 * monotonic one once a millisecond: see ADR 0014.
 */
final class AtHand {
    private final boolean staleAtOnce;
    private final RefreshPolicy policy;
    private final Refresher refresher;
    private final TimeSource time;

    AtHand(Settings settings, RefreshPolicy policy, Refresher refresher, TimeSource time) {
        this.staleAtOnce = settings.staleWait().isZero();
        this.policy = policy;
        this.refresher = refresher;
        this.time = time;
    }

    /** The keys, or null when a caller has to wait; starts the refresh of stale ones. */
    @Nullable
    JwkSet keys() {
        Snapshot snapshot = refresher.state().snapshot();
        if (snapshot == null) {
            return null;
        }
        // Before the monotonic clock: what that one says is then true of this millisecond at the latest.
        long wallMillis = time.wallMillis();
        return snapshot.glance().holdsAt(wallMillis) || isServable(snapshot, wallMillis) ? snapshot.keys() : null;
    }

    private boolean isServable(Snapshot snapshot, long wallMillis) {
        long nanos = time.nanos();
        long age = snapshot.ageNanos(nanos, wallMillis);
        CacheState state = policy.stateAt(age);
        boolean stale = state == CacheState.STALE;
        if (state != CacheState.FRESH && !(stale && staleAtOnce)) {
            return false;
        }
        if (stale) {
            refresh(snapshot, nanos, wallMillis);
        }
        if (policy.stateAt(age + Glance.REACH_NANOS) == state) {
            snapshot.glance().note(wallMillis);
        }
        return true;
    }

    /** What stale keys ask for, if anything: in an outage there mostly is nothing to note and nothing to start. */
    private void refresh(Snapshot snapshot, long nanos, long wallMillis) {
        if (snapshot.looksOlderByWall(nanos, wallMillis)
                || policy.startsRecovery(refresher.state(), nanos, wallMillis)) {
            Moment now = new Moment(nanos, wallMillis);
            refresher.request(
                    RefreshTrigger.RECOVERY, now, refresher.observe(now).snapshot());
        }
    }
}
