package dev.jwkscache.spring;

import dev.jwkscache.CacheStatus;
import dev.jwkscache.JwksCache;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthContributors;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

/**
 * Health of each cache, by its name. Fresh and stale keys are served, so that both are «up»; «out of service» is a cache
 * that has none yet, «down» one whose keys have expired.
 */
final class JwksCacheHealth implements CompositeHealthContributor {
    private final JwksCacheRegistry registry;

    JwksCacheHealth(JwksCacheRegistry registry) {
        this.registry = registry;
    }

    @Override
    public @Nullable HealthContributor getContributor(String name) {
        JwksCache cache = registry.permanent().get(name);
        return cache == null ? null : indicator(cache);
    }

    @Override
    public Stream<HealthContributors.Entry> stream() {
        return registry.permanent().entrySet().stream()
                .map(cache -> new HealthContributors.Entry(cache.getKey(), indicator(cache.getValue())));
    }

    private static HealthIndicator indicator(JwksCache cache) {
        return () -> {
            CacheStatus status = cache.status();
            return new Health.Builder(health(status))
                    .withDetails(CacheDetails.brief(status))
                    .build();
        };
    }

    private static Status health(CacheStatus status) {
        return switch (status.state()) {
            case FRESH, STALE -> Status.UP;
            case EMPTY -> Status.OUT_OF_SERVICE;
            case EXPIRED -> Status.DOWN;
        };
    }
}
