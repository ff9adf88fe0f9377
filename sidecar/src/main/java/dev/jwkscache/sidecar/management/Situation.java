package dev.jwkscache.sidecar.management;

import dev.jwkscache.sidecar.providers.Providers;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** How the whole sidecar is at this moment. Thread-safe. */
final class Situation {
    private final Providers providers;
    private final Readiness readiness;
    /** When the process began, so that nothing in it is older. */
    private final Instant startedAt =
            Instant.ofEpochMilli(ManagementFactory.getRuntimeMXBean().getStartTime());

    private final List<String> sections = new CopyOnWriteArrayList<>();
    private volatile Duration margin;

    /**
     * Looks at these.
     *
     * @param margin readiness ends when the keys of a provider expire within this time
     */
    Situation(Providers providers, Readiness readiness, Duration margin) {
        this.providers = providers;
        this.readiness = readiness;
        this.margin = margin;
    }

    /** The page has one more section. */
    void add(String module) {
        sections.add(module);
    }

    void margin(Duration next) {
        margin = next;
    }

    /** Why it is not ready; empty while it is. */
    List<String> notReady() {
        return readiness.reasons(providers, margin);
    }

    boolean isReady() {
        return notReady().isEmpty();
    }

    /** The whole status, with all providers. */
    JsonObject json() {
        List<String> reasons = notReady();
        JsonArray all = new JsonArray();
        providers.all().forEach(provider -> all.add(StatusJson.of(provider)));
        JsonObject whole = new JsonObject()
                .put("version", Version.TEXT)
                .put("startedAt", StatusJson.time(startedAt))
                .put("now", StatusJson.time(Instant.now()))
                .put("ready", reasons.isEmpty())
                .put("notReady", new JsonArray(reasons))
                .put("providers", all);
        return sections.isEmpty() ? whole : whole.put("sections", new JsonArray(List.copyOf(sections)));
    }

    /** What a probe of liveness is told while the event loop answers. */
    static Reply live() {
        return Reply.json(200, new JsonObject().put("status", "live"));
    }

    /** What a probe of readiness is told. */
    Reply ready() {
        List<String> reasons = notReady();
        return reasons.isEmpty()
                ? Reply.json(200, new JsonObject().put("status", "ready"))
                : Reply.json(503, new JsonObject().put("status", "not ready").put("reasons", new JsonArray(reasons)));
    }
}
