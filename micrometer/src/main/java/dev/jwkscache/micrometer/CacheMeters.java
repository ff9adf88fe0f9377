package dev.jwkscache.micrometer;

import dev.jwkscache.CacheState;
import dev.jwkscache.CacheStatus;
import dev.jwkscache.FailureReason;
import dev.jwkscache.JwksCache;
import dev.jwkscache.RefreshTrigger;
import dev.jwkscache.SkipReason;
import dev.jwkscache.spi.SnapshotRefusal;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToDoubleFunction;

/**
 * The meters of one name. They are registered and told of events by one thread at a time; any thread may read them. A
 * registry refers to this weakly.
 */
final class CacheMeters {
    /** What a lead is compared with: the default refresh interval is one of them. */
    private static final Duration[] LEADS = {
        Duration.ofMinutes(1), Duration.ofMinutes(5), Duration.ofMinutes(15), Duration.ofHours(1), Duration.ofDays(1)
    };

    private final MeterRegistry registry;
    private final Tags name;
    private final OpenCaches caches = new OpenCaches();
    private final List<Meter> meters = new ArrayList<>();
    /** Counted here and not in the registry, so that nothing is lost that happens before one is bound. */
    private final Map<Series, LongAdder> counts = new HashMap<>();

    private final Timer fetchTime;
    private final Timer keyLead;

    CacheMeters(MeterRegistry registry, String name) {
        this.registry = registry;
        this.name = Tags.of("cache", name);
        time(
                "jwks.cache.age",
                "Age of the keys at hand; of several caches the highest",
                all -> all.max(CacheStatus::age));
        time(
                "jwks.cache.time.to.expiry",
                "Time until the keys at hand are past max staleness; of several caches the lowest",
                all -> all.min(CacheStatus::timeToExpiry));
        time(
                "jwks.cache.failing",
                "For how long every fetch has failed, 0 after a success; of several caches the highest",
                all -> all.max(status -> Optional.of(status.failingFor().orElse(Duration.ZERO))));
        for (CacheState state : CacheState.values()) {
            gauge(
                    "jwks.cache.state",
                    "Caches in that state",
                    Tags.of("state", state.label()),
                    all -> all.sum(status -> status.state() == state ? 1 : 0));
        }
        gauge("jwks.cache.keys", "Usable keys at hand", Tags.empty(), all -> all.sum(CacheStatus::keyCount));
        for (SkipReason reason : SkipReason.values()) {
            gauge(
                    "jwks.cache.skipped.keys",
                    "Entries of the set at hand that are not used, by reason",
                    Tags.of("reason", reason.label()),
                    all -> all.sum(status -> status.skippedKeys().getOrDefault(reason, 0)));
        }
        for (SnapshotRefusal reason : SnapshotRefusal.values()) {
            // From the start, so that the first altered snapshot is an increase.
            refused(reason.label());
        }
        counter("jwks.cache.fetches", "Fetches that were started", Figure.FETCHES);
        counter("jwks.cache.unknown.keys", "Lookups that were answered with «unknown key»", Figure.UNKNOWN_KEYS);
        counter("jwks.cache.store.failures", "Calls of the store that failed or came back late", Figure.STORE_FAILURES);
        fetchTime = registered(Timer.builder("jwks.cache.fetch.time")
                .description("Time from sending a request to having the set")
                .tags(this.name)
                .register(registry));
        keyLead = registered(Timer.builder("jwks.cache.key.lead")
                .description("Time from when a new key was at hand to its first lookup")
                .serviceLevelObjectives(LEADS)
                .tags(this.name)
                .register(registry));
    }

    void opened(JwksCache cache) {
        caches.add(cache);
    }

    /** Whether it was the last. */
    boolean closed(JwksCache cache) {
        return caches.remove(cache);
    }

    /** Takes the meters out of all registries. */
    void remove() {
        meters.forEach(registry::remove);
        meters.forEach(Meter::close);
    }

    void refused(SnapshotRefusal reason) {
        refused(reason.label()).increment();
    }

    void failed(FailureReason reason) {
        count("jwks.cache.failures", "Refreshes that failed, by reason", Tags.of("reason", reason.label()))
                .increment();
    }

    void refreshed(String result, RefreshTrigger trigger) {
        count(
                        "jwks.cache.refreshes",
                        "How refreshes ended, by result and trigger",
                        Tags.of("result", result, "trigger", trigger.label()))
                .increment();
    }

    void fetched(Duration took) {
        fetchTime.record(took);
    }

    void firstUsed(Duration lead) {
        keyLead.record(lead);
    }

    private LongAdder refused(String reason) {
        return count(
                "jwks.cache.refused.snapshots",
                "How often what the store keeps was not used, by reason",
                Tags.of("reason", reason));
    }

    private LongAdder count(String meter, String description, Tags tags) {
        return counts.computeIfAbsent(new Series(meter, tags), first -> {
            LongAdder count = new LongAdder();
            registered(FunctionCounter.builder(meter, count, LongAdder::sum)
                    .description(description)
                    .tags(name.and(tags))
                    .register(registry));
            return count;
        });
    }

    private void time(String meter, String description, ToDoubleFunction<OpenCaches> seconds) {
        registered(TimeGauge.builder(meter, caches, TimeUnit.SECONDS, seconds)
                .description(description)
                .tags(name)
                .register(registry));
    }

    private void gauge(String meter, String description, Tags tags, ToDoubleFunction<OpenCaches> value) {
        registered(Gauge.builder(meter, caches, value)
                .description(description)
                .tags(name.and(tags))
                .register(registry));
    }

    private void counter(String meter, String description, Figure figure) {
        registered(FunctionCounter.builder(meter, caches, all -> all.total(figure))
                .description(description)
                .tags(name)
                .register(registry));
    }

    private <M extends Meter> M registered(M meter) {
        meters.add(meter);
        return meter;
    }

    private record Series(String meter, Tags tags) {}
}
