package dev.jwkscache.sidecar.management;

import dev.jwkscache.sidecar.configuration.Configuration.Limits;
import dev.jwkscache.sidecar.providers.Providers;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.SocketAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens, and takes requests to what answers them, all in one event loop. */
final class Listener extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(ManagementServer.class);
    private static final String UNFORESEEN = "this ended unforeseen; the log of the sidecar says more";
    private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";
    /** Nothing here reads a body; a small one is let by. */
    private static final int MOST_BODY_BYTES = 1024;
    /** No path here is that long. */
    private static final int MOST_LINE_BYTES = 2048;
    /** So much the kernel puts aside for a client that does not read. */
    private static final int SEND_BUFFER_BYTES = 128 * 1024;

    private static final Duration LAST_REQUESTS = Duration.ofSeconds(1);

    private final InetSocketAddress address;
    private final Limits limits;
    private final Guard guard;
    private final Providers providers;
    private final Meters meters;
    private final Situation situation;
    private final EventStreams.Pace pace;
    private final Map<String, Route> added = new ConcurrentHashMap<>();

    @SuppressWarnings("NullAway.Init") // Set by start, before there are requests.
    private Connections connections;

    @SuppressWarnings("NullAway.Init") // Likewise, and by stop only after start.
    private EventStreams streams;

    @SuppressWarnings("NullAway.Init")
    private Routes routes;

    @SuppressWarnings("NullAway.Init")
    private Providers.Watch watch;

    @SuppressWarnings("NullAway.Init")
    private HttpServer server;

    Listener(
            InetSocketAddress address,
            Limits limits,
            Guard guard,
            Providers providers,
            Meters meters,
            Situation situation,
            EventStreams.Pace pace) {
        this.address = address;
        this.limits = limits;
        this.guard = guard;
        this.providers = providers;
        this.meters = meters;
        this.situation = situation;
        this.pace = pace;
    }

    @Override
    public Future<?> start() {
        connections = new Connections(limits);
        streams = new EventStreams(vertx, context, providers, situation::json, pace);
        routes = routes();
        watch = providers.watch(streams);
        vertx.setPeriodic(connections.sweepMillis(), timer -> connections.sweep());
        server = vertx.createHttpServer(options())
                .connectionHandler(connections::opened)
                .invalidRequestHandler(Listener::malformed)
                .requestHandler(this::receive);
        return server.listen(SocketAddress.inetSocketAddress(address)).onFailure(taken -> watch.close());
    }

    @Override
    public Future<?> stop() {
        watch.close();
        streams.endAll();
        return server.shutdown(LAST_REQUESTS);
    }

    void add(PageSection section) {
        added.putAll(PageFiles.routes(section.files()));
        section.reads()
                .forEach((path, json) -> added.put(
                        path, Route.read(request -> Reply.json(200, json.get()).send(request))));
        section.actions().forEach((path, deed) -> added.put(path, Route.action(request -> act(deed, request))));
    }

    private void act(Supplier<JsonObject> deed, HttpServerRequest request) {
        vertx.executeBlocking(deed::get)
                .map(done -> Reply.json(200, done))
                .otherwise(thrown -> {
                    if (thrown instanceof PageSection.Refusal refusal) {
                        return Reply.error(409, String.valueOf(refusal.getMessage()));
                    }
                    LOG.error("an action of the page ended unforeseen", thrown);
                    return Reply.error(500, UNFORESEEN);
                })
                .onSuccess(reply -> reply.send(request));
    }

    int port() {
        return server.actualPort();
    }

    /** May be called by any thread, once it listens. */
    void endStreams() {
        context.runOnContext(here -> streams.endAll());
    }

    private HttpServerOptions options() {
        int line = Math.min(MOST_LINE_BYTES, limits.headerBytes() / 2);
        return new HttpServerOptions()
                .setHttp2ClearTextEnabled(false)
                .setMaxInitialLineLength(line)
                .setMaxHeaderSize(limits.headerBytes() - line)
                .setHandle100ContinueAutomatically(true)
                .setSendBufferSize(SEND_BUFFER_BYTES);
    }

    private Routes routes() {
        Actions actions = new Actions(context, providers);
        Map<String, Route> fixed = new HashMap<>(PageFiles.routes(PageFiles.table()));
        fixed.put("/health/live", Route.open(request -> Situation.live().send(request)));
        fixed.put("/health/ready", Route.open(request -> situation.ready().send(request)));
        fixed.put("/metrics", Route.read(this::metrics));
        fixed.put(
                "/api/status",
                Route.read(request -> Reply.json(200, situation.json()).send(request)));
        fixed.put("/api/events", Route.read(streams::open));
        return new Routes(fixed, Map.of("refresh", actions::refresh, "purge", actions::purge), providers);
    }

    private void metrics(HttpServerRequest request) {
        new Reply(200, METRICS_TYPE, Buffer.buffer(meters.scrape()), Map.of()).send(request);
    }

    /** Lets the body by, and then answers. */
    private void receive(HttpServerRequest request) {
        connections.asked(request);
        int[] bytes = {0};
        request.handler(part -> {
            bytes[0] += part.length();
            if (bytes[0] > MOST_BODY_BYTES) {
                close(
                        Reply.error(
                                413, "a request here has no body; at most " + MOST_BODY_BYTES + " bytes are let by"),
                        request);
            }
        });
        request.end().onSuccess(received -> {
            connections.received(request);
            answer(request);
        });
    }

    private void answer(HttpServerRequest request) {
        try {
            String path = path(request.uri());
            Route found = routes.at(path);
            Route route = found == null ? added.get(path) : found;
            Reply refusal = guard.refusal(request, route);
            if (refusal != null) {
                refusal.send(request);
            } else if (route != null) {
                route.handler().handle(request);
            }
        } catch (RuntimeException unforeseen) {
            LOG.error("a request to the management server ended unforeseen", unforeseen);
            close(Reply.error(500, UNFORESEEN), request);
        }
    }

    private static String path(String uri) {
        int query = uri.indexOf('?');
        return query < 0 ? uri : uri.substring(0, query);
    }

    private static void malformed(HttpServerRequest request) {
        Throwable cause = request.decoderResult().cause();
        Reply reply = cause instanceof TooLongHttpLineException
                ? Reply.error(414, "the first line of the request is too long")
                : cause instanceof TooLongHttpHeaderException
                        ? Reply.error(431, "the head of the request is too long")
                        : Reply.error(400, "the request is not HTTP/1.1");
        close(reply, request);
    }

    /** What else comes over this connection cannot be told from the rest of this request. */
    private static void close(Reply reply, HttpServerRequest request) {
        request.response().putHeader("Connection", "close");
        reply.send(request);
        request.connection().close();
    }
}
