package dev.jwkscache.micrometer;

import static dev.jwkscache.micrometer.Stage.ALG;
import static dev.jwkscache.micrometer.Stage.kid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jwkscache.JwksCache;
import dev.jwkscache.KeysExpiredException;
import dev.jwkscache.UnknownKeyException;
import dev.jwkscache.testkit.Behaviour;
import dev.jwkscache.testkit.SigningKey;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.search.RequiredSearch;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What the meters tell from the first set to the end: rotation, outage, expiry, recovery. */
class LifeTest {
    private final Stage stage = new Stage();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @Test
    void theMetersTellTheWholeLifeOfACache() {
        JwksCacheMetrics metrics = new JwksCacheMetrics("idp");
        metrics.bindTo(registry);
        JwksCache cache = stage.cache(metrics);

        assertState("empty");
        assertThat(gauge("age")).isNaN();
        assertThat(gauge("time.to.expiry")).isNaN();
        assertThat(gauge("keys")).isZero();
        assertThat(gauge("failing")).isZero();
        assertThat(count("fetches")).isZero();

        stage.provider.behaveOnce(Behaviour.healthy().slow(Duration.ofMillis(250)));
        cache.startAsync();
        stage.time.advance(Duration.ofMillis(250));

        assertState("fresh");
        assertThat(gauge("age")).isEqualTo(0.25);
        assertThat(gauge("time.to.expiry")).isEqualTo(3599.75);
        assertThat(gauge("keys")).isEqualTo(1);
        assertThat(count("refreshes", "result", "success", "trigger", "recovery"))
                .isEqualTo(1);
        assertThat(timer("fetch.time").count()).isEqualTo(1);
        assertThat(timer("fetch.time").totalTime(TimeUnit.MILLISECONDS)).isEqualTo(250);

        SigningKey next = stage.provider.addKey(ALG);
        stage.advanceToNextAttempt(cache);
        stage.time.advance(Duration.ofSeconds(60));
        cache.key(kid(next), ALG);

        assertThat(gauge("keys")).isEqualTo(2);
        assertThat(gauge("age")).isEqualTo(60);
        assertThat(count("refreshes", "result", "success", "trigger", "schedule"))
                .isEqualTo(1);
        assertThat(timer("key.lead").count()).isEqualTo(1);
        assertThat(timer("key.lead").totalTime(TimeUnit.SECONDS)).isEqualTo(60);

        cache.key(kid(stage.provider.rotate(ALG)), ALG);
        Instant lastSuccess = stage.now();
        assertThatThrownBy(() -> cache.key("forged", ALG)).isInstanceOf(UnknownKeyException.class);

        assertThat(gauge("age")).isZero();
        assertThat(count("refreshes", "result", "success", "trigger", "miss")).isEqualTo(1);
        assertThat(timer("key.lead").count()).isEqualTo(2);
        assertThat(timer("key.lead").totalTime(TimeUnit.SECONDS)).isEqualTo(60);
        assertThat(count("unknown.keys")).isEqualTo(1);
        assertThat(count("fetches")).isEqualTo(3);

        stage.provider.behave(Behaviour.status(503));
        stage.advanceToNextAttempt(cache);
        Instant firstFailure = stage.now();

        assertState("fresh");
        assertThat(gauge("failing")).isZero();
        assertThat(count("refreshes", "result", "failure", "trigger", "schedule"))
                .isEqualTo(1);
        assertThat(count("failures", "reason", "status")).isEqualTo(1);

        advanceTo(lastSuccess.plusSeconds(1200));

        assertState("stale");
        assertThat(gauge("age")).isEqualTo(1200);
        assertThat(gauge("time.to.expiry")).isEqualTo(2400);
        assertThat(gauge("failing")).isEqualTo(seconds(firstFailure, stage.now()));
        assertThat(gauge("keys")).isEqualTo(cache.get().size());
        assertThat(count("failures", "reason", "status"))
                .isEqualTo((double) cache.status().failedRefreshes())
                .isGreaterThan(1);

        advanceTo(lastSuccess.plusSeconds(3601));
        assertThatThrownBy(cache::get).isInstanceOf(KeysExpiredException.class);

        assertState("expired");
        assertThat(gauge("age")).isEqualTo(3601);
        assertThat(gauge("time.to.expiry")).isZero();
        assertThat(timer("fetch.time").count()).isEqualTo(3);

        stage.provider.behave(Behaviour.oneBadKey());
        stage.advanceToNextAttempt(cache);

        assertState("fresh");
        assertThat(gauge("age")).isZero();
        assertThat(gauge("failing")).isZero();
        assertThat(gauge("keys")).isEqualTo(cache.status().keyCount());
        assertThat(registry.get("jwks.cache.skipped.keys").gauges().stream()
                        .mapToDouble(gauge -> gauge.value())
                        .sum())
                .isEqualTo(1);
        assertThat(count("fetches")).isEqualTo((double) cache.status().fetches());

        stage.provider.behave(Behaviour.status(503));
        cache.purge();

        assertState("empty");
        assertThat(gauge("age")).isNaN();
        assertThat(gauge("keys")).isZero();

        cache.close();

        assertThat(registry.getMeters()).isEmpty();
        stage.close();
    }

    private void advanceTo(Instant moment) {
        stage.time.advance(Duration.between(stage.now(), moment));
    }

    private void assertState(String state) {
        for (String any : new String[] {"empty", "fresh", "stale", "expired"}) {
            assertThat(find("state", "state", any).gauge().value()).as(any).isEqualTo(any.equals(state) ? 1 : 0);
        }
    }

    private double gauge(String name) {
        return find(name).gauge().value();
    }

    private double count(String name, String... tags) {
        FunctionCounter counter = find(name, tags).functionCounter();
        return counter.count();
    }

    private Timer timer(String name) {
        return find(name).timer();
    }

    private RequiredSearch find(String name, String... tags) {
        return registry.get("jwks.cache." + name).tag("cache", "idp").tags(tags);
    }

    private static double seconds(Instant from, Instant to) {
        return Duration.between(from, to).toMillis() / 1000.0;
    }
}
