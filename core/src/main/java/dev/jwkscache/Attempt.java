package dev.jwkscache;

import dev.jwkscache.spi.Turn;
import org.jspecify.annotations.Nullable;

/**
 * A flight with what was known when it began.
 *
 * @param before what the cache knew
 * @param sentAt the moment that the age of what it brings counts from
 * @param generation the place of what it brings in the order of all snapshots of the address
 * @param turn the turn it is made in for a fleet; null when it is made alone
 */
record Attempt(Flight flight, RefreshState before, Moment sentAt, long generation, Turn.@Nullable Granted turn) {

    /** An attempt that nobody else knows of. */
    static Attempt alone(Flight flight, RefreshState before, Moment sentAt) {
        return new Attempt(flight, before, sentAt, sentAt.wallMillis(), null);
    }

    Attempt as(long otherGeneration) {
        return new Attempt(flight, before, sentAt, otherGeneration, null);
    }

    Attempt in(Turn.Granted granted) {
        return new Attempt(flight, before, sentAt, granted.generation(), granted);
    }

    /** The set that the answer may confirm, or null when only a whole document will do. */
    @Nullable
    Snapshot basis() {
        // A server that fails on validators would fail for ever: after a failure the whole document is asked for.
        return before.failures() == null ? before.snapshot() : null;
    }

    /** Whether copies on the way will not do. */
    boolean forced() {
        return before.distrusted() || flight.trigger().forced();
    }

    /** How many fetches have failed in a row before it, for the fleet that it is made for. */
    int failuresOfFleet() {
        return turn == null ? 0 : turn.failures();
    }

    /** How many fetches have failed in a row before it, here or in the fleet that it is made for. */
    int failures() {
        RefreshState.Failures own = before.failures();
        return Math.max(own == null ? 0 : own.count(), failuresOfFleet());
    }

    RefreshTrigger trigger() {
        return flight.trigger();
    }
}
