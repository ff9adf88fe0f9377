package dev.jwkscache;

import dev.jwkscache.spi.SnapshotRefusal;
import java.net.URI;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

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
        LogEntry.at(Level.INFO).with("key_count", keys.size()).tell("jwks_refreshed");
        if (!event.document()) {
            return;
        }
        if (!keys.duplicateKids().isEmpty() && !keys.duplicateKids().equals(duplicateKids)) {
            LogEntry.at(Level.WARN)
                    .with("address", event.address())
                    .with("kid_count", keys.duplicateKids().size())
                    .tell("jwks_duplicate_kids");
        }
        if (keys.privateKeyCount() > 0 && keys.privateKeyCount() != privateKeyCount) {
            LogEntry.at(Level.WARN)
                    .with("address", event.address())
                    .with("key_count", keys.privateKeyCount())
                    .tell("jwks_private_members_published");
        }
        boolean near = event.documentBytes() >= maxDocumentBytes * NEAR_LIMIT;
        if (near && !nearLimit) {
            LogEntry.at(Level.WARN)
                    .with("address", event.address())
                    .with("bytes", event.documentBytes())
                    .with("limit", maxDocumentBytes)
                    .with("advice", "raise maxDocumentBytes before the set outgrows it")
                    .tell("jwks_document_near_limit");
        }
        nearLimit = near;
        duplicateKids = keys.duplicateKids();
        privateKeyCount = keys.privateKeyCount();
        for (SkippedKey skipped : keys.skipped()) {
            LogEntry.at(Level.DEBUG)
                    .with("address", event.address())
                    .with("index", skipped.index())
                    .with("kid", skipped.safeKid())
                    .with("reason", skipped.reason().label())
                    .with("detail", skipped.detail())
                    .tell("jwks_key_skipped");
        }
    }

    @Override
    public void refreshFailed(RefreshFailed event) {
        Level first = event.state() == CacheState.EXPIRED ? Level.ERROR : Level.WARN;
        Level level = failingIn == event.state() ? Level.DEBUG : first;
        failingIn = event.state();
        LogEntry entry = LogEntry.at(level)
                .with("error", event.failure().describe())
                .with("address", event.address())
                .with("next_attempt", event.nextAttempt());
        switch (event.state()) {
            case STALE ->
                entry.with("age_s", event.age().orElseThrow().toSeconds()).tell("jwks_refresh_failed_using_stale");
            case EXPIRED -> entry.tell("jwks_cache_expired_and_unreachable");
            case EMPTY, FRESH -> entry.tell("jwks_background_refresh_failed");
        }
    }

    @Override
    public void purged(URI address) {
        LogEntry.at(Level.WARN).with("address", address).tell("jwks_purged");
    }

    @Override
    public void storeFailed(URI address, String error) {
        LogEntry.at(storeFailing ? Level.DEBUG : Level.WARN)
                .with("address", address)
                .with("error", error)
                .with("advice", "the cache goes on without its store; see to that")
                .tell("jwks_store_failed");
        storeFailing = true;
    }

    @Override
    public void storeRecovered(URI address) {
        storeFailing = false;
        LogEntry.at(Level.INFO).with("address", address).tell("jwks_store_recovered");
    }

    @Override
    public void snapshotRefused(URI address, SnapshotRefusal reason, String detail) {
        LogEntry.at(refused == reason ? Level.DEBUG : Level.WARN)
                .with("address", address)
                .with("reason", reason.label())
                .with("detail", detail)
                .tell("jwks_snapshot_refused");
        refused = reason;
    }
}
