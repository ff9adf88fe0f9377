package dev.jwkscache;

import dev.jwkscache.spi.JwksOrigin;
import dev.jwkscache.spi.SnapshotStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/** What a cache is put together from. */
record Parts(
        Settings settings,
        RefreshPolicy policy,
        TimeSource time,
        Counters counters,
        Refresher refresher,
        AtHand atHand,
        Waiting waiting) {

    /**
     * Refuses two ways to the keys at once.
     *
     * @throws IllegalArgumentException if a custom origin stands beside what only HTTP needs
     */
    static void checkWays(Settings.Draft draft, @Nullable JwksOrigin origin, Transport transport) {
        if (origin != null && transport != Transport.standard()) {
            throw new IllegalArgumentException("transport is set, but origin replaces HTTP; set one of them");
        }
        if (origin != null && draft.issuer != null) {
            throw new IllegalArgumentException(
                    "origin is set, but forIssuer finds the keys over HTTP; use JwksCache.builder with an origin");
        }
    }

    static Parts of(JwksCache.Builder builder) {
        Settings settings = builder.draft.complete();
        RefreshPolicy policy = new RefreshPolicy(settings);
        TimeSource time = builder.time;
        Counters counters = new Counters();
        SharedThreads.Lease lease = SharedThreads.lease();
        Engine engine = engine(builder, settings, lease);
        List<JwksCacheListener> listeners = new ArrayList<>(List.of(new LoggingListener(settings.maxDocumentBytes())));
        listeners.addAll(builder.listeners);
        CacheEvents events = new CacheEvents(settings, new Events(listeners, engine.events()));
        SnapshotStore store = builder.store;
        Sharing sharing = store == null
                ? Sharing.NONE
                : new StoredSharing(store, settings, engine, time, builder.random, events, counters);
        JwksOrigin lent = builder.origin;
        JwksOrigin origin = lent != null ? lent : http(settings, builder.transport, lease.http()::client, engine, time);
        Fetching fetching = new Fetching(origin, settings, engine, counters);
        Refresher refresher =
                new Refresher(settings, fetching, sharing, engine, time, builder.random, events, counters);
        sharing.listen(refresher);
        OpenCaches.opened(settings.address());
        return new Parts(
                settings,
                policy,
                time,
                counters,
                refresher,
                new AtHand(settings, policy, refresher, time),
                new Waiting(settings, refresher, engine, time, counters));
    }

    /** Whether there is nothing that may be served. */
    boolean isKeyless() {
        CacheState state = policy.stateOf(refresher.state().snapshot(), time.now());
        return state == CacheState.EMPTY || state == CacheState.EXPIRED;
    }

    CacheStatus status() {
        Moment now = time.now();
        return new CacheStatus(settings, refresher.observe(now), now, counters.values());
    }

    void close() {
        if (refresher.close()) {
            OpenCaches.closed(settings.address());
        }
    }

    Moment now() {
        return time.now();
    }

    private static Engine engine(JwksCache.Builder builder, Settings settings, SharedThreads.Lease lease) {
        ScheduledExecutorService lent = builder.scheduler;
        if (lent != null) {
            return Engine.of(lent, lease::release);
        }
        return builder.origin != null
                ? lease.engine()
                : lease.engine(settings.reachedAt().getAuthority());
    }

    /** The way to the keys over HTTP. */
    private static JwksOrigin http(
            Settings settings, Transport transport, HttpOrigin.Clients clients, Engine engine, TimeSource time) {
        Issuer issuer = settings.issuer();
        int most = settings.maxDocumentBytes();
        if (issuer == null) {
            return new HttpOrigin(settings.address(), most, transport, clients);
        }
        // Whoever writes the metadata may name any host for the keys; what the fields hold may be a secret.
        Transport elsewhere = transport.withoutHeaders();
        return new IssuerOrigin(
                settings,
                issuer,
                address -> new HttpOrigin(
                        address,
                        most,
                        Addresses.sameOrigin(address, issuer.reachedAt()) ? transport : elsewhere,
                        clients),
                engine,
                time);
    }
}
