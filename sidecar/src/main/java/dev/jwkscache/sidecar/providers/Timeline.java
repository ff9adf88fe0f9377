package dev.jwkscache.sidecar.providers;

import dev.jwkscache.Jwk;
import dev.jwkscache.JwksCacheListener;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What happened to the keys of one provider in the last hours. Thread-safe. */
public final class Timeline implements JwksCacheListener {
    static final int MOST_ENTRIES = 1000;
    static final Duration REACH = Duration.ofHours(24);

    private final InstantSource clock;
    private final Deque<Entry> entries = new ArrayDeque<>();

    Timeline(InstantSource clock) {
        this.clock = clock;
    }

    /** Something that happened. */
    public sealed interface Entry {
        /** When. */
        Instant at();
    }

    /**
     * A set was confirmed or came.
     *
     * @param took time from sending the request, or from asking the store, to having the set
     * @param stored whether it came from the store
     * @param added what the keys are called that came: the kid, or the thumbprint of one without
     * @param removed what the keys are called that were withdrawn
     */
    public record Refresh(
            Instant at, String trigger, Duration took, boolean stored, List<String> added, List<String> removed)
            implements Entry {}

    /** A fetch failed. */
    public record Failure(Instant at, String trigger, String reason, String detail) implements Entry {}

    /** Everything was purged. */
    public record Purge(Instant at) implements Entry {}

    /** What is remembered, newest last: at most 1000 entries of the last 24 hours. */
    public List<Entry> entries() {
        synchronized (entries) {
            forget();
            return List.copyOf(entries);
        }
    }

    @Override
    public void refreshed(Refreshed event) {
        add(new Refresh(
                clock.instant(),
                event.trigger().label(),
                event.took(),
                event.stored(),
                names(event.change().added()),
                names(event.change().removed())));
    }

    @Override
    public void refreshFailed(RefreshFailed event) {
        add(new Failure(
                clock.instant(),
                event.trigger().label(),
                event.failure().reason().label(),
                event.failure().detail()));
    }

    @Override
    public void purged(URI address) {
        add(new Purge(clock.instant()));
    }

    private void add(Entry entry) {
        synchronized (entries) {
            entries.addLast(entry);
            if (entries.size() > MOST_ENTRIES) {
                entries.removeFirst();
            }
            forget();
        }
    }

    private void forget() {
        Instant oldest = clock.instant().minus(REACH);
        for (@Nullable Entry first = entries.peekFirst();
                first != null && first.at().isBefore(oldest);
                first = entries.peekFirst()) {
            entries.removeFirst();
        }
    }

    private static List<String> names(List<Jwk> keys) {
        return keys.stream().map(key -> key.kid().orElse(key.thumbprint())).toList();
    }
}
