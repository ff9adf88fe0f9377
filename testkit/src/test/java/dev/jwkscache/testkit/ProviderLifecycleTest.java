package dev.jwkscache.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ProviderLifecycleTest {
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @ParameterizedTest
    @ValueSource(strings = {"healthy", "hang before headers", "hang in body", "slow", "drip", "oversize", "refused"})
    void afterCloseNoThreadNoConnectionAndNoPortIsLeft(String state) throws Exception {
        ScriptedProvider provider = ScriptedProvider.start("ES256");
        int port = provider.jwksUri().getPort();
        Behaviour behaviour = switch (state) {
            case "hang before headers" -> Behaviour.hangBeforeHeaders();
            case "hang in body" -> Behaviour.hangInBody();
            case "slow" -> Behaviour.healthy().slow(Duration.ofHours(1));
            case "drip" -> Behaviour.drip(1, Duration.ofHours(1));
            case "oversize" -> Behaviour.oversize(Integer.MAX_VALUE);
            default -> Behaviour.healthy();
        };
        provider.behave(behaviour);
        List<Socket> clients = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            CompletableFuture<RecordedRequest> arrival = provider.nextRequest();
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.getOutputStream()
                    .write("GET /jwks.json HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            clients.add(socket);
            arrival.get();
        }
        if (state.equals("refused")) {
            provider.behave(Behaviour.refuse());
        } else {
            assertThat(threadsOf(port)).hasSize(4).allMatch(Thread::isDaemon);
        }
        CompletableFuture<RecordedRequest> never = provider.nextRequest();

        provider.close();
        provider.close();

        assertThat(threadsOf(port)).isEmpty();
        assertThat(provider.openConnections()).isZero();
        assertThat(never).isCompletedExceptionally();
        assertThatExceptionOfType(ConnectException.class)
                .isThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port));
        try (ServerSocket successor = new ServerSocket()) {
            successor.setReuseAddress(true);
            successor.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            assertThat(successor.isBound()).isTrue();
        }
        for (Socket socket : clients) {
            socket.close();
        }
    }

    @Test
    void closeReleasesClientsThatHang() throws Exception {
        ScriptedProvider provider = ScriptedProvider.start("ES256");
        provider.behave(Behaviour.hangBeforeHeaders());
        CompletableFuture<RecordedRequest> arrival = provider.nextRequest();
        CompletableFuture<HttpResponse<String>> hanging =
                client.sendAsync(HttpRequest.newBuilder(provider.jwksUri()).build(), BodyHandlers.ofString());
        arrival.get();

        provider.close();

        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(hanging::get)
                .withCauseInstanceOf(IOException.class);
    }

    @Test
    void aStageOfNextRequestMayCloseTheProvider() throws Exception {
        ScriptedProvider provider = ScriptedProvider.start("ES256");
        CompletableFuture<Void> closed = provider.nextRequest().thenRun(provider::close);

        CompletableFuture<HttpResponse<String>> response =
                client.sendAsync(HttpRequest.newBuilder(provider.jwksUri()).build(), BodyHandlers.ofString());

        closed.get();
        assertThatExceptionOfType(ExecutionException.class).isThrownBy(response::get);
    }

    @Test
    void aStageOfNextRequestMayChangeTheBehaviour() throws Exception {
        try (ScriptedProvider provider = ScriptedProvider.start("ES256")) {
            CompletableFuture<Void> changed = provider.nextRequest().thenRun(() -> provider.behave(Behaviour.refuse()));
            client.sendAsync(HttpRequest.newBuilder(provider.jwksUri()).build(), BodyHandlers.ofString());

            changed.get();
            assertThat(provider.openConnections()).isZero();
        }
    }

    @Test
    void closeWaitsForThreadsThatAreStillBusy() throws Exception {
        ScriptedProvider provider = ScriptedProvider.start("ES256");
        AtomicBoolean finished = new AtomicBoolean();
        CompletableFuture<Void> busy = new CompletableFuture<>();
        provider.nextRequest().thenRun(() -> {
            busy.complete(null);
            while (provider.openConnections() > 0) {
                Thread.onSpinWait();
            }
            // Close has now ended the connections; this keeps their thread busy for a while longer.
            ScriptedProvider.inMemory(new VirtualTime(), "RS256", "RS256", "RS256", "RS256", "RS256");
            finished.set(true);
        });
        HttpRequest request = HttpRequest.newBuilder(provider.jwksUri()).build();
        client.sendAsync(request, BodyHandlers.ofString());
        busy.get();
        // A second connection comes and goes meanwhile; the first thread must not be forgotten for it.
        assertThat(client.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(200);

        provider.close();

        assertThat(finished).isTrue();
    }

    @Test
    void aClosedProviderDoesNotComeBack() {
        for (ScriptedProvider provider :
                List.of(ScriptedProvider.start("ES256"), ScriptedProvider.inMemory(new VirtualTime(), "ES256"))) {
            provider.close();

            assertThatIllegalStateException()
                    .isThrownBy(() -> provider.behave(Behaviour.healthy()))
                    .withMessageContaining("closed");
        }
    }

    @Test
    void listensOnLoopbackOnly() throws Exception {
        try (ScriptedProvider provider = ScriptedProvider.start("ES256")) {
            int port = provider.jwksUri().getPort();
            assertThat(provider.issuer()).hasToString("http://127.0.0.1:" + port);
            for (NetworkInterface network : NetworkInterface.networkInterfaces().toList()) {
                for (InetAddress address : network.inetAddresses().toList()) {
                    if (!address.isLoopbackAddress() && !address.isLinkLocalAddress()) {
                        assertThatExceptionOfType(IOException.class).isThrownBy(() -> new Socket(address, port));
                    }
                }
            }
        }
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "elsewhere two sockets may not share a port, see LoopbackPort")
    void whileThePortRefusesNobodyElseGetsIt() throws Exception {
        try (ScriptedProvider provider = ScriptedProvider.start("ES256")) {
            provider.behave(Behaviour.refuse());
            int port = provider.jwksUri().getPort();

            try (ServerSocket other = new ServerSocket()) {
                other.setReuseAddress(false);
                assertThatExceptionOfType(IOException.class)
                        .isThrownBy(() -> other.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
            }
        }
    }

    @Test
    void providersAreIndependent() throws Exception {
        try (ScriptedProvider one = ScriptedProvider.start("ES256");
                ScriptedProvider two = ScriptedProvider.start("ES256")) {
            one.behave(Behaviour.refuse());

            assertThat(two.jwksUri()).isNotEqualTo(one.jwksUri());
            assertThat(client.send(HttpRequest.newBuilder(two.jwksUri()).build(), BodyHandlers.ofString())
                            .body())
                    .isEqualTo(two.document())
                    .isNotEqualTo(one.document());
        }
    }

    private static List<Thread> threadsOf(int port) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("jwks-testkit-" + port + "-"))
                .toList();
    }
}
