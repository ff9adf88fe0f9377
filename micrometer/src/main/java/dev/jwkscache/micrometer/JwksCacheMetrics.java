package dev.jwkscache.micrometer;

import dev.jwkscache.JwksCache;
import dev.jwkscache.JwksCacheListener;
import dev.jwkscache.spi.SnapshotRefusal;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Meters of one cache or of many: give it to their builders as a listener, and bind it to a registry, before or after.
 *
 * <p>All meters begin with {@code jwks.cache} and have the tag {@code cache}; the README of this module lists them. None has
 * a kid. Caches that share a name share their meters: counters add up, {@code age}, {@code time.to.expiry} and
 * {@code failing} tell of the worst of them, {@code state} counts them. The meters of a name come with its first cache and
 * are removed when its last one is closed.
 *
 * <p>Nothing is lost that happens before {@link #bindTo}, but for what timers would have recorded. Thread-safe. Holds its
 * registries for as long as a cache holds it; neither it nor a registry keeps a cache alive.
 */
public final class JwksCacheMetrics implements JwksCacheListener, MeterBinder {
    private final @Nullable String name;
    /** What is registered here is in every registry that was bound or will be. */
    private final CompositeMeterRegistry registries = new CompositeMeterRegistry();
    /** Guarded by this. */
    private final Map<String, CacheMeters> byName = new HashMap<>();

    /**
     * Makes meters that are named after the address of each cache, without its query, or after its issuer. For caches that
     * you name yourself: each has meters of its own, so give tenants that come and go {@linkplain
     * #JwksCacheMetrics(String) one name together}.
     */
    public JwksCacheMetrics() {
        name = null;
    }

    /**
     * Makes meters of that name.
     *
     * @param name the value of the tag {@code cache}
     * @throws IllegalArgumentException if the name is blank
     */
    public JwksCacheMetrics(String name) {
        if (name.isBlank()) {
            throw new IllegalArgumentException("the name of the cache is blank; give it one, or none for its address");
        }
        this.name = name;
    }

    /** Puts the meters of all caches, also of those that come later, into that registry; a second time changes nothing. */
    @Override
    public void bindTo(MeterRegistry registry) {
        registries.add(Objects.requireNonNull(registry, "registry"));
    }

    @Override
    public synchronized void opened(JwksCache cache) {
        byName.computeIfAbsent(name(cache.status().address()), value -> new CacheMeters(registries, value))
                .opened(cache);
    }

    @Override
    public synchronized void closed(JwksCache cache) {
        String value = name(cache.status().address());
        CacheMeters meters = byName.get(value);
        if (meters != null && meters.closed(cache)) {
            byName.remove(value);
            meters.remove();
        }
    }

    @Override
    public void refreshed(Refreshed event) {
        of(event.address(), meters -> {
            meters.refreshed(event.stored() ? "stored" : "success", event.trigger());
            if (!event.stored()) {
                meters.fetched(event.took());
            }
        });
    }

    @Override
    public void refreshFailed(RefreshFailed event) {
        of(event.address(), meters -> {
            meters.refreshed("failure", event.trigger());
            meters.failed(event.failure().reason());
        });
    }

    @Override
    public void keyFirstUsed(KeyFirstUsed event) {
        of(event.address(), meters -> meters.firstUsed(event.lead()));
    }

    @Override
    public void snapshotRefused(URI address, SnapshotRefusal reason, String detail) {
        of(address, meters -> meters.refused(reason));
    }

    /** What is told after the last cache of a name was closed has nowhere to go. */
    private synchronized void of(URI address, Consumer<CacheMeters> change) {
        CacheMeters meters = byName.get(name(address));
        if (meters != null) {
            change.accept(meters);
        }
    }

    private String name(URI address) {
        return name == null ? address.toString() : name;
    }
}
