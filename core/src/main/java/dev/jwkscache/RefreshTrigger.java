package dev.jwkscache;

import java.util.Locale;

/** What made the cache fetch. Each trigger has a budget of its own, so that none starves another. */
public enum RefreshTrigger {
    /** {@link JwksCache#start()}. */
    START,
    /** The schedule, or the retry that back-off has set. */
    SCHEDULE,
    /** A caller who met an empty, stale or expired cache. */
    RECOVERY,
    /** A kid that the set lacks, or a bad signature under a kid it has. */
    MISS,
    /** {@link JwksCache#refresh()} or {@link JwksCache#purge()}. */
    MANUAL,
    /** The store told of a newer set; what it keeps is taken, and nothing is fetched. */
    STORE;

    /** Whether HTTP caches on the way must revalidate: somebody has reason to think that they are behind. */
    boolean forced() {
        return this == MISS || this == MANUAL;
    }

    /** Whether somebody waits for just this fetch, so that it goes before those of a schedule or of a start. */
    boolean urgent() {
        return this == MISS || this == MANUAL;
    }

    /** Whether a failure moves the back-off on; the others only start it. */
    boolean drivesBackoff() {
        return this == SCHEDULE || this == RECOVERY;
    }

    /** The trigger as a metric label: lower case. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
