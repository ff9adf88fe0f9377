package dev.jwkscache.micrometer;

import static dev.jwkscache.micrometer.Stage.ALG;
import static dev.jwkscache.micrometer.Stage.kid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jwkscache.JwksCache;
import dev.jwkscache.JwksCaches;
import dev.jwkscache.UnknownKeyException;
import dev.jwkscache.spi.SnapshotRefusal;
import dev.jwkscache.testkit.Behaviour;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.ref.WeakReference;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whose meters there are, since when, and for how long. */
class JwksCacheMetricsTest {
    private final Stage stage = new Stage();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @AfterEach
    void close() {
        stage.close();
    }

    @Test
    void withoutANameMetersAreNamedAfterTheAddressWithoutItsQuery() {
        URI address = URI.create(stage.provider.jwksUri() + "?tenant=secret");
        JwksCacheMetrics metrics = bound();
        try (JwksCache cache = stage.settings(address, metrics).build()) {
            cache.start();

            assertThat(names(registry)).containsExactly(stage.provider.jwksUri().toString());
            assertThat(registry.getMeters())
                    .noneMatch(meter -> meter.getId().toString().contains("secret"));
        }
    }

    @Test
    void aBlankNameIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new JwksCacheMetrics(" "))
                .withMessageContaining("blank");
    }

    @Test
    void countersHaveWhatHappenedBeforeTheyWereBound() {
        JwksCacheMetrics metrics = new JwksCacheMetrics("idp");
        try (JwksCache cache = stage.cache(metrics)) {
            cache.start();
            assertThatThrownBy(() -> cache.key("forged", ALG)).isInstanceOf(UnknownKeyException.class);

            metrics.bindTo(registry);

            assertThat(count(registry, "refreshes", "trigger", "start")).isEqualTo(1);
            assertThat(count(registry, "fetches"))
                    .isEqualTo((double) cache.status().fetches());
            assertThat(count(registry, "unknown.keys")).isEqualTo(1);
            assertThat(registry.get("jwks.cache.keys").gauge().value()).isEqualTo(1);
        }
    }

    @Test
    void everyRegistryThatIsBoundHasAllOfThemAndASecondBindingOfOneChangesNothing() {
        SimpleMeterRegistry other = new SimpleMeterRegistry();
        JwksCacheMetrics metrics = bound();
        try (JwksCache cache = stage.cache(metrics)) {
            metrics.bindTo(other);
            metrics.bindTo(other);
            cache.start();

            for (MeterRegistry each : Set.of(registry, other)) {
                assertThat(count(each, "refreshes", "trigger", "start")).isEqualTo(1);
                assertThat(each.get("jwks.cache.fetch.time").timer().count()).isEqualTo(1);
            }
            assertThat(other.getMeters()).hasSameSizeAs(registry.getMeters());
        }
        assertThat(other.getMeters()).isEmpty();
    }

    @Test
    void cachesOfOneNameShareTheirMetersAndTheWorstOfThemIsTold() {
        JwksCacheMetrics metrics = new JwksCacheMetrics("all");
        metrics.bindTo(registry);
        JwksCache first =
                stage.settings(URI.create("https://one.example/jwks"), metrics).build();
        first.start();
        stage.time.advance(Duration.ofSeconds(100));
        JwksCache second =
                stage.settings(URI.create("https://two.example/jwks"), metrics).build();
        second.start();
        JwksCache third = stage.settings(URI.create("https://three.example/jwks"), metrics)
                .build();

        assertThat(names(registry)).containsExactly("all");
        assertThat(state("fresh")).isEqualTo(2);
        assertThat(state("empty")).isEqualTo(1);
        assertThat(registry.get("jwks.cache.age").gauge().value()).isEqualTo(100);
        assertThat(registry.get("jwks.cache.time.to.expiry").gauge().value()).isEqualTo(3500);
        assertThat(registry.get("jwks.cache.keys").gauge().value()).isEqualTo(2);
        assertThat(count(registry, "fetches")).isEqualTo(2);

        first.close();

        assertThat(registry.get("jwks.cache.age").gauge().value()).isZero();
        assertThat(state("fresh")).isEqualTo(1);
        assertThat(count(registry, "fetches")).as("a counter never falls").isEqualTo(2);

        second.close();
        assertThat(registry.getMeters()).isNotEmpty();
        third.close();
        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void whatIsToldOfACacheAfterItWasClosedBringsNoMeterBack() {
        JwksCacheMetrics metrics = bound();
        JwksCache cache = stage.cache(metrics);
        stage.provider.behave(Behaviour.healthy().slow(Duration.ofSeconds(1)));
        cache.startAsync();

        cache.close();
        metrics.purged(cache.status().address());
        metrics.snapshotRefused(cache.status().address(), SnapshotRefusal.ALTERED, "it came too late");
        stage.time.advance(Duration.ofMinutes(10));

        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void issuersThatAreNamedHaveMetersOfTheirOwnUntilTheyAreRemoved() {
        JwksCacheMetrics metrics = bound();
        try (JwksCaches caches = JwksCaches.builder()
                .issuer("https://one.example", stage.settings(URI.create("https://one.example/jwks"), metrics))
                .build()) {
            caches.start();
            caches.add("https://two.example", stage.settings(URI.create("https://two.example/jwks"), metrics));

            assertThat(names(registry))
                    .containsExactlyInAnyOrder("https://one.example/jwks", "https://two.example/jwks");
            caches.remove("https://one.example");
            assertThat(names(registry)).containsExactly("https://two.example/jwks");
        }
        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void tenantsThatComeAndGoShareOneNameAndLeaveNothingBehind() {
        JwksCacheMetrics metrics = new JwksCacheMetrics("tenants");
        metrics.bindTo(registry);
        try (JwksCaches caches = JwksCaches.builder()
                .allow(issuer -> true, issuer -> stage.settings(URI.create(issuer), metrics))
                .build()) {
            caches.forIssuer("https://0.example").key(kid(stage.provider.current(ALG)), ALG);
            int meters = registry.getMeters().size();
            for (int i = 1; i <= 300; i++) {
                String issuer = "https://" + i + ".example";
                caches.forIssuer(issuer).key(kid(stage.provider.current(ALG)), ALG);
                caches.remove(issuer);
            }

            assertThat(registry.getMeters()).hasSize(meters);
            assertThat(state("fresh")).isEqualTo(1);
            assertThat(count(registry, "fetches")).isEqualTo(301);
        }
        assertThat(registry.getMeters()).isEmpty();
    }

    /** Who forgets to close a cache must not keep it through its meters, nor the meters through their registry. */
    @Test
    void neitherMetersNorRegistryKeepACacheAlive() throws InterruptedException {
        JwksCacheMetrics metrics = bound();
        WeakReference<JwksCache> lost = new WeakReference<>(stage.cache(metrics));

        awaitCleared(lost);

        assertThat(lost.get()).isNull();
        assertThat(state("empty")).isZero();
        assertThat(registry.get("jwks.cache.age").gauge().value()).isNaN();
    }

    private static void awaitCleared(WeakReference<?> reference) throws InterruptedException {
        for (int i = 0; i < 200 && reference.get() != null; i++) {
            System.gc();
            Thread.sleep(10);
        }
    }

    private JwksCacheMetrics bound() {
        JwksCacheMetrics metrics = new JwksCacheMetrics();
        metrics.bindTo(registry);
        return metrics;
    }

    private double state(String state) {
        return registry.get("jwks.cache.state").tag("state", state).gauge().value();
    }

    private static double count(MeterRegistry registry, String name, String... tags) {
        return registry.get("jwks.cache." + name).tags(tags).functionCounter().count();
    }

    private static Set<String> names(MeterRegistry registry) {
        return registry.getMeters().stream()
                .map(Meter::getId)
                .map(id -> id.getTag("cache"))
                .collect(Collectors.toSet());
    }
}
