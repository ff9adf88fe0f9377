package dev.jwkscache.sidecar;

import dev.jwkscache.CacheState;
import dev.jwkscache.JwksCacheListener.RefreshFailed;
import dev.jwkscache.JwksCacheListener.Refreshed;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How a watch tells what happens; called by one thread at a time. */
interface WatchReport {

    /** The watch begins. */
    void watching(Instant at, URI address);

    /** The first keys are there; {@code since} is when a row of failures began that ends now, or null. */
    void loaded(Instant at, Refreshed event, @Nullable Instant since);

    /** A later fetch brought a set, changed or not, or confirmed the one at hand; {@code since} as above. */
    void refreshed(Instant at, Refreshed event, @Nullable Instant since);

    /** A fetch failed; {@code since} is when the first of the row did. */
    void failed(Instant at, RefreshFailed event, Instant since);

    /** The keys at hand grew stale or expired. */
    void aged(Instant at, CacheState state, Duration age);
}
