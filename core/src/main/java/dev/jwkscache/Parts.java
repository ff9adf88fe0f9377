package dev.jwkscache;

import dev.jwkscache.spi.JwksOrigin;
import dev.jwkscache.spi.SnapshotStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;

/** What a cache is put together from. */
record Parts(
        Settings settings,
        RefreshPolicy policy,
        TimeSource time,
        Counters counters,
        CacheEvents events,
        Refresher refresher,
        AtHand atHand,
        Waiting waiting) {

    static Parts of(Settings.Draft draft, Lent lent) {
        lent.check(draft);
        Settings settings = draft.complete();
        RefreshPolicy policy = new RefreshPolicy(settings);
        TimeSource time = lent.time;
        Counters counters = new Counters();
        SharedThreads.Lease lease = SharedThreads.lease();
        Engine engine = engine(lent, settings, lease);
        List<JwksCacheListener> listeners = new ArrayList<>(List.of(new LoggingListener(settings.maxDocumentBytes())));
        listeners.addAll(lent.listeners);
        CacheEvents events = new CacheEvents(settings, new Events(listeners, engine.events()));
        SnapshotStore store = lent.store;
        Sharing sharing = store == null
                ? Sharing.NONE
                : new StoredSharing(store, settings, engine, time, lent.random, events, counters);
        JwksOrigin lentOrigin = lent.origin;
        JwksOrigin origin = lentOrigin != null
                ? lentOrigin
                : http(settings, lent.transport, lease.http()::client, engine, time, events);
        Fetching fetching = new Fetching(origin, settings, engine, counters);
        Refresher refresher = new Refresher(settings, fetching, sharing, engine, time, lent.random, events, counters);
        sharing.listen(refresher);
        OpenCaches.opened(settings.address());
        return new Parts(
                settings,
                policy,
                time,
                counters,
                events,
                refresher,
                new AtHand(settings, policy, refresher, time),
                new Waiting(settings, refresher, engine, time, counters, events));
    }

    /** Whether there is nothing that may be served. */
    boolean isKeyless() {
        return !policy.stateOf(refresher.state().snapshot(), time.now()).servesKeys();
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

    private static Engine engine(Lent parts, Settings settings, SharedThreads.Lease lease) {
        ScheduledExecutorService scheduler = parts.scheduler;
        if (scheduler != null) {
            return Engine.of(scheduler, lease::release);
        }
        return parts.origin != null
                ? lease.engine()
                : lease.engine(settings.reachedAt().getAuthority());
    }

    /** The way to the keys over HTTP. */
    private static JwksOrigin http(
            Settings settings,
            Transport transport,
            HttpOrigin.Clients clients,
            Engine engine,
            TimeSource time,
            CacheEvents events) {
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
                time,
                events::metadataRead);
    }
}
