package dev.jwkscache.sidecar.management;

import dev.jwkscache.sidecar.configuration.Configuration.Limits;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpServerConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * The open connections, and until when each of them must have got on: its first request within the time for a request, the
 * rest of a request within that too, its answer read and another request sent within the idle time. While an answer is made,
 * and while a stream runs, there is no bound. Used by the event loop alone.
 */
final class Connections {
    private static final long NEVER = Long.MAX_VALUE;

    private final Limits limits;
    private final long start = System.nanoTime();
    /** By when, in nanoseconds since {@link #start}. */
    private final IdentityHashMap<HttpConnection, Long> deadlines = new IdentityHashMap<>();

    Connections(Limits limits) {
        this.limits = limits;
    }

    /** How often to {@linkplain #sweep look}, in milliseconds. */
    long sweepMillis() {
        long shortest =
                Math.min(limits.requestTime().toMillis(), limits.idleTime().toMillis());
        return Math.max(10, Math.min(1000, shortest / 4));
    }

    /** One has come; it is closed at once if there are too many. */
    void opened(HttpConnection connection) {
        if (deadlines.size() >= limits.connections()) {
            connection.close();
            return;
        }
        within(connection, limits.requestTime());
        connection.closeHandler(closed -> deadlines.remove(connection));
    }

    /** The head of a request has come over one. */
    void asked(HttpServerRequest request) {
        HttpConnection connection = request.connection();
        within(connection, limits.requestTime());
        request.response().bodyEndHandler(answered -> within(connection, limits.idleTime()));
    }

    /** All of the request has come. */
    void received(HttpServerRequest request) {
        deadlines.replace(request.connection(), NEVER);
    }

    private void within(HttpConnection connection, Duration time) {
        deadlines.put(connection, now() + time.toNanos());
    }

    /** Closes those that did not get on. */
    void sweep() {
        long now = now();
        List<HttpConnection> late = new ArrayList<>();
        deadlines.forEach((connection, deadline) -> {
            if (now >= deadline) {
                late.add(connection);
            }
        });
        late.forEach(Connections::cut);
    }

    /**
     * Closes one at once. Its own {@code close} waits until the client has taken what is on its way, which one that does not
     * read never does.
     */
    static void cut(HttpConnection connection) {
        if (connection instanceof HttpServerConnection open) {
            open.channelHandlerContext().close();
        } else {
            connection.close();
        }
    }

    private long now() {
        return System.nanoTime() - start;
    }
}
