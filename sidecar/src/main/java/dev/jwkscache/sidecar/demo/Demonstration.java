package dev.jwkscache.sidecar.demo;

import dev.jwkscache.sidecar.demo.DemoProvider.KeyNews;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The demonstration itself: what its buttons do, and how things stand. Thread-safe. */
final class Demonstration {
    private final DemoProvider provider;
    private final Services services;
    private final Score score;
    private final Supplier<Moment> clock;
    /** Null while there is no flood. */
    private @Nullable Moment floodedSince;

    Demonstration(DemoProvider provider, Services services, Score score, Supplier<Moment> clock) {
        this.provider = provider;
        this.services = services;
        this.score = score;
        this.clock = clock;
    }

    /**
     * Does what a button is for.
     *
     * @return how things stand then
     * @throws PageSection.Refusal if it cannot be done now
     */
    synchronized JsonObject press(Button button) {
        switch (button) {
            case ROTATE -> provider.rotate();
            case SLOW -> provider.slow();
            case DOWN -> provider.down();
            case GARBAGE -> provider.garbage();
            case FLOOD -> {
                services.flood();
                floodedSince = clock.get();
            }
            case WITHDRAW -> provider.withdraw();
            case HEALTHY -> {
                provider.recover();
                endFlood();
            }
        }
        return state();
    }

    /** Lets things happen whose time has come; called several times a second. */
    synchronized void tick() {
        provider.tick();
        if (floodedSince != null && floodLeft(floodedSince).isZero()) {
            endFlood();
        }
    }

    private void endFlood() {
        services.endFlood();
        floodedSince = null;
    }

    private Duration floodLeft(Moment since) {
        Duration left = DemoSpans.FLOOD.minus(clock.get().atMostSince(since));
        return left.isNegative() ? Duration.ZERO : left;
    }

    /** How things stand, for the page. */
    synchronized JsonObject state() {
        return new JsonObject()
                .put(
                        "provider",
                        new JsonObject()
                                .put("conduct", provider.conduct())
                                .put("healthy", provider.isHealthy())
                                .put("fetches", provider.scripted().requestCount())
                                .put("keys", keys(provider.keys())))
                .put("floodSecondsLeft", floodedSince == null ? null : seconds(floodLeft(floodedSince)))
                .put("score", score.json());
    }

    /** What stays as it is, for the page. */
    static JsonObject setting() {
        JsonArray buttons = new JsonArray();
        for (Button button : Button.values()) {
            buttons.add(new JsonObject()
                    .put("path", button.path())
                    .put("label", button.label())
                    .put("does", button.deed())
                    .put("watch", button.watch()));
        }
        return new JsonObject()
                .put("buttons", buttons)
                .put("services", Services.COUNT)
                .put("callers", Services.COUNT * Services.CALLERS_OF_EACH)
                .put(
                        "sidecar",
                        spans(
                                DemoSpans.TIME_TO_LIVE,
                                DemoSpans.REFRESH_INTERVAL,
                                DemoSpans.MAX_STALENESS,
                                DemoSpans.MISS_COOLDOWN))
                .put(
                        "callersCaches",
                        spans(
                                DemoSpans.CALLERS_TIME_TO_LIVE,
                                DemoSpans.CALLERS_REFRESH_INTERVAL,
                                DemoSpans.CALLERS_MAX_STALENESS,
                                DemoSpans.CALLERS_MISS_COOLDOWN));
    }

    private static JsonObject spans(
            Duration timeToLive, Duration refreshInterval, Duration maxStaleness, Duration missCooldown) {
        return new JsonObject()
                .put("timeToLiveSeconds", seconds(timeToLive))
                .put("refreshIntervalSeconds", seconds(refreshInterval))
                .put("maxStalenessSeconds", seconds(maxStaleness))
                .put("missCooldownSeconds", seconds(missCooldown));
    }

    private static JsonArray keys(List<KeyNews> keys) {
        JsonArray all = new JsonArray();
        keys.forEach(key -> all.add(new JsonObject()
                .put("kid", key.kid())
                .put("algorithm", key.algorithm())
                .put("state", key.state())
                .put("words", key.words())));
        return all;
    }

    private static double seconds(Duration span) {
        return span.toMillis() / 1000.0;
    }
}
