package dev.jwkscache.sidecar.providers;

import dev.jwkscache.CacheStatus;
import dev.jwkscache.JwksCache;
import dev.jwkscache.JwksCacheListener;
import dev.jwkscache.sidecar.configuration.Configuration;
import dev.jwkscache.sidecar.configuration.ProviderConfiguration;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * All providers whose keys are kept, by name. Which they are is one immutable map behind one volatile; a lookup neither
 * locks nor waits.
 */
public final class Providers implements AutoCloseable {
    private final Stores stores;
    private final InstantSource clock;
    private final Function<String, List<JwksCacheListener>> listeners;
    private final UnaryOperator<JwksCache.Builder> surroundings;
    private final List<Watcher> watchers = new CopyOnWriteArrayList<>();
    /** Those that will take the place of others when they have keys; guarded by this. */
    private final Map<String, Provider> coming = new LinkedHashMap<>();

    private volatile Map<String, Provider> byName = Map.of();
    private boolean closed;

    /**
     * None so far.
     *
     * @param stores where things are kept for a restart; closed with this
     * @param surroundings puts time and the way to the provider into the hands of a test
     */
    Providers(
            Stores stores,
            InstantSource clock,
            Function<String, List<JwksCacheListener>> listeners,
            UnaryOperator<JwksCache.Builder> surroundings) {
        this.stores = stores;
        this.clock = clock;
        this.listeners = listeners;
        this.surroundings = surroundings;
    }

    /**
     * Opens the stores, and starts to keep the keys of all providers.
     *
     * @param listeners who is told what happens to the provider of that name, before the watchers are
     * @throws IllegalArgumentException if a store cannot be used as configured
     */
    public static Providers open(Configuration configuration, Function<String, List<JwksCacheListener>> listeners) {
        Stores stores = Stores.of(configuration.store());
        Providers providers = new Providers(stores, InstantSource.system(), listeners, UnaryOperator.identity());
        providers.keep(configuration.providers());
        return providers;
    }

    /** Is told what happens. Must return at once; whatever it throws is lost. */
    public interface Watcher {
        /** Something happened to this provider, or it is new. */
        void changed(Provider provider);

        /** No keys are kept under this name any more. */
        void removed(String name);
    }

    /** The provider of that name; null if there is none. */
    public @Nullable Provider named(String name) {
        return byName.get(name);
    }

    /** All, in the order of the configuration; immutable. */
    public Collection<Provider> all() {
        return byName.values();
    }

    /** From now on a watcher is told, until the watch is closed. */
    public Watch watch(Watcher watcher) {
        watchers.add(watcher);
        return () -> watchers.remove(watcher);
    }

    /** Ends by being closed. */
    public interface Watch extends AutoCloseable {
        @Override
        void close();
    }

    /** Why keys may not be served, or soon not: one reason for each such provider; empty while all is well. */
    public List<String> notReady(Duration margin) {
        List<String> reasons = new ArrayList<>();
        for (Provider provider : all()) {
            CacheStatus status = provider.status();
            Duration left = status.timeToExpiry().orElse(Duration.ZERO);
            if (!provider.serves()) {
                reasons.add(provider.name() + ": its keys are " + status.state().label());
            } else if (left.compareTo(margin) < 0) {
                reasons.add(provider.name() + ": its keys expire in " + left.toSeconds() + " s");
            }
        }
        return reasons;
    }

    /**
     * Makes those providers the ones whose keys are kept, and starts what is new. Who stays as it is goes on. Who has got
     * other settings goes on with the old ones until there are keys under the new ones, or the old keys are past the new max
     * staleness. Who is gone, or has another address, ends at once.
     */
    public synchronized void keep(List<ProviderConfiguration> configurations) {
        if (closed) {
            return;
        }
        coming.values().forEach(Provider::close);
        coming.clear();
        Map<String, Provider> before = byName;
        Map<String, Provider> after = new LinkedHashMap<>();
        List<Provider> fresh = new ArrayList<>();
        for (ProviderConfiguration configuration : configurations) {
            Provider present = before.get(configuration.name());
            if (present != null && present.configuration().equals(configuration)) {
                after.put(configuration.name(), present);
            } else {
                Provider next = open(configuration);
                boolean successor = present != null && sameKeys(present.configuration(), configuration);
                after.put(configuration.name(), successor ? present : next);
                if (successor) {
                    coming.put(configuration.name(), next);
                } else {
                    fresh.add(next);
                }
            }
        }
        byName = Collections.unmodifiableMap(after);
        before.values().stream()
                .filter(provider -> !after.containsValue(provider))
                .forEach(provider -> {
                    provider.close();
                    if (!after.containsKey(provider.name())) {
                        tell(watcher -> watcher.removed(provider.name()));
                    }
                });
        fresh.forEach(provider -> {
            provider.start();
            tell(watcher -> watcher.changed(provider));
        });
        List.copyOf(coming.values()).forEach(this::startSuccessor);
    }

    private void startSuccessor(Provider next) {
        Provider present = byName.get(next.name());
        CacheStatus old = present == null ? next.status() : present.status();
        Duration patience = next.status().maxStaleness().minus(old.age().orElse(Duration.ZERO));
        CompletableFuture<Void> keys = next.start();
        if (patience.isNegative() || patience.isZero()) {
            replace(next);
        } else {
            keys.completeOnTimeout(null, patience.toNanos(), TimeUnit.NANOSECONDS)
                    .whenComplete((loaded, closedBefore) -> replace(next));
        }
    }

    private synchronized void replace(Provider next) {
        if (closed || !coming.remove(next.name(), next)) {
            return;
        }
        Map<String, Provider> after = new LinkedHashMap<>(byName);
        Provider before = after.put(next.name(), next);
        byName = Collections.unmodifiableMap(after);
        if (before != null) {
            before.close();
        }
        tell(watcher -> watcher.changed(next));
    }

    private Provider open(ProviderConfiguration configuration) {
        List<JwksCacheListener> all = new ArrayList<>(listeners.apply(configuration.name()));
        Told told = new Told(configuration.name());
        all.add(told);
        return new Provider(configuration, stores, clock, all, surroundings);
    }

    private static boolean sameKeys(ProviderConfiguration one, ProviderConfiguration other) {
        return one.address().equals(other.address()) && one.kind() == other.kind();
    }

    private void tell(Consumer<Watcher> event) {
        for (Watcher watcher : watchers) {
            try {
                event.accept(watcher);
            } catch (RuntimeException whatever) {
                // One watcher must not keep the others from being told.
            }
        }
    }

    /** Ends all of them, and closes the stores. */
    @Override
    public synchronized void close() {
        closed = true;
        coming.values().forEach(Provider::close);
        byName.values().forEach(Provider::close);
        stores.close();
    }

    /** Passes on that something happened; the last of a provider's listeners, so that the others know it already. */
    private final class Told implements JwksCacheListener {
        private final String name;

        Told(String name) {
            this.name = name;
        }

        @Override
        public void refreshed(Refreshed event) {
            changed();
        }

        @Override
        public void refreshFailed(RefreshFailed event) {
            changed();
        }

        @Override
        public void keyFirstUsed(KeyFirstUsed event) {
            changed();
        }

        @Override
        public void metadataRead(MetadataRead event) {
            changed();
        }

        @Override
        public void purged(URI address) {
            changed();
        }

        private void changed() {
            Provider provider = named(name);
            if (provider != null) {
                tell(watcher -> watcher.changed(provider));
            }
        }
    }
}
