package dev.jwkscache.sidecar.management;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A management server that says what a test tells it to say. */
final class ScriptedManagement implements AutoCloseable {
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
            + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
            + "require-trusted-types-for 'script'; trusted-types 'none'";
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "svg", "image/svg+xml");

    private final List<Action> actions = new CopyOnWriteArrayList<>();
    private final List<OutputStream> streams = new ArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private volatile JsonObject status = Facts.status();
    private volatile @Nullable String token;
    private volatile Reply reply = new Reply(200, Facts.provider("default"), null);
    private ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer server;

    /** A POST that came. */
    record Action(
            String path, @Nullable String header, @Nullable String authorization) {}

    /** What a POST is answered with. */
    record Reply(int status, JsonObject body, @Nullable String retryAfter) {}

    ScriptedManagement() {
        server = listen(0);
    }

    private HttpServer listen(int port) {
        try {
            HttpServer made = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
            made.createContext("/", this::answer);
            made.setExecutor(threads);
            made.start();
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    }

    /** What every new connection is told first. */
    ScriptedManagement says(JsonObject newStatus) {
        status = newStatus;
        return this;
    }

    ScriptedManagement wants(String newToken) {
        token = newToken;
        return this;
    }

    void answersActions(Reply newReply) {
        reply = newReply;
    }

    List<Action> actions() {
        return actions;
    }

    /** How often somebody began to listen to events. */
    int connections() {
        return connections.get();
    }

    /** Tells all open connections. */
    void tell(String event, JsonObject data) {
        synchronized (streams) {
            streams.removeIf(stream -> {
                try {
                    send(stream, event, data);
                    return false;
                } catch (IOException gone) {
                    return true;
                }
            });
        }
    }

    /** Is gone, with all its connections, until it comes back. */
    void goDown() {
        server.stop(0);
        synchronized (streams) {
            streams.clear();
        }
        threads.shutdownNow();
    }

    void comeBack() {
        threads = Executors.newCachedThreadPool();
        server = listen(server.getAddress().getPort());
    }

    @Override
    public void close() {
        goDown();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        if (!path.startsWith("/api/")) {
            file(exchange, path);
        } else if (token != null && !("Bearer " + token).equals(authorization)) {
            exchange.sendResponseHeaders(401, -1);
            exchange.close();
        } else if (exchange.getRequestMethod().equals("POST")) {
            actions.add(new Action(path, exchange.getRequestHeaders().getFirst("X-Jwks-Cache"), authorization));
            if (reply.retryAfter() != null) {
                exchange.getResponseHeaders().set("Retry-After", reply.retryAfter());
            }
            bytes(
                    exchange,
                    reply.status(),
                    "application/json",
                    reply.body().toBuffer().getBytes());
        } else if (path.equals("/api/status")) {
            bytes(exchange, 200, "application/json", status.toBuffer().getBytes());
        } else if (path.equals("/api/events")) {
            connections.incrementAndGet();
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
            exchange.sendResponseHeaders(200, 0);
            // Under one lock: whoever has been told the state is told all that follows.
            synchronized (streams) {
                send(exchange.getResponseBody(), "status", status);
                streams.add(exchange.getResponseBody());
            }
        } else {
            exchange.sendResponseHeaders(404, -1);
            exchange.close();
        }
    }

    private static void send(OutputStream stream, String event, JsonObject data) throws IOException {
        stream.write(("event: " + event + "\ndata: " + data.encode() + "\n\n").getBytes(StandardCharsets.UTF_8));
        stream.flush();
    }

    private static void file(HttpExchange exchange, String path) throws IOException {
        String type = TYPES.get(path.equals("/") ? "html" : path.substring(path.lastIndexOf('.') + 1));
        try (InputStream in = ScriptedManagement.class.getResourceAsStream(resource(path))) {
            if (in == null || type == null) {
                exchange.sendResponseHeaders(404, -1);
                exchange.close();
                return;
            }
            exchange.getResponseHeaders().set("Content-Security-Policy", POLICY);
            exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
            bytes(exchange, 200, type, in.readAllBytes());
        }
    }

    private static String resource(String path) throws IOException {
        String library = "/page/lib/uplot/";
        if (path.startsWith(library)) {
            Properties jar = new Properties();
            try (InputStream in = ScriptedManagement.class.getResourceAsStream(
                    "/META-INF/maven/org.webjars.npm/uplot/pom.properties")) {
                jar.load(in);
            }
            return "/META-INF/resources/webjars/uplot/" + jar.getProperty("version") + "/dist/"
                    + path.substring(library.length());
        }
        return "/dev/jwkscache/sidecar/page/" + (path.equals("/") ? "index.html" : path.substring("/page/".length()));
    }

    private static void bytes(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }
}
