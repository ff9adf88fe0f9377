package dev.jwkscache.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bytes on the wire, which a polite client hides. */
@Timeout(30)
class HttpProtocolTest {
    private final ScriptedProvider provider = ScriptedProvider.start("ES256");
    private Socket socket = new Socket();

    @BeforeEach
    void connect() throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), provider.jwksUri().getPort());
    }

    @AfterEach
    void close() throws IOException {
        socket.close();
        provider.close();
    }

    @Test
    void keepsTheConnectionForTheNextRequest() throws IOException {
        provider.publish("{}");

        send("GET /jwks.json HTTP/1.1\r\nHost: x\r\n\r\n");
        assertThat(readResponse())
                .startsWith("HTTP/1.1 200 ")
                .doesNotContain("Connection:")
                .endsWith("\r\n\r\n{}");
        send("\r\nGET /jwks.json?again HTTP/1.1\r\nHost: x\r\n\r\n");
        assertThat(readResponse()).startsWith("HTTP/1.1 200 ");

        assertThat(provider.requestCount()).isEqualTo(2);
        assertThat(provider.openConnections()).isEqualTo(1);
    }

    @Test
    void closesWhenTheClientAsksForIt() throws IOException {
        send("GET /jwks.json HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

        assertThat(readAll()).startsWith("HTTP/1.1 200 ").contains("Connection: close\r\n");
    }

    @Test
    void speaksHttp10WithoutChunks() throws IOException {
        provider.publish("{}");
        provider.behave(Behaviour.healthy().chunked());
        send("GET /jwks.json HTTP/1.0\r\n\r\n");

        assertThat(readAll())
                .contains("Content-Length: 2\r\n", "Connection: close\r\n")
                .doesNotContain("chunked")
                .endsWith("\r\n\r\n{}");
    }

    @Test
    void chunksEndWithAnEmptyOne() throws IOException {
        provider.publish("{}");
        provider.behave(Behaviour.healthy().chunked());
        send("GET /jwks.json HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

        assertThat(readAll())
                .contains("Transfer-Encoding: chunked\r\n")
                .doesNotContain("Content-Length")
                .endsWith("\r\n\r\n2\r\n{}\r\n0\r\n\r\n");
    }

    @Test
    void headHasTheHeadersOfGetAndNoBody() throws IOException {
        provider.publish("{}");
        send("HEAD /jwks.json HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

        assertThat(readAll()).contains("Content-Length: 2\r\n").endsWith("\r\n\r\n");
        assertThat(provider.requests())
                .singleElement()
                .extracting(RecordedRequest::method)
                .isEqualTo("HEAD");
    }

    @Test
    void otherMethodsAreNotAllowedAndTheirBodyIsSkipped() throws IOException {
        provider.publish("{}");
        provider.behaveOnce(Behaviour.status(500));
        send("POST /jwks.json HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello"
                + "GET /jwks.json HTTP/1.1\r\nHost: x\r\n\r\n");

        assertThat(readResponse()).startsWith("HTTP/1.1 405 ").contains("Allow: GET, HEAD\r\n");
        // A method that is not allowed does not use up the script.
        assertThat(readResponse()).startsWith("HTTP/1.1 500 ");
    }

    @Test
    void unknownPathsAreNotFound() throws IOException {
        send("GET /favicon.ico HTTP/1.1\r\nHost: x\r\n\r\n");

        assertThat(readResponse()).startsWith("HTTP/1.1 404 ");
        assertThat(provider.requestCount()).isZero();
        assertThat(provider.requests()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense\r\n\r\n",
                "GET /jwks.json HTTP/2.0\r\n\r\n",
                "GET http://elsewhere/ HTTP/1.1\r\n\r\n",
                "GET /jwks.json HTTP/1.1\r\nno colon\r\n\r\n",
                "GET /jwks.json HTTP/1.1\r\nContent-Length: -1\r\n\r\n"
            })
    void whatIsNoRequestGets400AndTheEnd(String request) throws IOException {
        send(request);

        assertThat(readAll()).startsWith("HTTP/1.1 400 ").contains("Connection: close");
        assertThat(provider.requests()).isEmpty();
    }

    @Test
    void requestsAreBounded() throws IOException {
        send("GET /jwks.json HTTP/1.1\r\nX: " + "x".repeat(16 * 1024) + "\r\n\r\n");
        assertThat(readAtLeast("HTTP/1.1 431 ".length())).startsWith("HTTP/1.1 431 ");

        connect();
        send("GET /jwks.json HTTP/1.1\r\nContent-Length: 65537\r\n\r\n");
        assertThat(readAll()).startsWith("HTTP/1.1 413 ");

        connect();
        send("POST /jwks.json HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n");
        assertThat(readAll()).startsWith("HTTP/1.1 501 ");
    }

    @Test
    void aRequestThatComesWhileTheAnswerWaitsIsAnsweredAfterwards() throws IOException {
        provider.publish("{}");
        provider.behaveOnce(Behaviour.status(503).slow(Duration.ofMillis(50)));
        send("GET /jwks.json HTTP/1.1\r\nHost: x\r\n\r\nGET /jwks.json HTTP/1.1\r\nHost: x\r\n\r\n");

        assertThat(readResponse()).startsWith("HTTP/1.1 503 ");
        assertThat(readResponse()).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void aClientThatFloodsAHangingAnswerIsLetGo() throws Exception {
        provider.behave(Behaviour.hangBeforeHeaders());
        send("GET /jwks.json HTTP/1.1\r\nHost: x\r\n\r\n");

        assertThatExceptionOfType(SocketException.class).isThrownBy(() -> {
            for (int i = 0; i < 10_000; i++) {
                send("x".repeat(8 * 1024));
            }
        });
        provider.allConnectionsClosed().get();
    }

    @ParameterizedTest
    @ValueSource(strings = {"hang before headers", "slow"})
    void nothingArrivesBeforeItsTime(String silence) throws IOException {
        boolean slow = silence.equals("slow");
        provider.behave(slow ? Behaviour.healthy().slow(Duration.ofHours(1)) : Behaviour.hangBeforeHeaders());
        send("GET /jwks.json HTTP/1.1\r\nHost: x\r\n\r\n");

        socket.setSoTimeout(100);
        assertThatExceptionOfType(SocketTimeoutException.class)
                .isThrownBy(() -> socket.getInputStream().read());
    }

    @ParameterizedTest
    @ValueSource(strings = {"hang in body", "drip"})
    void theRestOfTheBodyDoesNotArriveBeforeItsTime(String silence) throws IOException {
        boolean drip = silence.equals("drip");
        provider.publish("0123456789");
        provider.behave(drip ? Behaviour.drip(5, Duration.ofHours(1)) : Behaviour.hangInBody());
        send("GET /jwks.json HTTP/1.1\r\nHost: x\r\n\r\n");

        String expected = "Content-Length: 10\r\n" + "\r\n" + (drip ? "" : "01234");
        StringBuilder received = new StringBuilder();
        while (!received.toString().endsWith(expected)) {
            received.append((char) socket.getInputStream().read());
        }
        socket.setSoTimeout(100);
        assertThatExceptionOfType(SocketTimeoutException.class)
                .isThrownBy(() -> socket.getInputStream().read());
    }

    @Test
    void anIdleConnectionCountsUntilTheClientClosesIt() throws Exception {
        send("GET /jwks.json HTTP/1.1\r\nHost: x\r\n\r\n");
        readResponse();
        assertThat(provider.openConnections()).isEqualTo(1);

        socket.close();

        provider.allConnectionsClosed().get();
        assertThat(provider.openConnections()).isZero();
    }

    private void send(String request) throws IOException {
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    }

    private String readAll() throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private String readAtLeast(int count) throws IOException {
        return new String(socket.getInputStream().readNBytes(count), StandardCharsets.UTF_8);
    }

    /** Reads one response with a Content-Length. */
    private String readResponse() throws IOException {
        InputStream in = socket.getInputStream();
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
            int next = in.read();
            assertThat(next).as("byte after %s", head).isNotNegative();
            head.write(next);
        }
        String text = head.toString(StandardCharsets.US_ASCII);
        String length = text.replaceAll("(?s).*Content-Length: (\\d+)\r\n.*", "$1");
        return text + new String(in.readNBytes(Integer.parseInt(length)), StandardCharsets.UTF_8);
    }
}
