package dev.jwkscache.spi;

import java.time.Duration;

/**
 * A wish to fetch for the fleet.
 *
 * @param kind what the wish comes from
 * @param known the generation of the set at hand; 0 when there is none
 * @param lease for how long the turn lasts when it is granted; positive
 * @param spacing for {@link Kind#SCHEDULE} the least time since the turn was granted that brought what is kept: the refresh
 *     interval; for {@link Kind#MISS} the least time since a turn of that kind was granted: the miss cooldown; for the others
 *     of no meaning
 * @param takeover how long another holder's turn must have lasted for this one to end it; the same as {@code lease} where
 *     nobody is kept waiting
 */
public record TurnRequest(Kind kind, long known, Duration lease, Duration spacing, Duration takeover) {

    /** What a wish to fetch comes from. */
    public enum Kind {
        /** The schedule: granted once for each refresh interval, unless the last attempt failed. */
        SCHEDULE,
        /** Keys that are missing, stale or expired: granted unless somebody is at it or the last attempt failed. */
        NEED,
        /** An unknown kid: granted once for each miss cooldown, also while attempts fail. */
        MISS,
        /** A human: granted always, unless the provider asked for quiet. */
        MANUAL
    }
}
