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
        Refresher refresher,
        AtHand atHand,
        Waiting waiting) {

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
        Fetching fetching = new Fetching(origin(builder, settings, lease), settings, engine, counters);
        Refresher refresher =
                new Refresher(settings, fetching, sharing, engine, time, builder.random, events, counters);
        sharing.listen(refresher);
        return new Parts(
                settings,
                policy,
                time,
                counters,
                refresher,
                new AtHand(settings, policy, refresher, time),
                new Waiting(settings, refresher, engine, time, counters));
    }

    private static JwksOrigin origin(JwksCache.Builder builder, Settings settings, SharedThreads.Lease lease) {
        JwksOrigin lent = builder.origin;
        return lent != null
                ? lent
                : new HttpOrigin(
                        settings.address(), settings.maxDocumentBytes(), builder.transport, lease.http()::client);
    }

    private static Engine engine(JwksCache.Builder builder, Settings settings, SharedThreads.Lease lease) {
        ScheduledExecutorService lent = builder.scheduler;
        if (lent != null) {
            return Engine.of(lent, lease::release);
        }
        return builder.origin != null
                ? lease.engine()
                : lease.engine(settings.address().getAuthority());
    }
}
