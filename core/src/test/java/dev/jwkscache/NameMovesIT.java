package dev.jwkscache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import dev.jwkscache.testkit.ScriptedProvider;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A host name that moves to another address while the old one answers no more. */
class NameMovesIT {
    private static final String NAME = "idp.test";

    @TempDir
    Path folder;

    /** In a JVM of its own, because names are looked up in a file only if the JVM was started so. */
    @Test
    void aNameThatMovesIsFollowedByTheSecondFetchAtTheLatest() throws Exception {
        Path hosts = Files.writeString(folder.resolve("hosts"), "127.0.0.1 " + NAME + "\n");
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djdk.net.hosts.file=" + hosts,
                        "-Dsun.net.inetaddr.ttl=0",
                        "-cp",
                        System.getProperty("java.class.path"),
                        NameMovesIT.class.getName(),
                        hosts.toString()))
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();

        assumeTrue(!output.contains("no second loopback address"), "this system has one loopback address only");
        assertThat(output).containsPattern("found after [12] fetches");
    }

    public static void main(String[] arguments) throws Exception {
        Path hosts = Path.of(arguments[0]);
        try (ScriptedProvider documents = ScriptedProvider.start("ES256")) {
            byte[] document = documents.document().getBytes(StandardCharsets.UTF_8);
            boolean[] moved = {false};
            HttpServer old = server("127.0.0.1", 0, document, moved);
            HttpServer next;
            try {
                next = server("127.0.0.2", old.getAddress().getPort(), document, new boolean[1]);
            } catch (BindException e) {
                System.out.println("no second loopback address");
                System.exit(0);
                return;
            }
            JwksCache cache = JwksCache.builder(URI.create(
                            "http://" + NAME + ":" + next.getAddress().getPort() + "/"))
                    .allowPlainHttp(true)
                    .fetchTimeout(Duration.ofSeconds(10))
                    .build();
            cache.start();
            moved[0] = true;
            Files.writeString(hosts, "127.0.0.2 " + NAME + "\n");
            for (int fetch = 1; fetch <= 5; fetch++) {
                try {
                    cache.refresh().join();
                    System.out.println("found after " + fetch + " fetches");
                    break;
                } catch (CompletionException e) {
                    System.out.println(e.getMessage());
                }
            }
            System.exit(0);
        }
    }

    private static HttpServer server(String address, int port, byte[] document, boolean[] silent) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getByName(address), port), 0);
        server.createContext("/", exchange -> {
            if (silent[0]) {
                // Neither answered nor closed, as behind a firewall that drops.
                return;
            }
            exchange.sendResponseHeaders(200, document.length);
            exchange.getResponseBody().write(document);
            exchange.close();
        });
        server.start();
        return server;
    }
}
