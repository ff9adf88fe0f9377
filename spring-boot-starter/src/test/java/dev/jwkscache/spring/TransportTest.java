package dev.jwkscache.spring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.jwkscache.CacheState;
import dev.jwkscache.JwksCache;
import dev.jwkscache.real.Eventually;
import dev.jwkscache.testkit.RecordedRequest;
import dev.jwkscache.testkit.ScriptedProvider;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class TransportTest {
    private static final char[] PASSWORD = "password".toCharArray();

    private final ApplicationContextRunner context = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, JwksCacheAutoConfiguration.class));

    @TempDir
    Path folder;

    @Test
    void headersAndTheBearerTokenAreSentAndThoseOfOneIssuerGoBeforeThoseOfAll() throws Exception {
        Path token = Files.writeString(folder.resolve("token"), "of-all");
        Path own = Files.writeString(folder.resolve("own"), "own");
        try (ScriptedProvider one = ScriptedProvider.start();
                ScriptedProvider two = ScriptedProvider.start()) {
            context.withPropertyValues(
                            "jwks-cache.transport.headers.User-Agent=shop/1",
                            "jwks-cache.transport.headers.X-All=all",
                            "jwks-cache.transport.bearer-token-file=" + token,
                            "jwks-cache.issuers.one.issuer-uri=" + one.issuer(),
                            "jwks-cache.issuers.one.jwk-set-uri=" + one.jwksUri(),
                            "jwks-cache.issuers.two.issuer-uri=" + two.issuer(),
                            "jwks-cache.issuers.two.jwk-set-uri=" + two.jwksUri(),
                            "jwks-cache.issuers.two.transport.headers.X-All=two",
                            "jwks-cache.issuers.two.transport.bearer-token-file=" + own)
                    .run(it -> {
                        RecordedRequest first =
                                Eventually.answer(() -> one.requests().get(0));
                        RecordedRequest second =
                                Eventually.answer(() -> two.requests().get(0));
                        assertThat(first.header("Authorization")).isEqualTo("Bearer of-all");
                        assertThat(first.header("User-Agent")).isEqualTo("shop/1");
                        assertThat(first.header("X-All")).isEqualTo("all");
                        assertThat(second.header("Authorization")).isEqualTo("Bearer own");
                        assertThat(second.header("User-Agent")).isEqualTo("shop/1");
                        assertThat(second.header("X-All")).isEqualTo("two");
                    });
        }
    }

    @Test
    void aProxyIsGoneThroughAndHasHostAndPort() throws Exception {
        HttpServer proxy = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        try (ScriptedProvider provider = ScriptedProvider.start()) {
            proxy.createContext("/", exchange -> {
                byte[] document = provider.document().getBytes(UTF_8);
                exchange.sendResponseHeaders(200, document.length);
                exchange.getResponseBody().write(document);
                exchange.close();
            });
            proxy.start();
            String port =
                    "jwks-cache.transport.proxy.port=" + proxy.getAddress().getPort();
            ApplicationContextRunner plain = context.withPropertyValues(
                    "jwks-cache.issuers.a.jwk-set-uri=http://keys.test/jwks.json", "jwks-cache.allow-plain-http=true");

            plain.withPropertyValues("jwks-cache.transport.proxy.host=127.0.0.1", port)
                    .run(it -> Eventually.check(() -> assertThat(
                                    it.getBean(JwksCache.class).status().state())
                            .isEqualTo(CacheState.FRESH)));
            plain.withPropertyValues(port)
                    .run(it -> assertThat(it).getFailure().hasStackTraceContaining("a proxy needs host and port"));
            plain.withPropertyValues("jwks-cache.transport.proxy.host=127.0.0.1")
                    .run(it -> assertThat(it).getFailure().hasStackTraceContaining("127.0.0.1 has no port"));
        } finally {
            proxy.stop(0);
        }
    }

    @Test
    void aPemFileOrABundleDecidesWhomToTrust() throws Exception {
        Path keys = keyStore();
        Path pem = pem(keys);
        try (ScriptedProvider provider = ScriptedProvider.startTls(server(keys).getServerSocketFactory(), "ES256")) {
            String address = "jwks-cache.issuers.a.jwk-set-uri=" + provider.jwksUri();
            String bundle = "spring.ssl.bundle.pem.idp.truststore.certificate=" + pem;
            String byBundle = "jwks-cache.transport.ssl.bundle=idp";
            String byFile = "jwks-cache.transport.trusted-certificates=" + pem;
            for (List<String> trust : List.of(
                    List.of(byFile),
                    List.of(bundle, byBundle),
                    List.of(bundle, "jwks-cache.issuers.a.transport.ssl.bundle=idp"),
                    List.of(bundle, byBundle, "jwks-cache.issuers.a.transport.trusted-certificates=" + pem))) {
                context.withPropertyValues(address)
                        .withPropertyValues(trust.toArray(String[]::new))
                        .run(it -> Eventually.check(() -> assertThat(
                                        it.getBean(JwksCache.class).status().state())
                                .as("%s", trust)
                                .isEqualTo(CacheState.FRESH)));
            }

            context.withPropertyValues(address)
                    .run(it -> Eventually.check(() -> assertThat(
                                    it.getBean(JwksCache.class).status().lastFailure())
                            .hasValueSatisfying(
                                    failure -> assertThat(failure.describe()).contains("tls"))));
            context.withPropertyValues(address, bundle, byBundle, byFile)
                    .run(it -> assertThat(it).getFailure().hasStackTraceContaining("both decide whom to trust"));
            context.withPropertyValues(address, byBundle)
                    .run(it -> assertThat(it).getFailure().hasStackTraceContaining("SSL bundle name 'idp'"));
        }
    }

    private Path keyStore() throws Exception {
        Path file = folder.resolve("keys.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "server",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        new String(PASSWORD))
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes(), UTF_8);
        assertThat(keytool.waitFor()).as(said).isZero();
        return file;
    }

    private Path pem(Path keys) throws Exception {
        byte[] certificate = load(keys).getCertificate("server").getEncoded();
        return Files.writeString(
                folder.resolve("ca.pem"),
                "-----BEGIN CERTIFICATE-----\n" + Base64.getMimeEncoder().encodeToString(certificate)
                        + "\n-----END CERTIFICATE-----\n");
    }

    private static SSLContext server(Path keys) throws Exception {
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(load(keys), PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    private static KeyStore load(Path file) throws Exception {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream bytes = Files.newInputStream(file)) {
            keys.load(bytes, PASSWORD);
        }
        return keys;
    }
}
