package dev.jwkscache.spi;

import java.util.concurrent.CompletableFuture;

/**
 * Where a key set comes from: one exchange, no caching.
 *
 * <p>The cache calls {@link #fetch} on a thread where it may block, never while an earlier call has not returned, and
 * bounds it: when the fetch timeout has passed, or the cache is closed, it cancels the returned future and goes on without
 * it. An origin that throws, returns {@code null} or never completes is a failed refresh, never the end of the schedule.
 */
@FunctionalInterface
public interface JwksOrigin {

    /**
     * Starts one exchange.
     *
     * <p>Cancelling the returned future must end the exchange and close what it holds.
     *
     * @param request the validators to send and how long the exchange may last; never null
     * @return completes with the answer, whatever its status, or fails with the reason why there is none; never null
     */
    CompletableFuture<OriginResponse> fetch(OriginRequest request);

    /** Releases what the origin holds. Called once, when the cache is closed; does nothing by default. */
    default void close() {}
}
