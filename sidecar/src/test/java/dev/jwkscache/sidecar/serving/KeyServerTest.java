package dev.jwkscache.sidecar.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jwkscache.sidecar.configuration.Configuration;
import dev.jwkscache.sidecar.configuration.ProviderConfiguration;
import dev.jwkscache.sidecar.configuration.ProviderConfiguration.Kind;
import dev.jwkscache.sidecar.providers.Providers;
import dev.jwkscache.sidecar.providers.Town;
import dev.jwkscache.testkit.Behaviour;
import dev.jwkscache.testkit.ScriptedProvider;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The key server over real sockets: what HTTP/1.1 asks of it, and what it lets nobody do. */
class KeyServerTest {
    private static final String SET = "GET /default/jwks.json HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";

    private final ScriptedProvider provider = ScriptedProvider.start("ES256");
    private final List<Socket> sockets = new ArrayList<>();
    private Providers providers;
    private KeyServer server;
    private int port;

    @AfterEach
    void close() throws Exception {
        for (Socket socket : sockets) {
            socket.close();
        }
        if (server != null) {
            server.close(Duration.ofSeconds(1));
            providers.close();
        }
        provider.close();
    }

    @Test
    void aClientOfAnyLibraryGetsTheSet() throws Exception {
        serve(limits -> limits);
        HttpResponse<String> response = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/default/jwks.json"))
                                .build(),
                        BodyHandlers.ofString());

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(new JsonObject(response.body())).isEqualTo(new JsonObject(provider.document()));
    }

    @Test
    void requestsOfOneConnectionAreAnsweredInTheirOrderAlsoWhereOneHasToWait() throws Exception {
        serve(limits -> limits);
        Socket socket = connect();
        String unknown = "GET /default/keys/unknown HTTP/1.1\r\nHost: a\r\n\r\n";
        provider.behave(Behaviour.healthy().slow(Duration.ofMillis(300)));

        send(
                socket,
                unknown + SET + "HEAD /default/jwks.json HTTP/1.1\r\nHost: a\r\n\r\n" + SET.replace("GET", "POST"));

        assertThat(readHead(socket)).startsWith("HTTP/1.1 404");
        readBody(socket, "{\"error\":\"the set has no key of this kid\"}".length());
        String ok = readHead(socket);
        assertThat(ok).startsWith("HTTP/1.1 200");
        readBody(socket, length(ok));
        String head = readHead(socket);
        assertThat(head).startsWith("HTTP/1.1 200").contains("Content-Length: " + length(ok));
        assertThat(readHead(socket)).startsWith("HTTP/1.1 405");
    }

    @Test
    void theConnectionEndsWhenTheClientSaysSoAndAfterHttp10() throws Exception {
        serve(limits -> limits);
        for (String last : List.of(
                "GET /default/jwks.json HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
                "GET /default/jwks.json HTTP/1.0\r\n\r\n")) {
            Socket socket = connect();
            send(socket, last);
            String all = readAll(socket);
            assertThat(all)
                    .startsWith("HTTP/1.1 200")
                    .contains("Connection: close")
                    .endsWith("}]}");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'GET /default/jwks.json HTTP/1.1\r\n\r\n', 400",
        "'GET /default/jwks.json HTTP/2.0\r\nHost: a\r\n\r\n', 505",
        "'NONSENSE\r\n\r\n', 400",
        "'GET /default/jwks.json HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n', 400",
        "'GET /default/jwks.json HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello', 413",
        "'POST /default/jwks.json HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999\r\n\r\n', 413",
        "'GET /default/jwks.json HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n', 413",
    })
    void whatIsNoRequestForKeysEndsTheConnection(String request, int status) throws Exception {
        serve(limits -> limits);
        Socket socket = connect();

        send(socket, request + SET);

        String all = readAll(socket);
        assertThat(all).startsWith("HTTP/1.1 " + status).contains("Connection: close");
        assertThat(all.split("HTTP/1.1 "))
                .as("what follows is not taken for another request")
                .hasSize(2);
    }

    @Test
    void aHeadThatIsTooLongIsRefused() throws Exception {
        serve(limits -> limits);
        String long9k = "a".repeat(9000);
        for (Map.Entry<String, Integer> one : Map.of(
                        "GET /" + long9k + " HTTP/1.1\r\nHost: a\r\n\r\n", 414,
                        "GET / HTTP/1.1\r\nHost: a\r\nX: " + long9k + "\r\n\r\n", 431)
                .entrySet()) {
            Socket socket = connect();
            send(socket, one.getKey());
            assertThat(readHead(socket)).startsWith("HTTP/1.1 " + one.getValue());
        }
    }

    @Test
    void whoSendsAHeadByteByByteIsClosedHoweverManyHeSends() throws Exception {
        serve(limits -> new Configuration.Limits(100, Duration.ofSeconds(60), Duration.ofMillis(300), 8192));
        Socket socket = connect();
        CompletableFuture<Void> dripping = CompletableFuture.runAsync(() -> {
            try {
                for (int i = 0; i < 1000; i++) {
                    send(socket, i == 0 ? "GET / HTTP/1.1\r\nX: " : "a");
                    Thread.sleep(20);
                }
            } catch (Exception closed) {
                // What is waited for.
            }
        });

        assertThat(readAll(socket)).isEmpty();
        dripping.cancel(true);
    }

    @Test
    void whoAsksForNothingMoreIsClosedAfterTheIdleTime() throws Exception {
        serve(limits -> new Configuration.Limits(100, Duration.ofMillis(300), Duration.ofSeconds(60), 8192));
        Socket socket = connect();
        send(socket, SET);

        assertThat(readAll(socket)).startsWith("HTTP/1.1 200");
    }

    @Test
    void whoAsksAndDoesNotReadIsNotReadFromEitherAndClosed() throws Exception {
        serve(limits -> new Configuration.Limits(1, Duration.ofSeconds(5), Duration.ofSeconds(2), 8192));
        Socket socket = connect(64 << 10);
        // So long that many of them cost the server little to read, if it does.
        String padded = SET.replace("\r\n\r\n", "\r\nX: " + "a".repeat(7000) + "\r\n\r\n");
        byte[] many = padded.repeat(100).getBytes(StandardCharsets.US_ASCII);
        AtomicLong taken = new AtomicLong();
        CompletableFuture<Void> asking = CompletableFuture.runAsync(() -> {
            try {
                while (true) {
                    socket.getOutputStream().write(many);
                    taken.addAndGet(many.length);
                }
            } catch (IOException closed) {
                // The client's system may learn of it much later than another client: it has no room for the news.
            }
        });

        awaitAnswer();

        assertThat(taken).as("what fills the buffers of the system").hasValueLessThan(128 << 20);
        socket.close();
        asking.get(30, TimeUnit.SECONDS);
    }

    @Test
    void thereAreNoMoreConnectionsThanMayBe() throws Exception {
        serve(limits -> new Configuration.Limits(2, Duration.ofSeconds(60), Duration.ofSeconds(60), 8192));
        Socket one = connect();
        send(one, SET);
        readBody(one, length(readHead(one)));
        Socket two = connect();
        send(two, SET);
        readBody(two, length(readHead(two)));

        Socket three = connect();
        assertThat(readAll(three)).isEmpty();

        one.close();
        awaitAnswer();
    }

    /** The server learns a moment later that a connection has ended; until then others are closed at once. */
    private void awaitAnswer() {
        while (true) {
            try (Socket again = new Socket(InetAddress.getLoopbackAddress(), port)) {
                send(again, SET);
                if (again.getInputStream().read() >= 0) {
                    return;
                }
            } catch (IOException reset) {
                // As good as an end.
            }
        }
    }

    @Test
    void aStopWaitsForAnswersThatAreAwaitedAndClosesTheRest() throws Exception {
        serve(limits -> limits);
        Socket idle = connect();
        send(idle, "GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n");
        readBody(idle, length(readHead(idle)));
        provider.behave(Behaviour.healthy().slow(Duration.ofMillis(500)));
        Socket asking = connect();
        CompletableFuture<?> asked = provider.nextRequest();
        send(asking, "GET /default/keys/unknown HTTP/1.1\r\nHost: a\r\n\r\n");
        asked.join();

        server.close(Duration.ofSeconds(10));

        assertThat(readAll(idle)).isEmpty();
        assertThat(readAll(asking)).startsWith("HTTP/1.1 404").contains("Connection: close");
        assertThatThrownBy(this::connect).isInstanceOf(IOException.class);
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("jwks-cache-keys") && thread.isAlive());
    }

    @Test
    void anAddressThatIsTakenIsToldAndAnIssuerHasItsMetadataTurned() throws Exception {
        serveIssuer();
        HttpClient client = HttpClient.newHttpClient();
        String base = "http://127.0.0.1:" + port;
        JsonObject metadata;
        do {
            HttpResponse<String> response = client.send(
                    HttpRequest.newBuilder(URI.create(base + "/default/.well-known/openid-configuration"))
                            .build(),
                    BodyHandlers.ofString());
            metadata = response.statusCode() == 200 ? new JsonObject(response.body()) : null;
        } while (metadata == null);

        assertThat(metadata.getString("issuer")).isEqualTo(provider.issuer().toString());
        assertThat(metadata.getString("jwks_uri")).isEqualTo(base + "/default/jwks.json");

        Configuration taken = configuration(Kind.ISSUER, provider.issuer(), limits -> limits, port);
        KeyServer second = new KeyServer(taken, providers, RequestCounter.NONE);
        assertThatThrownBy(second::listen).isInstanceOf(IOException.class);
        second.close(Duration.ZERO);
    }

    private void serve(UnaryOperator<Configuration.Limits> limits) throws Exception {
        start(configuration(Kind.JWKS_URI, provider.jwksUri(), limits, 0));
        providers.named("default").cache().start();
    }

    private void serveIssuer() throws Exception {
        start(configuration(Kind.ISSUER, provider.issuer(), limits -> limits, 0));
    }

    private void start(Configuration configuration) throws Exception {
        providers = Providers.open(configuration, name -> List.of());
        server = new KeyServer(configuration, providers, RequestCounter.NONE);
        port = server.listen();
    }

    private static Configuration configuration(
            Kind kind, URI address, UnaryOperator<Configuration.Limits> limits, int port) {
        Configuration any = Town.configuration(List.of(new ProviderConfiguration("default", address, kind, Map.of())));
        return new Configuration(
                any.providers(),
                new Configuration.Listen("127.0.0.1", port),
                any.management(),
                null,
                limits.apply(any.limits()),
                any.store(),
                null,
                any.corsOrigins(),
                any.readyMargin(),
                any.drainTime(),
                any.rereadWait(),
                null);
    }

    /** With a fixed buffer for what comes, which only counts when it is set before. */
    private Socket connect(int receiveBufferBytes) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(receiveBufferBytes);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        sockets.add(socket);
        return socket;
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(20_000);
        sockets.add(socket);
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String readHead(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            assertThat(next).as("ended after «%s»", head).isGreaterThanOrEqualTo(0);
            head.append((char) next);
        }
        return head.toString();
    }

    private static void readBody(Socket socket, int length) throws IOException {
        assertThat(socket.getInputStream().readNBytes(length)).hasSize(length);
    }

    private static int length(String head) {
        return Integer.parseInt(head.split("Content-Length: ")[1].split("\r\n")[0]);
    }

    /** All that comes until the server closes; a reset counts as that. */
    private static String readAll(Socket socket) {
        StringBuilder all = new StringBuilder();
        try {
            InputStream in = socket.getInputStream();
            for (int next = in.read(); next >= 0; next = in.read()) {
                all.append((char) next);
            }
        } catch (IOException reset) {
            assertThat(reset).isNotInstanceOf(java.net.SocketTimeoutException.class);
        }
        return all.toString();
    }
}
