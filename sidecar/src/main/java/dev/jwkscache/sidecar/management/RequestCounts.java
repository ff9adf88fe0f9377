package dev.jwkscache.sidecar.management;

import dev.jwkscache.sidecar.serving.RequestCounter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Counts the answers of the key server, by provider, resource and class of status. Thread-safe; counting locks nothing, and
 * allocates nothing but for the first request to a provider.
 */
final class RequestCounts implements RequestCounter {
    /** What is no provider, and no resource; neither can be called so. */
    private static final String NONE = "-";

    private static final List<String> RESOURCES = List.of("jwks.json", "openid-configuration", "keys", NONE);
    private static final int CLASSES = 5;

    private final MeterRegistry registry;
    private final ConcurrentMap<String, Map<String, List<LongAdder>>> byProvider = new ConcurrentHashMap<>();

    RequestCounts(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void answered(String provider, String resource, int status) {
        // Looking first, because computeIfAbsent may lock even where there is nothing to compute.
        Map<String, List<LongAdder>> byResource = byProvider.get(provider);
        if (byResource == null) {
            byResource = byProvider.computeIfAbsent(provider, this::first);
        }
        List<LongAdder> byClass = byResource.get(resource);
        if (byClass == null) {
            byClass = byResource.get(NONE);
        }
        if (byClass != null) {
            byClass.get(Math.max(1, Math.min(CLASSES, status / 100)) - 1).increment();
        }
    }

    private Map<String, List<LongAdder>> first(String provider) {
        return RESOURCES.stream()
                .collect(Collectors.toUnmodifiableMap(
                        Function.identity(), resource -> registered(provider.isEmpty() ? NONE : provider, resource)));
    }

    private List<LongAdder> registered(String provider, String resource) {
        return IntStream.rangeClosed(1, CLASSES)
                .mapToObj(number -> {
                    LongAdder count = new LongAdder();
                    FunctionCounter.builder("jwks.sidecar.requests", count, LongAdder::sum)
                            .description("Requests to the key server that were answered")
                            .tags("cache", provider, "resource", resource, "status", number + "xx")
                            .register(registry);
                    return count;
                })
                .toList();
    }
}
