package dev.jwkscache.sidecar.management;

import dev.jwkscache.sidecar.providers.Provider;
import dev.jwkscache.sidecar.providers.Providers;
import dev.jwkscache.sidecar.providers.Timeline;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Waits until what was done to a provider is told: a cache completes its futures a moment before its listeners know, and who
 * asked for something wants to see it.
 */
final class Aftermath implements Providers.Watcher, AutoCloseable {
    /** Listeners share a thread; one that blocks must not keep an answer for longer. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Provider provider;
    private final Class<? extends Timeline.Entry> kind;
    private final Timeline.@Nullable Entry before;
    private final CompletableFuture<Void> told = new CompletableFuture<>();
    private final Providers.Watch watch;

    /** To be made before it is done. */
    Aftermath(Providers providers, Provider provider, Class<? extends Timeline.Entry> kind) {
        this.provider = provider;
        this.kind = kind;
        before = last();
        watch = providers.watch(this);
    }

    /** Completes when an entry of that kind has come, or after five seconds; never fails. */
    CompletableFuture<Void> told() {
        return told.completeOnTimeout(null, PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void changed(Provider which) {
        if (!Objects.equals(last(), before)) {
            told.complete(null);
        }
    }

    @Override
    public void removed(String name) {}

    private Timeline.@Nullable Entry last() {
        Timeline.Entry found = null;
        for (Timeline.Entry entry : provider.timeline().entries()) {
            found = kind.isInstance(entry) ? entry : found;
        }
        return found;
    }

    @Override
    public void close() {
        watch.close();
    }
}
