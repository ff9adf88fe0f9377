package dev.jwkscache.sidecar;

import dev.jwkscache.CacheState;
import dev.jwkscache.CacheStatus;
import dev.jwkscache.JwksCacheListener;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Passes on what happens in a cache, one thing after the other, with what only a look back can tell. */
final class WatchListener implements JwksCacheListener {
    private final WatchReport report;
    private boolean loaded;
    private @Nullable Instant failingSince;
    private CacheState told = CacheState.EMPTY;

    WatchListener(WatchReport report) {
        this.report = report;
    }

    @Override
    public synchronized void refreshed(Refreshed event) {
        Instant since = failingSince;
        failingSince = null;
        told = CacheState.FRESH;
        if (loaded) {
            report.refreshed(Instant.now(), event, since);
        } else {
            loaded = true;
            report.loaded(Instant.now(), event, since);
        }
    }

    @Override
    public synchronized void refreshFailed(RefreshFailed event) {
        Instant since = failingSince == null ? event.failure().at() : failingSince;
        failingSince = since;
        report.failed(Instant.now(), event, since);
    }

    /** Tells when the keys have grown stale or expired since last told: no fetch says so. */
    synchronized void look(CacheStatus status) {
        CacheState now = status.state();
        boolean aged = now == CacheState.EXPIRED || (now == CacheState.STALE && told == CacheState.FRESH);
        if (aged && now != told) {
            told = now;
            status.age().ifPresent(age -> report.aged(Instant.now(), now, age));
        }
    }
}
