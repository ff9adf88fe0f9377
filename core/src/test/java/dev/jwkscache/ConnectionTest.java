package dev.jwkscache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jwkscache.testkit.Behaviour;
import dev.jwkscache.testkit.ScriptedProvider;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Kept connections: that die, that black-hole, that must not live for ever; and how many clients there are. */
class ConnectionTest {
    private static final String ALG = "ES256";

    /** How a server ends a connection that a client has kept. */
    private enum End {
        CLOSED_WHILE_IDLE,
        CLOSED_AT_THE_NEXT_REQUEST,
        RESET_AT_THE_NEXT_REQUEST
    }

    @ParameterizedTest
    @EnumSource(End.class)
    void aKeptConnectionThatDiedCostsASecondAttemptAndNoFailure(End end) throws Exception {
        try (ScriptedProvider provider = ScriptedProvider.start(ALG);
                Server server = new Server(provider.document(), end);
                JwksCache cache = JwksCache.builder(server.address()).build()) {
            cache.start();
            server.firstConnectionEnded();
            assertThat(cache.refresh().join().size()).isEqualTo(1);

            assertThat(cache.status().failedRefreshes()).isZero();
            assertThat(server.connections.get()).isEqualTo(2);
            assertThat(server.requests.get()).isLessThanOrEqualTo(3);
        }
    }

    @Test
    void afterAConnectionThatBlackHolesTheNextFetchUsesANewOne() throws Exception {
        try (ScriptedProvider provider = ScriptedProvider.start(ALG);
                JwksCache cache = JwksCache.builder(provider.jwksUri())
                        .fetchTimeout(Duration.ofMillis(300))
                        .build()) {
            cache.start();
            provider.behaveOnce(Behaviour.hangBeforeHeaders());
            assertThatThrownBy(() -> cache.refresh().join())
                    .isInstanceOf(CompletionException.class)
                    .hasMessageContaining("timeout");
            provider.allConnectionsClosed().join();

            assertThat(cache.refresh().join().size()).isEqualTo(1);
        }
    }

    @Test
    void noConnectionIsKeptForLongerThanTenMinutesOfUse() throws Exception {
        AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
        HttpClients clients = new HttpClients(Runnable::run, nanos::get);
        Transport.Route route = Transport.standard().route();
        try {
            HttpClient first = clients.client(route);
            nanos.addAndGet(HttpClients.LIFE.toNanos() - 1);
            assertThat(clients.client(route)).isSameAs(first);
            nanos.addAndGet(1);

            assertThat(clients.client(route)).isNotSameAs(first);
            assertThat(HttpClients.LIFE).isLessThanOrEqualTo(Duration.ofMinutes(10));
        } finally {
            clients.close();
        }
        assertThatThrownBy(() -> clients.client(route)).hasMessageContaining("is closed");
    }

    @Test
    void cachesThatTrustAndRouteAlikeShareOneClient() throws Exception {
        HttpClients clients = new HttpClients(Runnable::run, System::nanoTime);
        try {
            Transport plain = Transport.standard();
            HttpClient shared = clients.client(plain.route());

            assertThat(clients.client(plain.header("X-Key", () -> "1").route())).isSameAs(shared);
            assertThat(clients.client(
                            plain.trustedCertificates(Path.of("ca.pem")).route()))
                    .isNotSameAs(shared)
                    .isSameAs(clients.client(
                            plain.trustedCertificates(Path.of("ca.pem")).route()));
        } finally {
            clients.close();
        }
    }

    @Test
    void fiveHundredIssuersHaveOneSelectorThreadAmongThem() throws Exception {
        List<JwksCache> caches = new ArrayList<>();
        try (ScriptedProvider provider = ScriptedProvider.start(ALG)) {
            long before = selectors();
            for (int i = 0; i < 500; i++) {
                caches.add(JwksCache.builder(URI.create(provider.jwksUri() + "?issuer=" + i))
                        .build());
                if (i % 2 == 0) {
                    caches.get(i).start();
                }
            }
            assertThat(selectors() - before).isLessThanOrEqualTo(1);
        } finally {
            caches.forEach(JwksCache::close);
        }
    }

    private static long selectors() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("HttpClient-") && name.endsWith("SelectorManager"))
                .collect(Collectors.toSet())
                .size();
    }

    /** Answers every request with a document, and ends its first connection after the first answer. */
    private static final class Server implements AutoCloseable {
        private final ServerSocket socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        private final AtomicInteger connections = new AtomicInteger();
        private final AtomicInteger requests = new AtomicInteger();
        private final CountDownLatch ended = new CountDownLatch(1);
        private final byte[] answer;
        private final End end;

        Server(String document, End end) throws IOException {
            byte[] body = document.getBytes(StandardCharsets.UTF_8);
            this.answer = ("HTTP/1.1 200 OK\r\nContent-Length: " + body.length + "\r\n\r\n" + document)
                    .getBytes(StandardCharsets.UTF_8);
            this.end = end;
            start(this::accept);
        }

        URI address() {
            return URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/jwks.json");
        }

        /** Returns when the first connection is closed, if it is to be closed before the next request. */
        void firstConnectionEnded() throws InterruptedException {
            if (end == End.CLOSED_WHILE_IDLE) {
                ended.await();
            }
        }

        private void accept() {
            while (!socket.isClosed()) {
                try {
                    Socket client = socket.accept();
                    int number = connections.incrementAndGet();
                    start(() -> serve(client, number == 1));
                } catch (IOException closed) {
                    return;
                }
            }
        }

        private void serve(Socket client, boolean first) {
            try (client) {
                int served = 0;
                while (readRequest(client.getInputStream())) {
                    requests.incrementAndGet();
                    boolean atRequest = end == End.CLOSED_AT_THE_NEXT_REQUEST || end == End.RESET_AT_THE_NEXT_REQUEST;
                    if (first && atRequest && served == 1) {
                        break;
                    }
                    OutputStream out = client.getOutputStream();
                    out.write(answer);
                    out.flush();
                    served++;
                    if (first && !atRequest) {
                        break;
                    }
                }
                client.setSoLinger(end == End.RESET_AT_THE_NEXT_REQUEST, 0);
            } catch (IOException gone) {
                // The client went away.
            } finally {
                if (first) {
                    ended.countDown();
                }
            }
        }

        private static boolean readRequest(InputStream in) throws IOException {
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                int octet = in.read();
                if (octet < 0) {
                    return false;
                }
                head.append((char) octet);
            }
            return true;
        }

        private static void start(Runnable body) {
            Thread thread = new Thread(body, "test-server");
            thread.setDaemon(true);
            thread.start();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
