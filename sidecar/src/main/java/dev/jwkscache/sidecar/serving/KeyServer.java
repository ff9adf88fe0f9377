package dev.jwkscache.sidecar.serving;

import dev.jwkscache.sidecar.configuration.Configuration;
import dev.jwkscache.sidecar.configuration.Configuration.Limits;
import dev.jwkscache.sidecar.providers.Provider;
import dev.jwkscache.sidecar.providers.Providers;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The server that clients ask for keys: one that listens on each of a few event loops. */
public final class KeyServer {
    private static final long SWEEP_MILLIS = 500;

    private final Vertx vertx;
    private final Configuration configuration;
    private final KeyHandler handler;
    private final Connections connections;
    private final List<HttpServer> servers = new CopyOnWriteArrayList<>();
    private final Providers.Watch watch;
    private final long sweeping;

    /**
     * Makes a server that does not listen yet.
     *
     * @param counter is told of each answer
     */
    public KeyServer(Vertx vertx, Configuration configuration, Providers providers, RequestCounter counter) {
        this.vertx = vertx;
        this.configuration = configuration;
        handler = new KeyHandler(
                vertx,
                providers,
                new Reply(configuration.corsOrigins()),
                configuration.rereadWait(),
                configuration.baseAddress(),
                counter);
        connections = new Connections(configuration.limits());
        watch = providers.watch(new Providers.Watcher() {
            @Override
            public void changed(Provider provider) {}

            @Override
            public void removed(String name) {
                handler.removed(name);
            }
        });
        sweeping = vertx.setPeriodic(SWEEP_MILLIS, tick -> connections.sweep(System.nanoTime()));
    }

    /**
     * Listens.
     *
     * @param loops on so many event loops
     * @return completes with the port
     */
    public Future<Integer> listen(int loops) {
        HttpServer first = server();
        Future<Integer> port = first.listen(
                        configuration.keys().port(), configuration.keys().host())
                .map(HttpServer::actualPort);
        for (int i = 1; i < loops; i++) {
            // Each has an event loop of its own; Vert.x spreads connections over servers of one address.
            port = port.compose(known -> listening(known));
        }
        return port;
    }

    private Future<Integer> listening(int port) {
        return server().listen(port, configuration.keys().host()).map(port);
    }

    private HttpServer server() {
        HttpServer server = vertx.createHttpServer(options(configuration.limits()))
                .connectionHandler(connections::opened)
                .requestHandler(this::handle)
                .invalidRequestHandler(this::invalid);
        servers.add(server);
        return server;
    }

    private static HttpServerOptions options(Limits limits) {
        return new HttpServerOptions()
                .setMaxInitialLineLength(limits.headerBytes())
                .setMaxHeaderSize(limits.headerBytes())
                .setHttp2ClearTextEnabled(false)
                .setTcpNoDelay(true);
    }

    private void handle(HttpServerRequest request) {
        Connections.Watched watched = connections.of(request.connection());
        if (watched == null || request.response().writeQueueFull()) {
            // One too many, or somebody who asks and does not read.
            request.connection().close();
            return;
        }
        watched.asked(System.nanoTime());
        request.response().endHandler(ended -> watched.answered(System.nanoTime()));
        handler.handle(request);
    }

    private void invalid(HttpServerRequest request) {
        request.response().setStatusCode(400).putHeader("Connection", "close").end();
        request.connection().close();
    }

    /**
     * Stops: nobody is let in any more, who waits for an answer gets it within this time.
     *
     * @return completes when all connections are closed
     */
    public Future<Void> close(Duration drain) {
        vertx.cancelTimer(sweeping);
        watch.close();
        List<Future<Void>> ends = new ArrayList<>();
        servers.forEach(server -> ends.add(server.shutdown(drain)));
        return Future.join(ends).mapEmpty();
    }
}
