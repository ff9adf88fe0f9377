package dev.jwkscache.sidecar.management;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A client of the event stream. */
final class EventReader implements AutoCloseable {
    private static final Event END = new Event("(end)", new JsonObject());

    private static final Event BROKEN = new Event("(broken)", new JsonObject());

    final HttpResponse<InputStream> response;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();

    /** An event; a comment has the name «:». */
    record Event(String name, JsonObject data) {}

    EventReader(Running running, String... fields) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(running.address("/api/events"));
        if (fields.length > 0) {
            request.headers(fields);
        }
        response = running.client.send(request.build(), BodyHandlers.ofInputStream());
        if (response.statusCode() != 200) {
            return;
        }
        Thread reader = new Thread(this::read, "event-reader");
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            String name = "";
            JsonObject data = new JsonObject();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(":")) {
                    name = ":";
                } else if (line.startsWith("event: ")) {
                    name = line.substring("event: ".length());
                } else if (line.startsWith("data: ")) {
                    data = new JsonObject(line.substring("data: ".length()));
                } else if (line.isEmpty()) {
                    events.add(new Event(name, data));
                } else {
                    throw new IllegalStateException("no line of an event stream: " + line);
                }
            }
            events.add(END);
        } catch (IOException broken) {
            events.add(BROKEN);
        }
    }

    Event next() throws InterruptedException {
        Event event = events.poll(Running.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        if (event == null) {
            throw new AssertionError("no event came");
        }
        return event;
    }

    /** The first event that is like that; those before it are dropped. */
    Event next(Predicate<Event> wanted) throws InterruptedException {
        long end = System.nanoTime() + Running.PATIENCE.toNanos();
        Event event = next();
        while (!wanted.test(event)) {
            // Comments go on coming.
            if (isLast(event) || System.nanoTime() - end > 0) {
                throw new AssertionError("the stream or the patience ended before the event came");
            }
            event = next();
        }
        return event;
    }

    /** Waits for the last of it; says whether it came to its end, and was not broken off. */
    boolean awaitEnd() throws InterruptedException {
        return next(EventReader::isLast).equals(END);
    }

    private static boolean isLast(Event event) {
        return event.equals(END) || event.equals(BROKEN);
    }

    @Override
    public void close() throws IOException {
        response.body().close();
    }
}
