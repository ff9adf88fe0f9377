package dev.jwkscache;

import dev.jwkscache.spi.JwksOrigin;
import dev.jwkscache.spi.SnapshotStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/** What the user of a cache lends it beside its settings: parts that live longer, or that a test holds in its hand. */
final class Lent {
    final List<JwksCacheListener> listeners = new ArrayList<>();
    TimeSource time = TimeSource.system();
    DoubleSupplier random = () -> ThreadLocalRandom.current().nextDouble();
    Transport transport = Transport.standard();

    @Nullable
    ScheduledExecutorService scheduler;

    @Nullable
    JwksOrigin origin;

    @Nullable
    SnapshotStore store;

    /**
     * Refuses two ways to the keys at once.
     *
     * @throws IllegalArgumentException if a custom origin stands beside what only HTTP needs
     */
    void check(Settings.Draft draft) {
        if (origin != null && transport != Transport.standard()) {
            throw new IllegalArgumentException("transport is set, but origin replaces HTTP; set one of them");
        }
        if (origin != null && draft.issuer != null) {
            throw new IllegalArgumentException(
                    "origin is set, but forIssuer finds the keys over HTTP; use JwksCache.builder with an origin");
        }
    }
}
