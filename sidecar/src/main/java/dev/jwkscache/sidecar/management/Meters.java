package dev.jwkscache.sidecar.management;

import dev.jwkscache.JwksCacheListener;
import dev.jwkscache.micrometer.JwksCacheMetrics;
import dev.jwkscache.sidecar.serving.RequestCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BooleanSupplier;

/**
 * What is measured in a sidecar: its caches, the requests to its key server, its JVM. No tag has a value that a client chose.
 * Thread-safe.
 */
public final class Meters implements AutoCloseable {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final ConcurrentMap<String, JwksCacheMetrics> caches = new ConcurrentHashMap<>();
    private final RequestCounts requests = new RequestCounts(registry);
    private final JvmGcMetrics collections = new JvmGcMetrics();

    /** Begins with the meters of the JVM. */
    public Meters() {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        collections.bindTo(registry);
        Gauge.builder("jwks.sidecar.build.info", () -> 1)
                .description("Always 1; the tags tell what runs")
                .tags("version", Version.TEXT, "java", System.getProperty("java.version", "-"))
                .register(registry);
    }

    /** Who is to be told what happens to the provider of that name: the same each time, so that totals go on over a reload. */
    public List<JwksCacheListener> listeners(String provider) {
        return List.of(caches.computeIfAbsent(provider, name -> {
            JwksCacheMetrics metrics = new JwksCacheMetrics(name);
            metrics.bindTo(registry);
            return metrics;
        }));
    }

    /** Counts what the key server answers. */
    public RequestCounter requests() {
        return requests;
    }

    /** Measures whether the sidecar is ready. */
    void ready(BooleanSupplier ready) {
        Gauge.builder("jwks.sidecar.ready", () -> ready.getAsBoolean() ? 1 : 0)
                .description("1 while the sidecar should be sent requests")
                .register(registry);
    }

    /** Everything, as Prometheus reads it (text format 0.0.4). */
    String scrape() {
        return registry.scrape();
    }

    /** Ends the measuring. */
    @Override
    public void close() {
        collections.close();
        registry.close();
    }
}
