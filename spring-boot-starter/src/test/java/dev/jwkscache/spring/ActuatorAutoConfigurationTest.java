package dev.jwkscache.spring;

import static dev.jwkscache.spring.Contexts.ISSUER;
import static dev.jwkscache.spring.Contexts.KEYS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jwkscache.JwksCache;
import dev.jwkscache.JwksCaches;
import dev.jwkscache.Transport;
import dev.jwkscache.micrometer.JwksCacheMetrics;
import dev.jwkscache.real.Eventually;
import dev.jwkscache.spi.OriginResponse;
import dev.jwkscache.testkit.Behaviour;
import dev.jwkscache.testkit.ScriptedProvider;
import dev.jwkscache.testkit.VirtualTime;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

/** Health, endpoint and meters: for which caches, and when there are none. */
class ActuatorAutoConfigurationTest {
    private static final String TWO = "jwks-cache.issuers.two.issuer-uri=https://two.example";
    private static final String EXPOSED = "management.endpoints.web.exposure.include=jwks";

    private final ApplicationContextRunner context = Contexts.plain()
            .withConfiguration(AutoConfigurations.of(
                    JwksCacheHealthContributorAutoConfiguration.class,
                    JwksCacheEndpointAutoConfiguration.class,
                    JwksCacheMetricsAutoConfiguration.class,
                    HealthContributorRegistryAutoConfiguration.class,
                    HealthEndpointAutoConfiguration.class,
                    MetricsAutoConfiguration.class,
                    CompositeMeterRegistryAutoConfiguration.class,
                    SimpleMetricsExportAutoConfiguration.class));

    @Test
    void withoutCachesThereIsNothing() {
        context.withPropertyValues(EXPOSED)
                .run(it -> assertThat(it)
                        .hasNotFailed()
                        .hasSingleBean(MeterRegistry.class)
                        .doesNotHaveBean(JwksCacheHealth.class)
                        .doesNotHaveBean(JwksEndpoint.class)
                        .doesNotHaveBean(NamedCacheMeters.class));
    }

    @Test
    void eachOfThemCanBeMissingAlone() {
        context.withPropertyValues(ISSUER, EXPOSED)
                .withClassLoader(new FilteredClassLoader(JwksCacheMetrics.class))
                .run(it -> assertThat(it)
                        .doesNotHaveBean(NamedCacheMeters.class)
                        .hasSingleBean(JwksCacheHealth.class)
                        .hasSingleBean(JwksEndpoint.class));
        context.withPropertyValues(ISSUER, EXPOSED)
                .withClassLoader(new FilteredClassLoader(HealthIndicator.class))
                .run(it -> assertThat(it)
                        .doesNotHaveBean(JwksCacheHealth.class)
                        .hasSingleBean(NamedCacheMeters.class)
                        .hasSingleBean(JwksEndpoint.class));
        context.withPropertyValues(ISSUER, EXPOSED)
                .withClassLoader(new FilteredClassLoader(ConditionalOnAvailableEndpoint.class))
                .run(it -> assertThat(it)
                        .doesNotHaveBean(JwksEndpoint.class)
                        .hasSingleBean(NamedCacheMeters.class)
                        .hasSingleBean(JwksCacheHealth.class));
    }

    @Test
    void theEndpointIsThereOnlyWhereItIsExposed() {
        context.withPropertyValues(ISSUER)
                .run(it -> assertThat(it).doesNotHaveBean(JwksEndpoint.class).hasSingleBean(JwksCacheHealth.class));
        context.withPropertyValues(ISSUER, EXPOSED, "management.endpoint.jwks.access=NONE")
                .run(it -> assertThat(it).doesNotHaveBean(JwksEndpoint.class));
        context.withPropertyValues(ISSUER, EXPOSED).run(it -> assertThat(it).hasSingleBean(JwksEndpoint.class));
    }

    @Test
    void healthCanBeSwitchedOffOrReplaced() {
        context.withPropertyValues(ISSUER, "management.health.jwks.enabled=false")
                .run(it -> assertThat(it).doesNotHaveBean(JwksCacheHealth.class));
        context.withPropertyValues(ISSUER, "management.health.defaults.enabled=false")
                .run(it -> assertThat(it).doesNotHaveBean(JwksCacheHealth.class));
        HealthIndicator own = () -> Health.up().build();
        context.withPropertyValues(ISSUER)
                .withBean("jwksHealthIndicator", HealthIndicator.class, () -> own)
                .run(it -> assertThat(it).doesNotHaveBean(JwksCacheHealth.class).hasBean("jwksHealthIndicator"));
    }

    @Test
    void healthFollowsTheStateOfTheKeys() {
        VirtualTime time = new VirtualTime();
        try (ScriptedProvider provider = ScriptedProvider.inMemory(time)) {
            provider.behave(Behaviour.status(503));
            context.withPropertyValues(KEYS)
                    .withBean("virtual", JwksCacheBuilderCustomizer.class, () -> virtual(provider, time))
                    .run(it -> {
                        Health empty = health(it.getBean(JwksCacheHealth.class), "default");
                        assertThat(empty.getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
                        assertThat(empty.getDetails())
                                .containsEntry("state", "empty")
                                .containsEntry("lastFailure", "status: status 503 instead of 200")
                                .containsEntry("failingSince", "2026-01-01T00:00:00Z")
                                .containsKey("nextAttempt")
                                .doesNotContainKeys("age", "timeToExpiry");

                        provider.behave(Behaviour.healthy());
                        it.getBean(JwksCache.class).refresh().join();
                        time.advance(Duration.ofSeconds(10));
                        Health fresh = health(it.getBean(JwksCacheHealth.class), "default");
                        assertThat(fresh.getStatus()).isEqualTo(Status.UP);
                        assertThat(fresh.getDetails())
                                .containsEntry("state", "fresh")
                                .containsEntry("keys", 1)
                                .containsEntry("age", "PT10S")
                                .containsEntry("timeToExpiry", "PT59M50S")
                                .doesNotContainKeys("lastFailure", "failingSince");

                        provider.behave(Behaviour.status(503));
                        time.advance(Duration.ofMinutes(50));
                        Health stale = health(it.getBean(JwksCacheHealth.class), "default");
                        assertThat(stale.getStatus()).isEqualTo(Status.UP);
                        assertThat(stale.getDetails())
                                .containsEntry("state", "stale")
                                .containsKeys("lastFailure", "failingSince");

                        time.advance(Duration.ofMinutes(10));
                        Health expired = health(it.getBean(JwksCacheHealth.class), "default");
                        assertThat(expired.getStatus()).isEqualTo(Status.DOWN);
                        assertThat(expired.getDetails())
                                .containsEntry("state", "expired")
                                .containsEntry("timeToExpiry", "PT0S");
                        assertThat(it.getBean(HealthEndpoint.class).health().getStatus())
                                .isEqualTo(Status.DOWN);
                    });
        }
    }

    @Test
    void everyIssuerHasHealthAndMetersUnderItsName() {
        context.withPropertyValues(ISSUER, TWO).run(it -> {
            JwksCacheHealth health = it.getBean(JwksCacheHealth.class);
            assertThat(health.stream().map(entry -> entry.name())).containsExactlyInAnyOrder("default", "two");
            assertThat(health.getContributor("three")).isNull();
            assertThat(names(it.getBean(MeterRegistry.class))).containsExactly("default", "two");
        });
    }

    @Test
    void cachesOfTheApplicationHaveHealthAndTheMetersOfTheirStatus() {
        context.withUserConfiguration(OwnCaches.class).run(it -> {
            assertThat(it.getBean(JwksCacheHealth.class).stream().map(entry -> entry.name()))
                    .containsExactly("left", "right");
            assertThat(names(it.getBean(MeterRegistry.class))).containsExactly("left", "right");
            assertThat(it.getBean(MeterRegistry.class)
                            .get("jwks.cache.state")
                            .tags("cache", "left", "state", "empty")
                            .gauge()
                            .value())
                    .isEqualTo(1);
        });
    }

    /** Who asks for all of them would keep them all, and the health of an application would be that of anybody's tenant. */
    @Test
    void tenantsThatTheApplicationAllowsAreLeftAlone() {
        context.withPropertyValues(EXPOSED)
                .withUserConfiguration(OwnTenants.class)
                .run(it -> {
                    it.getBean(JwksCaches.class).forIssuer("https://tenant.example");

                    assertThat(it.getBean(JwksCacheHealth.class).stream()).isEmpty();
                    assertThat(it.getBean(JwksEndpoint.class).caches()).isEqualTo(Map.of("caches", Map.of()));
                    assertThat(names(it.getBean(MeterRegistry.class))).isEmpty();
                });
    }

    @Test
    void metersOfTheApplicationGoFirst() {
        context.withPropertyValues(ISSUER)
                .withBean(JwksCacheMetrics.class, () -> new JwksCacheMetrics("mine"))
                .run(it -> {
                    assertThat(it).doesNotHaveBean(NamedCacheMeters.class);
                    Eventually.check(() ->
                            assertThat(names(it.getBean(MeterRegistry.class))).containsExactly("mine"));
                });
    }

    @Test
    void aRegistryThatIsNotSpringBootsIsAsGood() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        context.withPropertyValues(ISSUER)
                .withBean(MeterRegistry.class, () -> registry)
                .run(it -> Eventually.check(() -> assertThat(names(registry)).containsExactly("default")));
    }

    private static JwksCacheBuilderCustomizer virtual(ScriptedProvider provider, VirtualTime time) {
        return (name, builder) -> builder.time(time.wallClock(), time.nanoTime(), time.scheduler())
                .transport(Transport.standard())
                .origin(request -> provider.exchange(Map.of())
                        .thenApply(answer -> new OriginResponse(answer.status(), answer.headers(), answer.body())));
    }

    private static Health health(CompositeHealthContributor contributor, String name) {
        return ((HealthIndicator) contributor.getContributor(name)).health();
    }

    private static Set<String> names(MeterRegistry registry) {
        return registry.getMeters().stream()
                .map(Meter::getId)
                .filter(id -> id.getName().startsWith("jwks.cache."))
                .map(id -> id.getTag("cache"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnCaches {
        @Bean
        @Primary
        JwksCache left() {
            return JwksCache.builder(URI.create("https://left.example/jwks"))
                    .origin(request -> new CompletableFuture<>())
                    .build();
        }

        @Bean
        JwksCache right() {
            return JwksCache.builder(URI.create("https://right.example/jwks"))
                    .origin(request -> new CompletableFuture<>())
                    .build();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnTenants {
        @Bean
        JwksCaches tenants() {
            return JwksCaches.builder()
                    .allow(
                            issuer -> true,
                            issuer ->
                                    JwksCache.builder(URI.create(issuer)).origin(request -> new CompletableFuture<>()))
                    .build();
        }
    }
}
