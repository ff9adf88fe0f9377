package dev.jwkscache;

import dev.jwkscache.spi.SnapshotRefusal;
import java.net.URI;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Logs the four events of the original module under their names, and what an operator should know of a new document. A
 * row of failures is one warning for each state it passes through; its repetitions are debug.
 */
final class LoggingListener implements JwksCacheListener {
    /** The part of the size limit from which a growing document is warned of. */
    private static final double NEAR_LIMIT = 0.8;

    private @Nullable CacheState failingIn;
    private Set<String> duplicateKids = Set.of();
    private int privateKeyCount;
    private boolean nearLimit;
    private boolean storeFailing;
    private @Nullable SnapshotRefusal refused;
    private final int maxDocumentBytes;

    LoggingListener(int maxDocumentBytes) {
        this.maxDocumentBytes = maxDocumentBytes;
    }

    @Override
    public void refreshed(Refreshed event) {
        failingIn = null;
        if (event.stored()) {
            refused = null;
        }
        JwkSet keys = event.keys();
        Log.LOG.atInfo().addKeyValue("key_count", keys.size()).log("jwks_refreshed");
        if (!event.document()) {
            return;
        }
        if (!keys.duplicateKids().isEmpty() && !keys.duplicateKids().equals(duplicateKids)) {
            Log.LOG
                    .atWarn()
                    .addKeyValue("address", event.address())
                    .addKeyValue("kid_count", keys.duplicateKids().size())
                    .log("jwks_duplicate_kids");
        }
        if (keys.privateKeyCount() > 0 && keys.privateKeyCount() != privateKeyCount) {
            Log.LOG
                    .atWarn()
                    .addKeyValue("address", event.address())
                    .addKeyValue("key_count", keys.privateKeyCount())
                    .log("jwks_private_members_published");
        }
        boolean near = event.documentBytes() >= maxDocumentBytes * NEAR_LIMIT;
        if (near && !nearLimit) {
            Log.LOG
                    .atWarn()
                    .addKeyValue("address", event.address())
                    .addKeyValue("bytes", event.documentBytes())
                    .addKeyValue("limit", maxDocumentBytes)
                    .addKeyValue("advice", "raise maxDocumentBytes before the set outgrows it")
                    .log("jwks_document_near_limit");
        }
        nearLimit = near;
        duplicateKids = keys.duplicateKids();
        privateKeyCount = keys.privateKeyCount();
        for (SkippedKey skipped : keys.skipped()) {
            Log.LOG
                    .atDebug()
                    .addKeyValue("address", event.address())
                    .addKeyValue("index", skipped.index())
                    .addKeyValue("kid", skipped.safeKid())
                    .addKeyValue("reason", skipped.reason().label())
                    .addKeyValue("detail", skipped.detail())
                    .log("jwks_key_skipped");
        }
    }

    @Override
    public void refreshFailed(RefreshFailed event) {
        Level first = event.state() == CacheState.EXPIRED ? Level.ERROR : Level.WARN;
        Level level = failingIn == event.state() ? Level.DEBUG : first;
        failingIn = event.state();
        LoggingEventBuilder entry = Log.LOG
                .atLevel(level)
                .addKeyValue("error", event.failure().describe())
                .addKeyValue("address", event.address())
                .addKeyValue("next_attempt", event.nextAttempt());
        switch (event.state()) {
            case STALE ->
                entry.addKeyValue("age_s", event.age().orElseThrow().toSeconds())
                        .log("jwks_refresh_failed_using_stale");
            case EXPIRED -> entry.log("jwks_cache_expired_and_unreachable");
            case EMPTY, FRESH -> entry.log("jwks_background_refresh_failed");
        }
    }

    @Override
    public void purged(URI address) {
        Log.LOG.atWarn().addKeyValue("address", address).log("jwks_purged");
    }

    @Override
    public void storeFailed(URI address, String error) {
        Log.LOG
                .atLevel(storeFailing ? Level.DEBUG : Level.WARN)
                .addKeyValue("address", address)
                .addKeyValue("error", error)
                .addKeyValue("advice", "the cache goes on without its store; see to that")
                .log("jwks_store_failed");
        storeFailing = true;
    }

    @Override
    public void storeRecovered(URI address) {
        storeFailing = false;
        Log.LOG.atInfo().addKeyValue("address", address).log("jwks_store_recovered");
    }

    @Override
    public void snapshotRefused(URI address, SnapshotRefusal reason, String detail) {
        Log.LOG
                .atLevel(refused == reason ? Level.DEBUG : Level.WARN)
                .addKeyValue("address", address)
                .addKeyValue("reason", reason.label())
                .addKeyValue("detail", detail)
                .log("jwks_snapshot_refused");
        refused = reason;
    }
}
