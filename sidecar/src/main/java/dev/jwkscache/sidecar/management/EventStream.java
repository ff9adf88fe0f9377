package dev.jwkscache.sidecar.management;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Function;

/**
 * One client that is told what happens. While it does not read, nothing is put aside for it but the names of the providers
 * that it is owed; it gets how they are when it reads again. Used by the event loop alone.
 */
final class EventStream {
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final Function<String, Buffer> render;
    private final Set<String> owed = new LinkedHashSet<>();
    private boolean full;
    private long fullSince;

    /**
     * Begins a stream.
     *
     * @param render makes the event that tells how the provider of a name is now
     */
    EventStream(HttpServerRequest request, Function<String, Buffer> render) {
        this.request = request;
        this.response = request.response();
        this.render = render;
    }

    /** The head, and what comes first. */
    void open(Buffer first) {
        Reply.begin(response);
        response.putHeader("Content-Type", "text/event-stream")
                // Without it a proxy on the way may put events aside until there are many.
                .putHeader("X-Accel-Buffering", "no")
                .setChunked(true)
                .drainHandler(drained -> {
                    full = false;
                    send(render);
                });
        response.write(first);
    }

    /**
     * Something happened to these providers.
     *
     * @param rendered the same as {@link #render}, perhaps faster
     */
    void tell(Collection<String> names, Function<String, Buffer> rendered) {
        owed.addAll(names);
        send(rendered);
    }

    private void send(Function<String, Buffer> rendered) {
        Iterator<String> names = owed.iterator();
        while (names.hasNext() && !isFull()) {
            response.write(rendered.apply(names.next()));
            names.remove();
        }
    }

    /** Shows the client, and whatever is between, that somebody is here. */
    void beat(Buffer comment) {
        if (!isFull()) {
            response.write(comment);
        }
    }

    /** Whether the client has not read for that long, in nanoseconds. */
    boolean stuckFor(long nanos) {
        return isFull() && System.nanoTime() - fullSince >= nanos;
    }

    private boolean isFull() {
        boolean now = response.writeQueueFull();
        if (now && !full) {
            fullSince = System.nanoTime();
        }
        full = now;
        return now;
    }

    /** Breaks it off: what is still to be read is lost. */
    void drop() {
        request.connection().close();
    }

    void end() {
        response.end();
    }
}
