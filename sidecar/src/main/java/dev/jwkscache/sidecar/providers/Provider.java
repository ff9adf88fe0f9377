package dev.jwkscache.sidecar.providers;

import dev.jwkscache.CacheState;
import dev.jwkscache.CacheStatus;
import dev.jwkscache.JwksCache;
import dev.jwkscache.JwksCacheListener;
import dev.jwkscache.sidecar.configuration.ProviderConfiguration;
import dev.jwkscache.sidecar.configuration.ProviderConfiguration.Kind;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

/** One provider whose keys are kept: its cache, and what is known beside the keys. Thread-safe. */
public final class Provider {
    private final ProviderConfiguration configuration;
    private final Timeline timeline;
    private final KnownKeys keys;
    private final Metadata metadata;
    private final JwksCache cache;

    /** Builds the cache, without starting it. Listeners are told of everything that happens to it. */
    Provider(
            ProviderConfiguration configuration,
            Stores stores,
            InstantSource clock,
            List<JwksCacheListener> listeners,
            UnaryOperator<JwksCache.Builder> surroundings) {
        this.configuration = configuration;
        timeline = new Timeline(clock);
        keys = new KnownKeys(clock);
        metadata = new Metadata(configuration.address(), stores.metadata());
        JwksCache.Builder builder = surroundings
                .apply(configuration.builder())
                .keepJson(true)
                .store(stores.snapshots())
                .listener(timeline)
                .listener(keys)
                .listener(metadata);
        listeners.forEach(builder::listener);
        cache = builder.build();
    }

    /** By which clients ask for it. */
    public String name() {
        return configuration.name();
    }

    /** What it was told. */
    public ProviderConfiguration configuration() {
        return configuration;
    }

    /** Where its keys are kept. */
    public JwksCache cache() {
        return cache;
    }

    /** What its cache is like at this moment. */
    public CacheStatus status() {
        return cache.status();
    }

    /** What happened to its keys in the last hours. */
    public Timeline timeline() {
        return timeline;
    }

    /** The keys at hand, for people who look. */
    public KnownKeys keys() {
        return keys;
    }

    /** The issuer's metadata as it last published them; empty while none were read, and where the address is a jwks_uri. */
    public Optional<String> metadata() {
        return metadata.document();
    }

    /** Whether the address is an issuer, so that there is metadata. */
    public boolean isIssuer() {
        return configuration.kind() == Kind.ISSUER;
    }

    /** Whether keys may be served now. */
    public boolean serves() {
        CacheState state = status().state();
        return state == CacheState.FRESH || state == CacheState.STALE;
    }

    /** Starts in the background; completes at the first keys. */
    CompletableFuture<Void> start() {
        CompletableFuture<Void> started = cache.startAsync();
        if (isIssuer() && metadata().isEmpty()) {
            // Keys from a store would spare the fetch that reads the metadata.
            started.thenRun(() -> {
                if (metadata().isEmpty()) {
                    cache.refresh().exceptionally(unavailable -> null);
                }
            });
        }
        return started;
    }

    void close() {
        cache.close();
    }
}
