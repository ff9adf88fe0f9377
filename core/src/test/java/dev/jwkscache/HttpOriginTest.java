package dev.jwkscache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jwkscache.JwksCacheListener.RefreshFailed;
import dev.jwkscache.JwksCacheListener.Refreshed;
import dev.jwkscache.testkit.Behaviour;
import dev.jwkscache.testkit.RecordedRequest;
import dev.jwkscache.testkit.ScriptedProvider;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One exchange over real sockets: what comes of every way in which a server can answer. */
class HttpOriginTest {
    private static final String ALG = "ES256";

    private final ScriptedProvider provider = ScriptedProvider.start(ALG);
    private final BlockingQueue<Object> events = new LinkedBlockingQueue<>();
    private JwksCache cache;

    @BeforeEach
    void build() {
        build(Duration.ofSeconds(20));
    }

    @AfterEach
    void close() {
        cache.close();
        provider.close();
    }

    @Test
    void fetchesWithHeadersThatServersAccept() throws Exception {
        cache.start();
        RecordedRequest request = provider.requests().get(0);

        assertThat(cache.get().size()).isEqualTo(1);
        assertThat(request.method()).isEqualTo("GET");
        assertThat(request.header("Accept")).contains("application/jwk-set+json", "application/json", "*/*");
        assertThat(request.header("Accept-Encoding")).isEqualTo("gzip");
        assertThat(request.header("User-Agent")).startsWith("jwks-cache");
        assertThat(request.header("Cache-Control")).isNull();
        assertThat(request.header("Upgrade")).isNull();
    }

    @Test
    void sendsValidatorsAndTakes304() throws Exception {
        provider.behave(Behaviour.withEtag());
        cache.start();
        JwkSet first = cache.get();
        assertThat(cache.refresh().get(20, TimeUnit.SECONDS)).isSameAs(first);

        RecordedRequest second = provider.requests().get(1);
        assertThat(second.header("If-None-Match")).isNotNull();
        assertThat(second.header("If-Modified-Since")).isNotNull();
        assertThat(second.header("Cache-Control")).isEqualTo("no-cache");
    }

    static Stream<Arguments> answers() {
        return Stream.of(
                Arguments.of(Behaviour.refuse(), FailureReason.CONNECT),
                Arguments.of(Behaviour.reset(), FailureReason.IO),
                Arguments.of(Behaviour.cutOff(), FailureReason.IO),
                Arguments.of(Behaviour.status(500), FailureReason.STATUS),
                Arguments.of(Behaviour.status(404), FailureReason.STATUS),
                Arguments.of(Behaviour.tooManyRequests(Duration.ofSeconds(1)), FailureReason.STATUS),
                Arguments.of(Behaviour.html(), FailureReason.NOT_JSON),
                Arguments.of(Behaviour.truncated(), FailureReason.NOT_JSON),
                Arguments.of(Behaviour.emptySet(), FailureReason.NO_USABLE_KEY),
                Arguments.of(Behaviour.noKeys(), FailureReason.NO_KEYS_MEMBER),
                Arguments.of(Behaviour.oversize(100 << 20), FailureReason.TOO_LARGE),
                Arguments.of(Behaviour.chunkedOversize(100 << 20), FailureReason.TOO_LARGE),
                Arguments.of(Behaviour.gzipBomb(), FailureReason.TOO_LARGE),
                Arguments.of(Behaviour.redirectLoop(), FailureReason.REDIRECT),
                Arguments.of(Behaviour.redirectTo(URI.create("http://127.0.0.1:1/jwks.json")), FailureReason.REDIRECT),
                Arguments.of(Behaviour.redirectTo(URI.create("http://localhost/")), FailureReason.REDIRECT),
                Arguments.of(Behaviour.redirectTo(URI.create("file:///etc/passwd")), FailureReason.REDIRECT),
                Arguments.of(Behaviour.healthy().header("Content-Encoding", "br"), FailureReason.ENCODING),
                Arguments.of(Behaviour.healthy().header("Content-Encoding", "gzip"), FailureReason.ENCODING));
    }

    @ParameterizedTest
    @MethodSource("answers")
    void eachWayToFailHasItsReasonAndLeavesNoConnection(Behaviour behaviour, FailureReason reason) throws Exception {
        cache.start();
        next(Refreshed.class);
        provider.behave(behaviour);

        assertThat(cache.refresh()).failsWithin(Duration.ofSeconds(20));

        assertThat(next(RefreshFailed.class).failure().reason()).isEqualTo(reason);
        assertThat(cache.get().size()).isEqualTo(1);
        if (reason == FailureReason.TOO_LARGE && !behaviour.equals(Behaviour.gzipBomb())) {
            provider.allConnectionsClosed().get(20, TimeUnit.SECONDS);
        }
    }

    static Stream<Behaviour> hangs() {
        return Stream.of(
                Behaviour.hangBeforeHeaders(),
                Behaviour.hangInBody(),
                Behaviour.drip(1, Duration.ofMillis(20)),
                Behaviour.healthy().slow(Duration.ofSeconds(30)));
    }

    @ParameterizedTest
    @MethodSource("hangs")
    void theOneDeadlineCoversTheBodyAndClosesTheConnection(Behaviour behaviour) throws Exception {
        cache.close();
        build(Duration.ofSeconds(1));
        provider.behave(behaviour);

        assertThat(cache.refresh()).failsWithin(Duration.ofSeconds(20));

        assertThat(next(RefreshFailed.class).failure().reason()).isEqualTo(FailureReason.TIMEOUT);
        assertThat(provider.allConnectionsClosed()).succeedsWithin(Duration.ofSeconds(20));
    }

    @ParameterizedTest
    @MethodSource("hangs")
    void closeDuringAHangEndsTheExchangeForReal(Behaviour behaviour) throws Exception {
        cache.start();
        provider.behave(behaviour);
        CompletableFuture<RecordedRequest> arrived = provider.nextRequest();
        CompletableFuture<JwkSet> refresh = cache.refresh();
        arrived.get(20, TimeUnit.SECONDS);

        cache.close();

        assertThat(provider.allConnectionsClosed()).succeedsWithin(Duration.ofSeconds(20));
        assertThat(refresh)
                .failsWithin(Duration.ofSeconds(20))
                .withThrowableThat()
                .withCauseInstanceOf(KeysUnavailableException.class)
                .withMessageContaining("closed");
    }

    @Test
    void followsARedirectOfTheSameOrigin() {
        provider.behave(Behaviour.redirectSameOrigin());
        cache.start();

        assertThat(cache.get().size()).isEqualTo(1);
        assertThat(provider.requests()).hasSizeGreaterThan(1);
    }

    @Test
    void followsFiveRedirectsAndNoSixth() throws Exception {
        provider.behave(Behaviour.redirectTo(provider.jwksUri()), 5);
        cache.start();
        next(Refreshed.class);
        assertThat(provider.requestCount()).isEqualTo(6);

        provider.behave(Behaviour.redirectTo(provider.jwksUri()), 6);
        assertThat(cache.refresh()).failsWithin(Duration.ofSeconds(20));
        assertThat(next(RefreshFailed.class).failure().reason()).isEqualTo(FailureReason.REDIRECT);
        assertThat(provider.requestCount()).isEqualTo(12);
    }

    @Test
    void redirectsShareTheOneDeadline() throws Exception {
        cache.close();
        build(Duration.ofSeconds(1));
        provider.behave(Behaviour.redirectTo(provider.jwksUri()).slow(Duration.ofMillis(700)), 3);

        assertThat(cache.refresh()).failsWithin(Duration.ofSeconds(20));

        assertThat(next(RefreshFailed.class).failure().reason()).isEqualTo(FailureReason.TIMEOUT);
    }

    @Test
    void unpacksGzip() {
        provider.behave(Behaviour.gzip());
        cache.start();

        assertThat(cache.get().size()).isEqualTo(1);
    }

    @Test
    void unpackingStopsAtTheLimit() throws Exception {
        byte[] plain = "x".repeat(5000).getBytes(StandardCharsets.US_ASCII);
        byte[] packed = gzip(plain);

        assertThat(ContentDecoding.decode("GZIP", packed, 5000)).isEqualTo(plain);
        assertThat(ContentDecoding.decode("x-gzip", packed, 5001)).isEqualTo(plain);
        assertThat(reasonOf(() -> ContentDecoding.decode("gzip", packed, 4999))).isEqualTo(FailureReason.TOO_LARGE);
        assertThat(reasonOf(() -> ContentDecoding.decode("gzip", plain, 5000))).isEqualTo(FailureReason.ENCODING);
        assertThat(reasonOf(() -> ContentDecoding.decode("gzip", java.util.Arrays.copyOf(packed, 20), 5000)))
                .isEqualTo(FailureReason.ENCODING);
        assertThat(ContentDecoding.decode("identity", plain, 5000)).isSameAs(plain);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://idp.example/other", "//evil.example/k", "https://idp.example:8443/k",
                        "https://IDP.example.evil/",
                "http://idp.example:443/k", "javascript:alert(1)", "::bad::", "https://"
            })
    void aRedirectAwayFromTheOriginOrToPlainHttpIsRefused(String location) {
        URI from = URI.create("https://idp.example/jwks.json");

        assertThat(reasonOf(() -> Addresses.redirectTarget(from, location))).isEqualTo(FailureReason.REDIRECT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/other",
                "other",
                "?page=2",
                "https://IDP.example/k",
                "https://idp.example:443/k",
                "//idp.example/"
            })
    void aRedirectWithinTheOriginIsFollowed(String location) throws Exception {
        URI from = URI.create("https://idp.example/jwks.json");

        assertThat(Addresses.sameOrigin(from, Addresses.redirectTarget(from, location)))
                .isTrue();
    }

    @Test
    void aRedirectWithoutTargetIsRefused() {
        assertThat(reasonOf(() -> Addresses.redirectTarget(URI.create("https://idp.example/"), null)))
                .isEqualTo(FailureReason.REDIRECT);
    }

    @Test
    void failuresSayWhatToLookAtAndNothingRaw() {
        assertThat(Failures.explain(new javax.net.ssl.SSLHandshakeException("bad\ncert"))
                        .reason())
                .isEqualTo(FailureReason.TLS);
        assertThat(Failures.explain(new javax.net.ssl.SSLHandshakeException("bad\ncert"))
                        .detail())
                .isEqualTo("TLS failed: bad\\u000acert");
        assertThat(Failures.explain(new java.util.concurrent.CompletionException(
                                new IOException(new java.security.cert.CertificateExpiredException())))
                        .reason())
                .isEqualTo(FailureReason.TLS);
        assertThat(Failures.explain(new java.net.ConnectException()
                                .initCause(new java.nio.channels.UnresolvedAddressException()))
                        .detail())
                .isEqualTo("the host name is unknown");
        assertThat(Failures.explain(new java.net.http.HttpTimeoutException("slow"))
                        .reason())
                .isEqualTo(FailureReason.TIMEOUT);
        assertThat(Failures.explain(new IOException((String) null)).detail())
                .isEqualTo("the connection broke: IOException");
    }

    private interface Throwing {
        Object run() throws FetchException;
    }

    private static FailureReason reasonOf(Throwing code) {
        try {
            throw new AssertionError("no failure but " + code.run());
        } catch (FetchException e) {
            return e.reason();
        }
    }

    private void build(Duration fetchTimeout) {
        cache = JwksCache.builder(provider.jwksUri())
                .timeToLive(Duration.ofMinutes(10))
                .fetchTimeout(fetchTimeout)
                .listener(new JwksCacheListener() {
                    @Override
                    public void refreshed(Refreshed event) {
                        events.add(event);
                    }

                    @Override
                    public void refreshFailed(RefreshFailed event) {
                        events.add(event);
                    }
                })
                .build();
    }

    private <T> T next(Class<T> type) throws InterruptedException {
        Object event = events.poll(20, TimeUnit.SECONDS);
        assertThat(event).isInstanceOf(type);
        return type.cast(event);
    }

    private static byte[] gzip(byte[] plain) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(plain);
        }
        return bytes.toByteArray();
    }
}
