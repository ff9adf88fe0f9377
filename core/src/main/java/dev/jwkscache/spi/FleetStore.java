package dev.jwkscache.spi;

import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * A store that the instances of a service share, so that one of them fetches for all.
 *
 * <p>Before a fetch a cache asks for its turn. A turn is a lease with a generation as its fencing token: what an old holder
 * publishes late never replaces what a newer one has published.
 */
public interface FleetStore extends SnapshotStore {

    /**
     * Asks for the turn to fetch from an address.
     *
     * @return completes with what is to be done; fails when the store is out of order; never null
     */
    CompletableFuture<Turn> turn(URI address, TurnRequest request);

    /**
     * Ends a turn whose fetch failed: until the pause is over, nobody else gets one by schedule or in need.
     *
     * @param generation that of the turn
     * @param failure what failed and for how long to wait
     * @return completes when that is done; fails when the store is out of order; never null
     */
    CompletableFuture<Void> failed(URI address, long generation, FleetFailure failure);

    /**
     * What the fetch for a fleet failed with.
     *
     * @param failures fetches for the fleet that have failed in a row, at least 1
     * @param reason the label of the reason, such as {@code timeout}
     * @param pause until the next attempt; not negative
     * @param quiet for how long the provider asked for quiet (Retry-After), which binds every kind of turn; zero for not at
     *     all
     */
    record FleetFailure(int failures, String reason, Duration pause, Duration quiet) {}
}
