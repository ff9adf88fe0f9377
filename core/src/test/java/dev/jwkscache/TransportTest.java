package dev.jwkscache;

import static dev.jwkscache.OneStart.failure;
import static dev.jwkscache.OneStart.keys;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.jwkscache.testkit.Behaviour;
import dev.jwkscache.testkit.RecordedRequest;
import dev.jwkscache.testkit.ScriptedProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Proxies and header fields over real sockets. */
class TransportTest {
    private static final String ALG = "ES256";

    @TempDir
    static Path folder;

    @Test
    void aConfiguredProxyIsUsedAndNoOther() throws Exception {
        try (ScriptedProvider provider = ScriptedProvider.start(ALG);
                Tunnel tunnel = new Tunnel()) {
            URI unreachable = URI.create("http://idp.test/jwks.json");
            HttpServer proxy = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            proxy.createContext("/", exchange -> {
                byte[] document = provider.document().getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, document.length);
                exchange.getResponseBody().write(document);
                exchange.close();
            });
            proxy.start();
            try {
                InetSocketAddress address = proxy.getAddress();
                Transport through = Transport.standard().proxy(ProxySelector.of(address));
                try (JwksCache cache = JwksCache.builder(unreachable)
                        .allowPlainHttp(true)
                        .transport(through)
                        .build()) {
                    cache.start();
                    assertThat(cache.get().kids()).containsExactly(Stage.kid(provider.current(ALG)));
                }
            } finally {
                proxy.stop(0);
            }
            assertThat(failure(
                            URI.create("https://idp.test/jwks.json"),
                            Transport.standard().proxy(ProxySelector.of(tunnel.address()))))
                    .contains("failed with");
            assertThat(tunnel.firstLine()).startsWith("CONNECT idp.test:443 ");
        }
    }

    @Test
    void theJvmsProxySettingsAreHonouredAndTheConfiguredOneWinsOverThem() throws Exception {
        ProxySelector before = ProxySelector.getDefault();
        try (Tunnel ofTheJvm = new Tunnel();
                Tunnel configured = new Tunnel()) {
            ProxySelector.setDefault(new Everywhere(ofTheJvm.address(), "direct.test"));

            failure(URI.create("https://idp.test/jwks.json"), Transport.standard());
            assertThat(ofTheJvm.firstLine()).startsWith("CONNECT idp.test:443 ");

            failure(
                    URI.create("https://idp.test/jwks.json"),
                    Transport.standard().proxy(ProxySelector.of(configured.address())));
            assertThat(configured.firstLine()).startsWith("CONNECT idp.test:443 ");

            assertThat(failure(URI.create("https://direct.test/jwks.json"), Transport.standard()))
                    .contains("connect:");
            assertThat(ofTheJvm.connections.get()).isEqualTo(1);
        } finally {
            ProxySelector.setDefault(before);
        }
    }

    @Test
    void aTokenFileIsReadForEachFetch() throws Exception {
        Path file = Files.writeString(folder.resolve("token"), "first.token\n");
        try (ScriptedProvider provider = ScriptedProvider.start(ALG);
                JwksCache cache = JwksCache.builder(provider.jwksUri())
                        .transport(Transport.standard().bearerTokenFile(file))
                        .build()) {
            cache.start();
            Files.writeString(file, "second.token");
            cache.refresh().join();

            assertThat(provider.requests())
                    .extracting(request -> request.header("Authorization"))
                    .containsExactly("Bearer first.token", "Bearer second.token");
        }
    }

    @Test
    void aTokenNeverCrossesToAnotherHost() throws Exception {
        Path file = Files.writeString(folder.resolve("secret"), "s3cr3t-token");
        try (ScriptedProvider provider = ScriptedProvider.start(ALG);
                ScriptedProvider thief = ScriptedProvider.start(ALG)) {
            provider.behave(Behaviour.redirectTo(thief.jwksUri()));
            String message = failure(provider.jwksUri(), Transport.standard().bearerTokenFile(file));

            assertThat(message).contains("redirect:").doesNotContain("s3cr3t");
            assertThat(thief.requests()).isEmpty();

            provider.behave(Behaviour.redirectSameOrigin());
            keys(provider.jwksUri(), Transport.standard().bearerTokenFile(file));
            List<RecordedRequest> requests = provider.requests();
            assertThat(requests.subList(requests.size() - 2, requests.size()))
                    .extracting(request -> request.header("Authorization"))
                    .containsOnly("Bearer s3cr3t-token");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  \n", "two words", "line\r\nX-Injected: 1", "caf\u00e9"})
    void aFileWithoutATokenIsAFailedRefreshThatTellsNothingOfIt(String content) throws Exception {
        Path file = Files.writeString(folder.resolve("bad-token"), content);
        try (ScriptedProvider provider = ScriptedProvider.start(ALG)) {
            String message = failure(provider.jwksUri(), Transport.standard().bearerTokenFile(file));

            assertThat(message).contains("request: the token file").contains("bad-token");
            assertThat(message).doesNotContain("two words").doesNotContain("X-Injected");
            assertThat(provider.requests()).isEmpty();
        }
        assertThat(failure(
                        URI.create("http://127.0.0.1:9/"),
                        Transport.standard().bearerTokenFile(folder.resolve("absent"))))
                .contains("cannot be read (NoSuchFileException)");
    }

    @Test
    void headerFieldsAreAskedForBeforeEachFetchAndReplaceOurOwn() throws Exception {
        try (ScriptedProvider provider = ScriptedProvider.start(ALG)) {
            int[] asked = {0};
            Transport transport = Transport.standard()
                    .header("User-Agent", () -> "shop/1.0")
                    .header("X-Api-Key", () -> "old")
                    .header("x-api-key", () -> "key-" + ++asked[0]);
            try (JwksCache cache =
                    JwksCache.builder(provider.jwksUri()).transport(transport).build()) {
                cache.start();
                cache.refresh().join();
            }
            assertThat(provider.requests())
                    .extracting(request -> request.header("User-Agent") + " " + request.header("X-Api-Key"))
                    .containsExactly("shop/1.0 key-1", "shop/1.0 key-2");
        }
    }

    @Test
    void aHeaderValueThatCannotBeHadOrSentIsAFailedRefreshThatDoesNotRepeatIt() {
        URI nobody = URI.create("http://127.0.0.1:9/");
        assertThat(failure(nobody, Transport.standard().header("X-Key", () -> {
                    throw new IllegalStateException("s3cr3t");
                })))
                .contains("header field X-Key could not be had: java.lang.IllegalStateException")
                .doesNotContain("s3cr3t");
        assertThat(failure(nobody, Transport.standard().header("X-Key", () -> "s3cr3t\r\nHost: evil")))
                .contains("the value of header field X-Key is none")
                .doesNotContain("s3cr3t");
        assertThat(failure(nobody, Transport.standard().header("X-Key", () -> null)))
                .contains("X-Key is none");
    }

    @Test
    void refusesWhatCannotBeMeant() {
        Transport both = Transport.standard().trustedCertificates(Path.of("ca.pem"));
        assertThatThrownBy(() -> both.sslContext(SSLContext.getDefault()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("both decide whom to trust");
        for (String name : List.of("", "two words", "X\r\nY", "naïve", "Host", "if-none-match", "Content-Length")) {
            assertThatThrownBy(() -> Transport.standard().header(name, () -> "v"))
                    .describedAs(name)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("header field");
        }
        assertThatThrownBy(() -> JwksCache.builder(URI.create("https://idp.test/"))
                        .origin(request -> null)
                        .transport(both)
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("transport is set, but origin replaces HTTP");
        assertThat(Transport.standard().header("X-Key", () -> "s3cr3t").toString())
                .contains("X-Key")
                .doesNotContain("s3cr3t");
    }

    /** A proxy for everything but one host. */
    private static final class Everywhere extends ProxySelector {
        private final InetSocketAddress proxy;
        private final String direct;

        Everywhere(InetSocketAddress proxy, String direct) {
            this.proxy = proxy;
            this.direct = direct;
        }

        @Override
        public List<Proxy> select(URI address) {
            return List.of(direct.equals(address.getHost()) ? Proxy.NO_PROXY : new Proxy(Proxy.Type.HTTP, proxy));
        }

        @Override
        public void connectFailed(URI address, SocketAddress at, IOException failure) {}
    }
}
