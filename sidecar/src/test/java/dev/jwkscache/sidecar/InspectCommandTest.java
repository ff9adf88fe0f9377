package dev.jwkscache.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jwkscache.sidecar.Cli.Run;
import dev.jwkscache.testkit.Behaviour;
import dev.jwkscache.testkit.ScriptedProvider;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How sets are served: everything that needs a provider. What is in them: {@link InspectFileTest}. */
class InspectCommandTest {
    private static final Behaviour GOOD = Behaviour.healthy().cacheControl("public, max-age=300");

    @Test
    void aGoodSetIsClean() {
        try (ScriptedProvider provider = ScriptedProvider.start("RS256", "ES384", "EdDSA")) {
            Run run = inspect(provider, GOOD);
            assertThat(run.status()).isZero();
            assertThat(run.err()).isEmpty();
            assertThat(run.lines().get(0)).isEqualTo(provider.jwksUri().toString());
            assertThat(run.out())
                    .contains("3 entries, 3 usable for signatures")
                    .containsPattern("0  " + provider.current("RS256").kid() + " +RSA +RS256 +sig +2048 bits +usable")
                    .containsPattern("2  " + provider.current("EdDSA").kid() + " +OKP +EdDSA +sig +Ed25519 +usable")
                    .endsWith("clean: nothing to complain about\n");
            assertThat(provider.requestCount()).as("fetched once").isEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            no-cache                    | Cache-Control forbids caching (no-cache)
            no-store, max-age=0         | Cache-Control forbids caching (no-store, max-age=0)
            public, max-age=29          | max-age is 29 s
            max-age=86401               | max-age is 24 h
            max-age=30                  |
            max-age=86400               |
            public                      |
            """)
    void oddCacheHeadersAreFindings(String header, String message) {
        try (ScriptedProvider provider = ScriptedProvider.start("ES256")) {
            Run run = inspect(provider, Behaviour.healthy().cacheControl(header));
            assertFindings(run, message);
        }
    }

    @Test
    void noCacheHeaderIsAFinding() {
        try (ScriptedProvider provider = ScriptedProvider.start("ES256")) {
            assertFindings(inspect(provider, Behaviour.healthy()), "no Cache-Control");
        }
    }

    @Test
    void anAgeAboveMaxAgeIsAFinding() {
        try (ScriptedProvider provider = ScriptedProvider.start("ES256")) {
            assertFindings(inspect(provider, GOOD.header("Age", "301")), "Age is 301 s, above max-age of 300 s");
            assertFindings(inspect(provider, GOOD.header("Age", "300")), null);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "text/html,Content-Type is text/html",
        "application/octet-stream,Content-Type is application/octet-stream",
        "application/jwk-set+json;charset=utf-8,",
        "Application/JSON,"
    })
    void aContentTypeThatIsNoJsonIsAFinding(String type, String message) {
        try (ScriptedProvider provider = ScriptedProvider.start("ES256")) {
            assertFindings(inspect(provider, GOOD.contentType(type)), message);
        }
    }

    @Test
    void sizeIsComparedWithWhatACacheTakes() {
        try (ScriptedProvider provider = ScriptedProvider.start("ES256")) {
            assertFindings(inspect(provider, oversize(800 << 10)), null);
            assertFindings(inspect(provider, oversize(900 << 10)), "900.0 KiB are near 1 MiB");
            assertFindings(inspect(provider, oversize(1 << 20)), "1.00 MiB are near 1 MiB");
            assertFindings(inspect(provider, oversize((1 << 20) + 1)), "are above 1 MiB");
            assertFindings(inspect(provider, oversize(3 << 20).gzipped()), "3.00 MiB are above 1 MiB");
        }
    }

    @Test
    void redirectsOfTheSameOriginCostTime() {
        try (ScriptedProvider provider = ScriptedProvider.start("ES256")) {
            Run run = inspect(provider, Behaviour.redirectSameOrigin());
            assertThat(run.out()).contains("1 redirect on each fetch, to " + provider.issuer() + "/moved.json");
            assertThat(run.status()).isEqualTo(1);
        }
    }

    @Test
    void redirectsToAnotherOriginAreNotFollowedByACache() {
        try (ScriptedProvider provider = ScriptedProvider.start("ES256");
                ScriptedProvider other = ScriptedProvider.start("RS256")) {
            other.behave(GOOD);
            Run run = inspect(provider, Behaviour.redirectTo(other.jwksUri()));
            assertFindings(run, "1 redirect to another origin, " + other.jwksUri());
            assertThat(run.out()).contains(other.current("RS256").kid());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "404,answers with status 404 instead of 200",
        "503,answers with status 503 instead of 200",
        "204,answers with status 204 instead of 200"
    })
    void anotherStatusIsUnreachable(int status, String message) {
        try (ScriptedProvider provider = ScriptedProvider.start("ES256")) {
            MainTest.assertOneLine(inspect(provider, Behaviour.status(status)), message);
        }
    }

    @Test
    void whatBreaksIsUnreachable() {
        try (ScriptedProvider provider = ScriptedProvider.start("ES256")) {
            MainTest.assertOneLine(inspect(provider, Behaviour.refuse()), "is unreachable: no connection");
            MainTest.assertOneLine(inspect(provider, Behaviour.reset()), "is unreachable: ");
            MainTest.assertOneLine(inspect(provider, Behaviour.cutOff()), "is unreachable: ");
            MainTest.assertOneLine(inspect(provider, Behaviour.html()), "no JSON object: it looks like HTML or XML");
            MainTest.assertOneLine(inspect(provider, Behaviour.html()), "(Content-Type text/html; charset=utf-8)");
            MainTest.assertOneLine(inspect(provider, Behaviour.truncated()), "no JSON object");
            MainTest.assertOneLine(inspect(provider, Behaviour.jsonArray()), "no JSON object");
            MainTest.assertOneLine(inspect(provider, Behaviour.noKeys()), "no array \"keys\"");
            MainTest.assertOneLine(inspect(provider, Behaviour.deepNesting(200_000)), "no JSON object");
            MainTest.assertOneLine(inspect(provider, oversize(9 << 20)), "it sends more than 8 MiB");
            MainTest.assertOneLine(inspect(provider, oversize(9 << 20).chunked()), "it sends more than 8 MiB");
            MainTest.assertOneLine(inspect(provider, Behaviour.gzipBomb()), "more than 8 MiB after decompression");
            MainTest.assertOneLine(inspect(provider, Behaviour.redirectLoop()), "redirects more than 5 times");
            MainTest.assertOneLine(
                    inspect(provider, Behaviour.redirectTo(URI.create("http://idp.invalid/jwks.json"))),
                    "redirects to plain http, to http://idp.invalid/jwks.json");
            MainTest.assertOneLine(
                    inspect(provider, Behaviour.redirectTo(URI.create("ftp://idp.invalid/"))), "a redirect to nowhere");
            MainTest.assertOneLine(inspect(provider, GOOD.header("Content-Encoding", "br")), "Content-Encoding br");
        }
    }

    @Test
    void oneDeadlineCoversTheBody() {
        try (ScriptedProvider provider = ScriptedProvider.start("ES256")) {
            for (Behaviour behaviour : new Behaviour[] {
                Behaviour.hangBeforeHeaders(), Behaviour.hangInBody(), Behaviour.drip(1, Duration.ofMillis(50))
            }) {
                provider.behave(behaviour);
                Run run = Cli.run("inspect", provider.jwksUri().toString(), "--timeout", "0.4");
                MainTest.assertOneLine(run, "gave no complete answer within 0.4 s");
                provider.allConnectionsClosed().orTimeout(30, TimeUnit.SECONDS).join();
            }
        }
    }

    @Test
    void troubleWithTlsIsTold() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread plain = new Thread(() -> {
                try (Socket client = server.accept()) {
                    // A fatal alert (RFC 8446 §6): handshake_failure. Read on, so that no reset overtakes it.
                    client.getOutputStream().write(new byte[] {21, 3, 3, 0, 2, 2, 40});
                    client.getInputStream().transferTo(OutputStream.nullOutputStream());
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            plain.setDaemon(true);
            plain.start();
            Run run = Cli.run("inspect", "https://127.0.0.1:" + server.getLocalPort() + "/jwks.json");
            MainTest.assertOneLine(run, "is unreachable: TLS failed: ");
        }
    }

    @Test
    void anUnknownHostIsTold() {
        MainTest.assertOneLine(Cli.run("inspect", "https://host.invalid/"), "https://host.invalid/ is unreachable: ");
    }

    @Test
    void headersOfTheProviderCannotMoveTheCursor() {
        try (ScriptedProvider provider = ScriptedProvider.start("ES256")) {
            Run run = inspect(
                    provider,
                    Behaviour.healthy().cacheControl("no-store\u009b31m").contentType("a\u009bb"));
            assertThat(run.out().replace("\n", "")).matches("[^\\p{Cntrl}\\u0080-\\u009f]*");
        }
    }

    private static Behaviour oversize(int bytes) {
        return Behaviour.oversize(bytes).cacheControl("max-age=300");
    }

    private static Run inspect(ScriptedProvider provider, Behaviour behaviour) {
        provider.behave(behaviour);
        return Cli.run("inspect", provider.jwksUri().toString());
    }

    /** The one finding that there is; none for null. */
    private static void assertFindings(Run run, @Nullable String message) {
        assertThat(run.err()).isEmpty();
        if (message == null) {
            assertThat(run.out()).endsWith("clean: nothing to complain about\n");
            assertThat(run.status()).isZero();
        } else {
            assertThat(run.out()).contains(message).endsWith("\n1 finding\n");
            assertThat(run.status()).isEqualTo(1);
        }
    }
}
