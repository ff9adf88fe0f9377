package dev.jwkscache.sidecar.serving;

import dev.jwkscache.sidecar.configuration.Configuration.Limits;
import io.vertx.core.http.HttpConnection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Closes connections that are too many, or that take their time: for the head of a request, between requests, or to read an
 * answer. A byte now and then does not help them, as it would with an idle timeout.
 */
final class Connections {
    private final Limits limits;
    private final AtomicInteger open = new AtomicInteger();
    private final ConcurrentMap<HttpConnection, Watched> watched = new ConcurrentHashMap<>();

    Connections(Limits limits) {
        this.limits = limits;
    }

    /** One that is open. Its fields are written on its event loop and read by the sweep. */
    final class Watched {
        private final HttpConnection connection;
        /** When the time began that is running, in nanoseconds as {@link System#nanoTime()}. */
        private volatile long since = System.nanoTime();

        private volatile boolean hasAsked;
        private volatile boolean answering;

        Watched(HttpConnection connection) {
            this.connection = connection;
        }

        void asked(long now) {
            hasAsked = true;
            answering = true;
            since = now;
        }

        void answered(long now) {
            answering = false;
            since = now;
        }

        private boolean isOverdue(long now) {
            long allowed = (answering || !hasAsked ? limits.requestTime() : limits.idleTime()).toNanos();
            return now - since > allowed;
        }
    }

    /** Takes a new one in, or closes it. */
    void opened(HttpConnection connection) {
        if (open.incrementAndGet() > limits.connections()) {
            open.decrementAndGet();
            connection.close();
            return;
        }
        watched.put(connection, new Watched(connection));
        connection.closeHandler(gone -> {
            watched.remove(connection);
            open.decrementAndGet();
        });
    }

    /** What is known of one that was taken in; null for others. */
    @Nullable
    Watched of(HttpConnection connection) {
        return watched.get(connection);
    }

    /** Closes those whose time is over; to be called every second or so. */
    void sweep(long now) {
        for (Watched one : watched.values()) {
            if (one.isOverdue(now)) {
                one.connection.close();
            }
        }
    }
}
