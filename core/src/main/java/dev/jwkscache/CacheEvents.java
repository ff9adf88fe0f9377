package dev.jwkscache;

import dev.jwkscache.JwksCacheListener.KeyFirstUsed;
import dev.jwkscache.JwksCacheListener.MetadataRead;
import dev.jwkscache.JwksCacheListener.RefreshFailed;
import dev.jwkscache.JwksCacheListener.Refreshed;
import dev.jwkscache.spi.SnapshotRefusal;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Puts what happened in one cache into the words of its listeners. */
final class CacheEvents {
    private final RefreshPolicy policy;
    private final URI address;
    private final Events events;
    private final KeyUse keyUse = new KeyUse();
    private volatile @Nullable JwksCache cache;

    CacheEvents(Settings settings, Events events) {
        this.policy = new RefreshPolicy(settings);
        this.address = SafeText.withoutQuery(settings.address());
        this.events = events;
    }

    /** The cache is complete. */
    void opened(JwksCache opened) {
        cache = opened;
        events.tell(listener -> listener.opened(opened));
    }

    /** The cache is closed; what is told later is lost if it was the last of the process. */
    void closed() {
        JwksCache closed = cache;
        if (closed != null) {
            events.tell(listener -> listener.closed(closed));
        }
    }

    /** A set has just taken the place of what that state had; told before anybody can look it up who waits for it. */
    void arrived(RefreshState before, Snapshot snapshot, Moment now) {
        keyUse.arrived(before.snapshot() == null ? null : before.snapshot().keys(), snapshot.keys(), now);
    }

    /** A lookup found this, perhaps as the first. */
    void found(Fitting found, Moment now) {
        for (KeyUse.FirstUse first : keyUse.used(found, now)) {
            events.tell(listener -> listener.keyFirstUsed(new KeyFirstUsed(address, first.key(), first.lead())));
        }
    }

    /** A set is at hand, {@code stored} when it was taken from the store; {@code before} is the state that it ended. */
    void refreshed(Attempt attempt, Snapshot snapshot, boolean stored, RefreshState before, Moment now) {
        JwkSet keys = snapshot.keys();
        JwkSet replaced = before.snapshot() == null ? null : before.snapshot().keys();
        boolean document = stored
                ? keys != replaced
                : attempt.basis() == null || attempt.basis().keys() != keys;
        Duration took = Duration.ofNanos(attempt.sentAt().nanosUntil(now));
        events.tell(listener -> listener.refreshed(new Refreshed(
                address,
                attempt.trigger(),
                keys,
                KeySetChange.between(replaced, keys),
                document,
                snapshot.validators().bytes(),
                took,
                stored)));
    }

    void failed(RefreshTrigger trigger, RefreshState after, RefreshFailure failure, Moment now) {
        Snapshot snapshot = after.snapshot();
        Moment next = after.budgets().attemptAt();
        RefreshFailed event = new RefreshFailed(
                address,
                trigger,
                failure,
                policy.stateOf(snapshot, now),
                snapshot == null ? null : Duration.ofNanos(snapshot.ageNanos(now)),
                Objects.requireNonNull(after.failures()).count(),
                (next == null ? now : next).wall());
        events.tell(listener -> listener.refreshFailed(event));
    }

    void metadataRead(String document) {
        events.tell(listener -> listener.metadataRead(new MetadataRead(address, document)));
    }

    void purged() {
        events.tell(listener -> listener.purged(address));
    }

    void storeFailed(String error) {
        events.tell(listener -> listener.storeFailed(address, error));
    }

    void storeRecovered() {
        events.tell(listener -> listener.storeRecovered(address));
    }

    void snapshotRefused(SnapshotRefusal reason, String detail) {
        events.tell(listener -> listener.snapshotRefused(address, reason, detail));
    }
}
