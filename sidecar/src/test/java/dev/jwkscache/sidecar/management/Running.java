package dev.jwkscache.sidecar.management;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jwkscache.JwksCacheListener;
import dev.jwkscache.sidecar.configuration.Configuration;
import dev.jwkscache.sidecar.configuration.Configuration.Limits;
import dev.jwkscache.sidecar.configuration.Configuration.Listen;
import dev.jwkscache.sidecar.configuration.ProviderConfiguration;
import dev.jwkscache.sidecar.configuration.ProviderConfiguration.Kind;
import dev.jwkscache.sidecar.providers.Provider;
import dev.jwkscache.sidecar.providers.Providers;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A management server with real providers behind it, all of it on loopback. */
final class Running implements AutoCloseable {
    /** Ends a test whose event does not come; none waits for it otherwise. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    final Vertx vertx = Vertx.vertx();
    final Meters meters = new Meters();
    final Readiness readiness = new Readiness();
    final Providers providers;
    final ManagementServer server;
    final int port;
    final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private Running(Told told) {
        providers = Providers.open(told.configuration(), name -> {
            List<JwksCacheListener> all = new ArrayList<>(meters.listeners(name));
            all.add(told.listeners.getOrDefault(name, new JwksCacheListener() {}));
            return all;
        });
        server = ManagementServer.create(
                vertx, told.configuration(), providers, meters, readiness, told.pace, told.local);
        port = await(server.listen());
        if (told.awaitKeys) {
            until("all providers have keys", () -> providers.all().stream().allMatch(Provider::serves));
        }
    }

    /** What a server of a test is told. */
    static final class Told {
        private final List<ProviderConfiguration> providers = new ArrayList<>();
        private final Map<String, JwksCacheListener> listeners = new TreeMap<>();
        private String host = "127.0.0.1";
        private @Nullable String token;
        private Limits limits = new Limits(100, Duration.ofSeconds(60), Duration.ofSeconds(20), 8192);
        private Duration readyMargin = Duration.ZERO;
        private EventStreams.Pace pace = new EventStreams.Pace(Duration.ofSeconds(15), Duration.ofMillis(20), 64);
        private boolean awaitKeys = true;
        private ManagementServer.Local local = InetAddress::isLoopbackAddress;

        Told provider(String name, URI address, String... settings) {
            return provider(name, address, Kind.JWKS_URI, settings);
        }

        /** Settings are names and values in turn. */
        Told provider(String name, URI address, Kind kind, String... settings) {
            Map<String, String> map = new TreeMap<>();
            for (int i = 0; i < settings.length; i += 2) {
                map.put(settings[i], settings[i + 1]);
            }
            providers.add(new ProviderConfiguration(name, address, kind, map));
            return this;
        }

        /** One more for the provider of that name. */
        Told listener(String name, JwksCacheListener listener) {
            listeners.put(name, listener);
            return this;
        }

        Told host(String value) {
            host = value;
            return this;
        }

        Told token(@Nullable String value) {
            token = value;
            return this;
        }

        Told limits(Limits value) {
            limits = value;
            return this;
        }

        Told readyMargin(Duration value) {
            readyMargin = value;
            return this;
        }

        Told pace(Duration beat, Duration gather, int most) {
            pace = new EventStreams.Pace(beat, gather, most);
            return this;
        }

        Told withoutKeys() {
            awaitKeys = false;
            return this;
        }

        /** As if others could reach it, which a test must not let them. */
        Told reachable() {
            local = address -> false;
            return this;
        }

        Configuration configuration() {
            return new Configuration(
                    providers,
                    new Listen("127.0.0.1", 0),
                    new Listen(host, 0),
                    token,
                    limits,
                    new Configuration.Store.None(),
                    null,
                    Set.of(),
                    readyMargin,
                    Duration.ofSeconds(1),
                    Duration.ZERO,
                    null);
        }

        Running start() {
            return new Running(this);
        }
    }

    static Told told() {
        return new Told();
    }

    URI address(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    HttpResponse<String> get(String path, String... fields) {
        return send("GET", path, fields);
    }

    /** With the header field that a POST needs. */
    HttpResponse<String> post(String path, String... fields) {
        List<String> all = new ArrayList<>(Arrays.asList(fields));
        all.add("X-Jwks-Cache");
        all.add("1");
        return send("POST", path, all.toArray(String[]::new));
    }

    HttpResponse<String> send(String method, String path, String... fields) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(address(path)).method(method, HttpRequest.BodyPublishers.noBody());
        if (fields.length > 0) {
            request.headers(fields);
        }
        try {
            // The timeout of a request ends with its head; the body may be a stream without end.
            return client.sendAsync(request.build(), BodyHandlers.ofString())
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new CompletionException(e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    /** The answer to a request written by hand, up to the end of the connection. */
    String raw(String... lines) {
        try (Socket socket = connect()) {
            write(socket, String.join("\r\n", lines) + "\r\n\r\n");
            return rest(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Everything up to the end of the connection, however it ends. */
    static String rest(Socket socket) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try {
            socket.getInputStream().transferTo(all);
        } catch (SocketException reset) {
            // What came before counts.
        }
        return all.toString(StandardCharsets.UTF_8);
    }

    Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout((int) PATIENCE.toMillis());
        return socket;
    }

    static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
    }

    Provider provider(String name) {
        return Objects.requireNonNull(providers.named(name));
    }

    static JsonObject json(HttpResponse<String> response) {
        assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
        return new JsonObject(response.body());
    }

    static void until(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("it did not come to be that " + what);
            }
            try {
                Thread.sleep(5);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Override
    public void close() {
        await(server.close());
        providers.close();
        meters.close();
        await(vertx.close());
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError(e);
        }
    }
}
