package dev.jwkscache.spring;

import dev.jwkscache.JwksCache;
import dev.jwkscache.micrometer.JwksCacheMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.beans.factory.ObjectProvider;

/** Meters each cache under its name: as a listener those that are built here, by their status those that were built elsewhere. */
final class NamedCacheMeters implements JwksCacheBuilderCustomizer, MeterBinder {
    private final Map<String, JwksCacheMetrics> byName = new ConcurrentHashMap<>();
    /** Asked late: the caches are built with the help of this. */
    private final ObjectProvider<JwksCacheRegistry> caches;

    NamedCacheMeters(ObjectProvider<JwksCacheRegistry> caches) {
        this.caches = caches;
    }

    @Override
    public void customize(String name, JwksCache.Builder builder) {
        builder.listener(byName.computeIfAbsent(name, JwksCacheMetrics::new));
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        caches.stream()
                .flatMap(all -> all.permanent().entrySet().stream())
                .forEach(cache -> byName.computeIfAbsent(cache.getKey(), name -> {
                    JwksCacheMetrics metrics = new JwksCacheMetrics(name);
                    metrics.opened(cache.getValue());
                    return metrics;
                }));
        byName.values().forEach(metrics -> metrics.bindTo(registry));
    }
}
