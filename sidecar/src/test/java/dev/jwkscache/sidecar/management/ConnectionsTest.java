package dev.jwkscache.sidecar.management;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jwkscache.sidecar.configuration.Configuration.Limits;
import dev.jwkscache.testkit.Behaviour;
import dev.jwkscache.testkit.ScriptedProvider;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConnectionsTest {
    private static final String LIVE = "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n";
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final Duration SHORT = Duration.ofMillis(300);

    @SuppressWarnings("NullAway.Init")
    private ScriptedProvider idp;

    @BeforeEach
    void start() {
        idp = ScriptedProvider.start();
    }

    @AfterEach
    void stop() {
        idp.close();
    }

    @Test
    void oneTooManyIsClosedAndAnotherTakesTheRoomOfOneThatLeft() throws IOException {
        try (Running running = running(new Limits(5, LONG, LONG, 8192))) {
            List<Socket> open = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                Socket socket = running.connect();
                open.add(socket);
                Running.write(socket, LIVE);
                assertThat(answer(socket)).startsWith("HTTP/1.1 200");
            }
            try (Socket tooMany = running.connect()) {
                assertThat(end(tooMany)).isTrue();
            }
            open.get(0).close();
            Running.until("there is room again", () -> answers(running));
            for (Socket socket : open) {
                socket.close();
            }
        }
    }

    @Test
    void isClosedWhenNoRequestComes() throws IOException {
        try (Running running = running(new Limits(5, LONG, SHORT, 8192));
                Socket socket = running.connect()) {
            assertThat(end(socket)).isTrue();
        }
    }

    @Test
    void isClosedWhenTheHeadOfARequestDripsIn() throws Exception {
        try (Running running = running(new Limits(5, LONG, SHORT, 8192));
                Socket socket = running.connect()) {
            Running.write(socket, "GET /health/live HTTP/1.1\r\nHost: localhost\r\nX: ");
            Thread dripping = dripping(socket);
            assertThat(end(socket)).isTrue();
            dripping.join();
        }
    }

    @Test
    void isClosedWhenTheBodyOfARequestDripsIn() throws Exception {
        try (Running running = running(new Limits(5, LONG, SHORT, 8192));
                Socket socket = running.connect()) {
            int before = idp.requestCount();
            // Not the first request, so that the time for that one does not end it.
            Running.write(socket, LIVE);
            assertThat(answer(socket)).startsWith("HTTP/1.1 200");
            Running.write(
                    socket,
                    "POST /api/default/refresh HTTP/1.1\r\nHost: localhost\r\nX-Jwks-Cache: 1\r\nContent-Length: 1000\r\n\r\n");
            Thread dripping = dripping(socket);
            assertThat(end(socket)).isTrue();
            dripping.join();
            assertThat(idp.requestCount()).isEqualTo(before);
        }
    }

    @Test
    void isClosedWhenItIsIdleAfterARequest() throws IOException {
        try (Running running = running(new Limits(5, SHORT, LONG, 8192));
                Socket socket = running.connect()) {
            Running.write(socket, LIVE);
            assertThat(answer(socket)).startsWith("HTTP/1.1 200");
            assertThat(end(socket)).isTrue();
        }
    }

    @Test
    void isCutWhenItsAnswerIsNotRead() throws IOException {
        idp.publish(EventsTest.manyKeys());
        try (Running running = running(new Limits(1, SHORT, LONG, 8192));
                Socket socket = new Socket()) {
            Running.until(
                    "the keys are known",
                    () -> !running.provider("default").keys().all().isEmpty());
            socket.setReceiveBufferSize(4096);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), running.port));
            socket.setSoTimeout((int) Running.PATIENCE.toMillis());
            Running.write(socket, "GET /api/status HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(socket.getInputStream().readNBytes(15)).asString().isEqualTo("HTTP/1.1 200 OK");

            Running.until("there is room for the next", () -> answers(running));

            assertThat(Running.rest(socket)).doesNotEndWith("}]}");
        }
    }

    @Test
    void isNotIdleWhileARefreshRuns() {
        idp.behave(Behaviour.healthy().slow(Duration.ofMillis(1500)));
        try (Running running = running(new Limits(5, SHORT, SHORT, 8192))) {
            assertThat(running.post("/api/default/refresh").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void letsASmallBodyByAndRefusesABigOne() throws IOException {
        try (Running running = running(new Limits(5, LONG, LONG, 8192))) {
            String head = "POST /api/default/purge HTTP/1.1\r\nHost: localhost\r\nX-Jwks-Cache: 1\r\n";
            try (Socket socket = running.connect()) {
                Running.write(socket, head + "Content-Length: 1024\r\n\r\n" + "x".repeat(1024) + LIVE);
                assertThat(answer(socket)).startsWith("HTTP/1.1 200");
                assertThat(answer(socket)).startsWith("HTTP/1.1 200").endsWith("{\"status\":\"live\"}");
            }
            try (Socket socket = running.connect()) {
                Running.write(socket, head + "Content-Length: 1025\r\n\r\n" + "x".repeat(1025));
                assertThat(Running.rest(socket)).startsWith("HTTP/1.1 413").contains("{\"error\":");
            }
            try (Socket socket = running.connect()) {
                Running.write(
                        socket,
                        "GET /health/live HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
                                + ("400\r\n" + "x".repeat(1024) + "\r\n").repeat(2));
                assertThat(Running.rest(socket)).startsWith("HTTP/1.1 413");
            }
        }
    }

    @Test
    void refusesALongHeadAndALongLine() throws IOException {
        try (Running running = running(new Limits(5, LONG, LONG, 4096))) {
            try (Socket socket = running.connect()) {
                Running.write(
                        socket, "GET /health/live HTTP/1.1\r\nHost: localhost\r\nX: " + "x".repeat(4096) + "\r\n\r\n");
                assertThat(Running.rest(socket)).contains(" 431 ").contains("{\"error\":");
            }
            try (Socket socket = running.connect()) {
                Running.write(socket, "GET /" + "x".repeat(3000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
                assertThat(Running.rest(socket)).contains(" 414 ").contains("{\"error\":");
            }
            try (Socket socket = running.connect()) {
                Running.write(socket, "\u0000\u0001\u0002 nonsense\r\n\r\n");
                assertThat(Running.rest(socket)).contains(" 400 ");
            }
            assertThat(running.get("/health/live").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void lastsForManyRequests() throws IOException {
        try (Running running = running(new Limits(5, LONG, LONG, 8192));
                Socket socket = running.connect()) {
            Running.write(socket, LIVE.repeat(50));
            for (int i = 0; i < 50; i++) {
                assertThat(answer(socket)).startsWith("HTTP/1.1 200").endsWith("{\"status\":\"live\"}");
            }
        }
    }

    @Test
    void aServerThatWasClosedHasNone() {
        Running running = running(new Limits(5, LONG, LONG, 8192));
        assertThat(running.get("/health/live").statusCode()).isEqualTo(200);

        running.close();

        org.assertj.core.api.Assertions.assertThatThrownBy(() -> running.get("/health/live"))
                .hasCauseInstanceOf(IOException.class);
    }

    private Running running(Limits limits) {
        return Running.told().provider("default", idp.jwksUri()).limits(limits).start();
    }

    private static Thread dripping(Socket socket) {
        Thread thread = new Thread(() -> {
            try {
                while (true) {
                    Running.write(socket, "x");
                    Thread.sleep(20);
                }
            } catch (IOException closed) {
                // That is what the test waits for.
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        thread.start();
        return thread;
    }

    private static boolean answers(Running running) {
        try (Socket socket = running.connect()) {
            Running.write(socket, LIVE);
            return answer(socket).startsWith("HTTP/1.1 200");
        } catch (IOException closed) {
            return false;
        }
    }

    private static boolean end(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketException reset) {
            return true;
        }
    }

    /** One answer with a Content-Length. */
    private static String answer(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new java.io.EOFException(head.toString());
            }
            head.append((char) next);
        }
        String field = "content-length: ";
        int at = head.toString().toLowerCase(java.util.Locale.ROOT).indexOf(field) + field.length();
        int length = Integer.parseInt(head.substring(at, head.indexOf("\r\n", at)));
        return head + new String(in.readNBytes(length), java.nio.charset.StandardCharsets.UTF_8);
    }
}
