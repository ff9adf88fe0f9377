package dev.jwkscache.sidecar.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.net.httpserver.HttpServer;
import dev.jwkscache.JwkSet;
import dev.jwkscache.JwksCache;
import dev.jwkscache.KeysUnavailableException;
import dev.jwkscache.testkit.ScriptedProvider;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What settings make of real requests. */
class ProviderTransportTest {
    private static final String PASSWORD = "changeit";
    private static final String KEYS = """
            {"keys":[{"kty":"OKP","crv":"Ed25519","kid":"a","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}""";

    @TempDir
    private Path folder;

    private final List<String> requests = new CopyOnWriteArrayList<>();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            requests.add(exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().getFirst("X-A") + " "
                    + exchange.getRequestHeaders().getFirst("Authorization"));
            byte[] body = KEYS.getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void requestsGoThroughTheProxyWithFieldsAndToken() throws IOException {
        Path token = Files.writeString(folder.resolve("token"), "abc\n");

        try (JwksCache cache = cache(Told.line(
                        "http://nowhere.invalid/keys",
                        "--allow-plain-http",
                        "--proxy=127.0.0.1:" + server.getAddress().getPort(),
                        "--bearer-token-file=" + token)
                .and("JWKS_CACHE_HEADER", "X-A: b: c"))) {
            cache.start();
            JwkSet keys = cache.get();

            assertThat(keys.size()).isEqualTo(1);
        }
        assertThat(requests).containsExactly("http://nowhere.invalid/keys b: c Bearer abc");
    }

    @Test
    void theCertificatesOfTheFileAreTrusted() throws Exception {
        Path store = folder.resolve("store.p12");
        Path pem = folder.resolve("ca.pem");
        keytool(store, "-genkeypair", "-keyalg", "EC", "-dname", "CN=localhost", "-ext", "san=dns:localhost");
        keytool(store, "-exportcert", "-rfc", "-file", pem.toString());

        try (ScriptedProvider provider = ScriptedProvider.startTls(sockets(store), "ES256")) {
            String address = provider.jwksUri().toString();
            try (JwksCache cache = cache(Told.line("--jwks-uri", address, "--trusted-certificates=" + pem))) {
                cache.start();
                assertThat(cache.get().size()).isEqualTo(1);
            }
            try (JwksCache cache = cache(Told.line("--jwks-uri", address))) {
                assertThat(catchThrowable(cache::start)).isInstanceOf(KeysUnavailableException.class);
            }
        }
    }

    @Test
    void withoutSettingsNothingIsAdded() {
        try (JwksCache cache =
                cache(Told.line("http://127.0.0.1:" + server.getAddress().getPort() + "/keys"))) {
            cache.start();
        }
        assertThat(requests).containsExactly(URI.create("/keys") + " null null");
    }

    private static SSLServerSocketFactory sockets(Path store) throws GeneralSecurityException, IOException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
        managers.init(keys, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context.getServerSocketFactory();
    }

    private static void keytool(Path store, String... more) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(more));
        command.addAll(
                List.of("-alias", "a", "-storetype", "PKCS12", "-storepass", PASSWORD, "-keystore", store.toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }

    private static JwksCache cache(Told told) {
        return told.read().providers().get(0).builder().build();
    }
}
