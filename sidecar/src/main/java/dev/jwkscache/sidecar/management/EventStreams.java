package dev.jwkscache.sidecar.management;

import dev.jwkscache.sidecar.providers.Provider;
import dev.jwkscache.sidecar.providers.Providers;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Tells what happens as server-sent events (WHATWG HTML §9.2). Bounded in every direction: streams, what waits for a client,
 * and how often a provider is told of. The watcher's methods may be called by any thread, the others by the event loop.
 */
final class EventStreams implements Providers.Watcher {
    private static final Buffer COMMENT = Buffer.buffer(":\n\n");

    private final Vertx vertx;
    private final Context context;
    private final Providers providers;
    private final Supplier<JsonObject> status;
    private final Pace pace;
    private final Set<EventStream> streams = new LinkedHashSet<>();
    /** Of whom there is something to tell; guarded by itself. */
    private final Set<String> news = new LinkedHashSet<>();

    /**
     * How often something is told.
     *
     * @param beat between comments; who has not read for that long is dropped
     * @param gather for how long changes are put together before they are told
     * @param most streams at a time
     */
    record Pace(Duration beat, Duration gather, int most) {
        static final Pace USUAL = new Pace(Duration.ofSeconds(15), Duration.ofMillis(200), 64);
    }

    /** To be made by the event loop. */
    EventStreams(Vertx vertx, Context context, Providers providers, Supplier<JsonObject> status, Pace pace) {
        this.vertx = vertx;
        this.context = context;
        this.providers = providers;
        this.status = status;
        this.pace = pace;
        vertx.setPeriodic(pace.beat().toMillis(), timer -> beat());
    }

    /** Answers with a stream that ends when the client goes, or the server. */
    void open(HttpServerRequest request) {
        if (request.method().equals(HttpMethod.HEAD)) {
            new Reply(200, "text/event-stream", Buffer.buffer(), Map.of()).send(request);
            return;
        }
        if (streams.size() >= pace.most()) {
            Reply.error(
                            503,
                            "there are " + pace.most() + " event streams already; close one",
                            Map.of(
                                    "Retry-After",
                                    String.valueOf(Math.max(1, pace.beat().toSeconds()))))
                    .send(request);
            return;
        }
        EventStream stream = new EventStream(request, this::told);
        streams.add(stream);
        request.response().closeHandler(gone -> streams.remove(stream));
        stream.open(event("status", status.get()));
    }

    @Override
    public void changed(Provider provider) {
        note(provider.name());
    }

    @Override
    public void removed(String name) {
        note(name);
    }

    private void note(String name) {
        boolean first;
        synchronized (news) {
            first = news.isEmpty();
            news.add(name);
        }
        if (first) {
            context.runOnContext(here -> vertx.setTimer(pace.gather().toMillis(), timer -> tell()));
        }
    }

    private void tell() {
        List<String> names;
        synchronized (news) {
            names = List.copyOf(news);
            news.clear();
        }
        Map<String, Buffer> rendered = new HashMap<>();
        List.copyOf(streams).forEach(stream -> stream.tell(names, name -> rendered.computeIfAbsent(name, this::told)));
    }

    /** How the provider of that name is now: perhaps it is no more. */
    private Buffer told(String name) {
        Provider provider = providers.named(name);
        return provider == null
                ? event("removed", new JsonObject().put("name", name))
                : event("provider", StatusJson.of(provider));
    }

    private static Buffer event(String name, JsonObject data) {
        // Compact JSON has no line breaks, so that it is one line of data.
        return Buffer.buffer("event: " + name + "\ndata: " + data.encode() + "\n\n");
    }

    private void beat() {
        for (EventStream stream : List.copyOf(streams)) {
            if (stream.stuckFor(pace.beat().toNanos())) {
                streams.remove(stream);
                stream.drop();
            } else {
                stream.beat(COMMENT);
            }
        }
    }

    /** Ends all streams; new ones may come. */
    void endAll() {
        List<EventStream> open = List.copyOf(streams);
        streams.clear();
        open.forEach(EventStream::end);
    }
}
