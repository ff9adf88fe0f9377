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
 * One client that is told what happens. One event at a time is on its way to it; meanwhile nothing is put aside for it but the
 * names of the providers that it is owed, and it gets how they are when it has read that one. Used by the event loop alone.
 */
final class EventStream {
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final Function<String, Buffer> render;
    private final Set<String> owed = new LinkedHashSet<>();
    private boolean writing;
    private long writingSince;

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
                .setChunked(true);
        write(first);
    }

    /**
     * Something happened to these providers.
     *
     * @param rendered the same as {@link #render}, perhaps faster
     */
    void tell(Collection<String> names, Function<String, Buffer> rendered) {
        owed.addAll(names);
        next(rendered);
    }

    private void next(Function<String, Buffer> rendered) {
        Iterator<String> names = owed.iterator();
        if (!writing && names.hasNext()) {
            String name = names.next();
            names.remove();
            write(rendered.apply(name));
        }
    }

    /** Shows the client, and whatever is between, that somebody is here. */
    void beat(Buffer comment) {
        if (!writing) {
            write(comment);
        }
    }

    /** The response's own measure of «full» counts pieces and not bytes; that the kernel has taken a piece is certain. */
    private void write(Buffer piece) {
        writing = true;
        writingSince = System.nanoTime();
        response.write(piece).onSuccess(taken -> {
            writing = false;
            next(render);
        });
    }

    /** Whether the client has not taken what is on its way for that long, in nanoseconds. */
    boolean stuckFor(long nanos) {
        return writing && System.nanoTime() - writingSince >= nanos;
    }

    /** Breaks it off: what is still to be read is lost. */
    void drop() {
        Connections.cut(request.connection());
    }

    void end() {
        response.end();
    }
}
