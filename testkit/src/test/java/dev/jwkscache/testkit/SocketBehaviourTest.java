package dev.jwkscache.testkit;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a real client sees of each behaviour over a real socket. */
@Timeout(60)
class SocketBehaviourTest {
    private final ScriptedProvider provider = ScriptedProvider.start("ES256");
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @AfterEach
    void close() {
        provider.close();
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void servesTheKeysToClientsOfEitherVersion(HttpClient.Version version) throws Exception {
        HttpClient versioned = HttpClient.newBuilder().version(version).build();

        HttpResponse<String> response = versioned.send(request(provider.jwksUri()), BodyHandlers.ofString());

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(response.headers().firstValue("Date")).isPresent();
        assertThat(response.body()).isEqualTo(provider.document());
        assertThat(JWKSet.parse(response.body()).getKeys()).hasSize(1);
    }

    @Test
    void servesMetadataThatPointsToTheKeys() throws Exception {
        HttpResponse<String> response = get(provider.issuer().resolve("/.well-known/openid-configuration"));

        Map<String, Object> metadata = JSONObjectUtils.parse(response.body());
        assertThat(metadata)
                .containsEntry("issuer", provider.issuer().toString())
                .containsEntry("jwks_uri", provider.jwksUri().toString())
                .containsEntry("id_token_signing_alg_values_supported", List.of("ES256"));
        assertThat(provider.requestCount()).isZero();
        assertThat(provider.requests())
                .extracting(RecordedRequest::path)
                .containsExactly("/.well-known/openid-configuration");
    }

    @Test
    void metadataHasABehaviourAndADocumentOfItsOwn() throws Exception {
        URI discovery = provider.issuer().resolve("/.well-known/openid-configuration");
        provider.behaveAtDiscovery(Behaviour.status(500));
        assertThat(get(discovery).statusCode()).isEqualTo(500);
        assertThat(get().statusCode()).isEqualTo(200);

        provider.behaveAtDiscovery(Behaviour.withEtag());
        provider.publishDiscovery("{\"issuer\":\"https://evil.test\"}");
        assertThat(get(discovery).body()).isEqualTo("{\"issuer\":\"https://evil.test\"}");
        assertThat(get(discovery).headers().firstValue("ETag")).isPresent();
        assertThatIllegalArgumentException().isThrownBy(() -> provider.behaveAtDiscovery(Behaviour.refuse()));
    }

    @Test
    void refuseReallyClosesThePortAndHealthyOpensTheSameOneAgain() throws Exception {
        URI address = provider.jwksUri();
        assertThat(get().statusCode()).isEqualTo(200);
        assertThat(provider.openConnections()).isEqualTo(1);

        for (int outage = 0; outage < 3; outage++) {
            provider.behave(Behaviour.refuse());
            provider.behave(Behaviour.refuse());
            assertThat(provider.openConnections()).isZero();
            assertThatExceptionOfType(ConnectException.class).isThrownBy(this::get);

            provider.behave(Behaviour.healthy());
            assertThat(provider.jwksUri()).isEqualTo(address);
            assertThat(get().statusCode()).isEqualTo(200);
        }
        assertThat(provider.requestCount()).isEqualTo(4);
    }

    @Test
    void refuseClosesConnectionsThatHang() throws Exception {
        provider.behave(Behaviour.hangBeforeHeaders());
        CompletableFuture<RecordedRequest> arrival = provider.nextRequest();
        CompletableFuture<HttpResponse<String>> hanging =
                client.sendAsync(request(provider.jwksUri()), BodyHandlers.ofString());
        arrival.get();

        provider.behave(Behaviour.refuse());

        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(hanging::get)
                .withCauseInstanceOf(IOException.class);
    }

    @Test
    void refusalsCannotBeCountedOnASocket() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> provider.behaveOnce(Behaviour.refuse()))
                .withMessageContaining("behave(refuse())");
    }

    @Test
    void resetIsAResetAfterTheRequest() {
        provider.behave(Behaviour.reset());

        assertThatExceptionOfType(IOException.class).isThrownBy(this::get).withStackTraceContaining("Connection reset");
        // The JDK's client repeats a GET on a new connection when the first one fails before a response.
        assertThat(provider.requestCount()).isPositive();
    }

    @Test
    void aClientThatGivesUpAHangBeforeHeadersIsNoticed() throws Exception {
        provider.behave(Behaviour.hangBeforeHeaders());
        CompletableFuture<RecordedRequest> arrival = provider.nextRequest();
        CompletableFuture<HttpResponse<String>> hanging =
                client.sendAsync(request(provider.jwksUri()), BodyHandlers.ofString());
        arrival.get();
        assertThat(provider.openConnections()).isEqualTo(1);
        assertThat(hanging).isNotDone();

        hanging.cancel(true);

        provider.allConnectionsClosed().get();
        assertThat(provider.openConnections()).isZero();
    }

    @Test
    void hangInBodySendsHeadersAndHalfOfTheBody() throws Exception {
        provider.behave(Behaviour.hangInBody());
        int half = provider.document().length() / 2;

        HttpResponse<InputStream> response = client.send(request(provider.jwksUri()), BodyHandlers.ofInputStream());
        String received;
        try (InputStream body = response.body()) {
            received = new String(body.readNBytes(half), StandardCharsets.UTF_8);
            assertThat(body.available()).isZero();
            assertThat(provider.openConnections()).isEqualTo(1);
        }

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(received).isEqualTo(provider.document().substring(0, half));
        provider.allConnectionsClosed().get();
    }

    @Test
    void dripArrivesWholeIfTheClientIsPatient() throws Exception {
        provider.publish("{\"keys\":[ ]}");
        provider.behave(Behaviour.drip(5, Duration.ofMillis(1)));
        assertThat(get().body()).isEqualTo("{\"keys\":[ ]}");

        provider.behave(Behaviour.drip(5, Duration.ofMillis(1)).chunked());
        assertThat(get().body()).isEqualTo("{\"keys\":[ ]}");
    }

    @Test
    void aClientThatGivesUpADripIsNoticed() throws Exception {
        provider.behave(Behaviour.drip(1, Duration.ofMillis(1)));
        HttpResponse<InputStream> response = client.send(request(provider.jwksUri()), BodyHandlers.ofInputStream());
        try (InputStream body = response.body()) {
            assertThat(body.readNBytes(3)).asString(StandardCharsets.UTF_8).isEqualTo("{\"k");
        }

        provider.allConnectionsClosed().get();
    }

    @Test
    void aClientThatGivesUpASlowAnswerIsNoticed() throws Exception {
        provider.behave(Behaviour.healthy().slow(Duration.ofHours(1)));
        CompletableFuture<RecordedRequest> arrival = provider.nextRequest();
        CompletableFuture<HttpResponse<String>> waiting =
                client.sendAsync(request(provider.jwksUri()), BodyHandlers.ofString());
        arrival.get();

        waiting.cancel(true);

        provider.allConnectionsClosed().get();
    }

    @Test
    void slowAnswersComeInTheEnd() throws Exception {
        provider.behave(Behaviour.status(503, Duration.ofSeconds(7)).slow(Duration.ofMillis(5)));

        HttpResponse<String> response = get();

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("Retry-After")).hasValue("7");
    }

    @Test
    void statusesWithoutContentLeaveTheConnectionUsable() throws Exception {
        for (int status : List.of(204, 205, 304, 404, 429, 500, 200)) {
            provider.behaveOnce(Behaviour.status(status));
            assertThat(get().statusCode()).isEqualTo(status);
        }

        assertThat(provider.openConnections()).isEqualTo(1);
    }

    @Test
    void cutOffEndsBeforeTheAnnouncedLength() {
        provider.behave(Behaviour.cutOff());

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(this::get)
                .withStackTraceContaining(
                        "fixed content-length: " + provider.document().length());
    }

    @Test
    void cutOffInChunksEndsWithoutTheLastChunk() {
        provider.behave(Behaviour.cutOff().chunked());

        assertThatExceptionOfType(IOException.class).isThrownBy(this::get).withStackTraceContaining("chunked transfer");
    }

    @Test
    void truncatedIsAnHonestLengthOfHalfTheDocument() throws Exception {
        provider.behave(Behaviour.truncated());

        HttpResponse<String> response = get();

        String half = provider.document().substring(0, provider.document().length() / 2);
        assertThat(response.body()).isEqualTo(half);
        assertThat(response.headers().firstValueAsLong("Content-Length")).hasValue(half.length());
    }

    @Test
    void oversizeIsAnnouncedAndChunkedOversizeIsNot() throws Exception {
        provider.behave(Behaviour.oversize(3_000_000));
        HttpResponse<String> announced = get();
        assertThat(announced.headers().firstValueAsLong("Content-Length")).hasValue(3_000_000);
        assertThat(announced.body()).hasSize(3_000_000);
        assertThat(JWKSet.parse(announced.body()).getKeys()).hasSize(1);

        provider.behave(Behaviour.chunkedOversize(3_000_000));
        HttpResponse<String> chunked = get();
        assertThat(chunked.headers().firstValue("Content-Length")).isEmpty();
        assertThat(chunked.headers().firstValue("Transfer-Encoding")).hasValue("chunked");
        assertThat(chunked.body()).isEqualTo(announced.body());
    }

    @Test
    void aClientThatStopsReadingAnOversizeBodyIsNoticed() throws Exception {
        provider.behave(Behaviour.oversize(Integer.MAX_VALUE));
        HttpResponse<InputStream> response = client.send(request(provider.jwksUri()), BodyHandlers.ofInputStream());
        try (InputStream body = response.body()) {
            assertThat(body.readNBytes(1_000_000)).hasSize(1_000_000);
        }

        provider.allConnectionsClosed().get();
    }

    @Test
    void gzipIsTheDocumentCompressed() throws Exception {
        provider.behave(Behaviour.gzip());

        HttpResponse<byte[]> response = client.send(request(provider.jwksUri()), BodyHandlers.ofByteArray());

        assertThat(response.headers().firstValue("Content-Encoding")).hasValue("gzip");
        try (InputStream unpacked = new GZIPInputStream(new ByteArrayInputStream(response.body()))) {
            assertThat(unpacked.readAllBytes()).asString(StandardCharsets.UTF_8).isEqualTo(provider.document());
        }
    }

    @Test
    void gzipAndPlainHaveDifferentEtags() throws Exception {
        provider.behave(Behaviour.withEtag());
        String plain = get().headers().firstValue("ETag").orElseThrow();
        provider.behave(Behaviour.withEtag().gzipped());
        HttpResponse<byte[]> packed = client.send(request(provider.jwksUri()), BodyHandlers.ofByteArray());

        assertThat(packed.headers().firstValue("ETag")).get().isNotEqualTo(plain);
    }

    @Test
    void gzipBombIsSmallOnTheWireAndAValidSetOf100MebibytesUnpacked() throws Exception {
        provider.behave(Behaviour.gzipBomb());

        HttpResponse<byte[]> response = client.send(request(provider.jwksUri()), BodyHandlers.ofByteArray());

        assertThat(response.body()).hasSizeLessThan(600_000);
        long unpackedSize = 0;
        StringBuilder withoutSpaces = new StringBuilder();
        try (InputStream unpacked = new GZIPInputStream(new ByteArrayInputStream(response.body()))) {
            byte[] piece = new byte[64 * 1024];
            for (int count = unpacked.read(piece); count >= 0; count = unpacked.read(piece)) {
                unpackedSize += count;
                withoutSpaces.append(new String(piece, 0, count, StandardCharsets.US_ASCII).replace(" ", ""));
            }
        }
        assertThat(unpackedSize).isEqualTo(100 * 1024 * 1024);
        assertThat(JWKSet.parse(withoutSpaces.toString()).getKeys()).hasSize(1);
    }

    @Test
    void redirectsLeadWhereTheySay() throws Exception {
        provider.behave(Behaviour.redirectSameOrigin());
        HttpResponse<String> redirect = get();
        assertThat(redirect.statusCode()).isEqualTo(302);
        URI moved = provider.jwksUri()
                .resolve(redirect.headers().firstValue("Location").orElseThrow());
        assertThat(moved.getAuthority()).isEqualTo(provider.jwksUri().getAuthority());
        assertThat(get(moved).body()).isEqualTo(provider.document());

        provider.behave(Behaviour.redirectTo(URI.create("https://elsewhere.test/keys")));
        assertThat(get().headers().firstValue("Location")).hasValue("https://elsewhere.test/keys");
        assertThat(provider.requestCount()).isEqualTo(2);
    }

    @Test
    void redirectLoopNeverEnds() throws Exception {
        provider.behave(Behaviour.redirectLoop());
        URI address = provider.jwksUri();
        for (int hop = 0; hop < 5; hop++) {
            HttpResponse<String> response = get(address);
            assertThat(response.statusCode()).isEqualTo(302);
            address = address.resolve(response.headers().firstValue("Location").orElseThrow());
        }

        HttpClient following = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.ALWAYS)
                .build();
        assertThat(following
                        .send(request(provider.jwksUri()), BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(302);
        assertThat(provider.requestCount()).isEqualTo(2);
    }

    @Test
    void etagIsAnsweredWith304() throws Exception {
        provider.behave(Behaviour.withEtag());
        String etag = get().headers().firstValue("ETag").orElseThrow();

        HttpResponse<String> second = client.send(
                HttpRequest.newBuilder(provider.jwksUri())
                        .header("If-None-Match", etag)
                        .build(),
                BodyHandlers.ofString());

        assertThat(second.statusCode()).isEqualTo(304);
        assertThat(second.body()).isEmpty();
        assertThat(second.headers().firstValue("Content-Length")).isEmpty();
        assertThat(provider.openConnections()).isEqualTo(1);
    }

    @Test
    void headersAndContentTypeAreSentAsTheyAre() throws Exception {
        provider.behave(Behaviour.healthy()
                .cacheControl("max-age=60")
                .contentType("application/jwk-set+json; charset=utf-8")
                .header("Age", "7"));

        HttpResponse<String> response = get();

        assertThat(response.headers().allValues("Content-Type"))
                .containsExactly("application/jwk-set+json; charset=utf-8");
        assertThat(response.headers().firstValue("Cache-Control")).hasValue("max-age=60");
        assertThat(response.headers().firstValue("Age")).hasValue("7");
    }

    @Test
    void countedBehavioursAnswerExactlyThatManyRequestsOfManyClients() throws Exception {
        provider.behave(Behaviour.status(500), 7);
        CountDownLatch go = new CountDownLatch(1);
        List<CompletableFuture<HttpResponse<String>>> all = new java.util.ArrayList<>();
        for (int i = 0; i < 20; i++) {
            all.add(CompletableFuture.supplyAsync(
                            () -> {
                                try {
                                    go.await();
                                } catch (InterruptedException e) {
                                    throw new IllegalStateException(e);
                                }
                                return null;
                            },
                            runnable -> new Thread(runnable).start())
                    .thenCompose(ignored -> client.sendAsync(request(provider.jwksUri()), BodyHandlers.ofString())));
        }
        go.countDown();

        long failed = 0;
        for (CompletableFuture<HttpResponse<String>> response : all) {
            failed += response.get().statusCode() == 500 ? 1 : 0;
        }
        assertThat(failed).isEqualTo(7);
        assertThat(provider.requestCount()).isEqualTo(20);
        assertThat(provider.requests())
                .extracting(RecordedRequest::sequence)
                .isSorted()
                .doesNotHaveDuplicates();
        assertThat(provider.requests().stream().filter(r -> r.behaviour().equals(Behaviour.status(500))))
                .hasSize(7);
    }

    @Test
    void recordsWhatTheClientSent() throws Exception {
        CompletableFuture<RecordedRequest> next = provider.nextRequest();
        client.send(
                HttpRequest.newBuilder(URI.create(provider.jwksUri() + "?v=1"))
                        .header("Cache-Control", "no-cache")
                        .build(),
                BodyHandlers.discarding());

        RecordedRequest request = next.get();
        assertThat(provider.requests()).containsExactly(request);
        assertThat(request.path()).isEqualTo("/jwks.json");
        assertThat(request.header("cache-control")).isEqualTo("no-cache");
        assertThat(requireNonNull(request.headers().get("HOST")))
                .containsExactly(provider.jwksUri().getAuthority());
        assertThat(request.headers()).isUnmodifiable();
        assertThat(request.behaviour()).isEqualTo(Behaviour.healthy());
    }

    @Test
    void aSocketProviderHasNoExchange() {
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> provider.exchange(Map.of()))
                .withMessageContaining("inMemory");
    }

    @Test
    void cutOffInMemoryAndOnASocketAgreeThatItIsAnEarlyEnd() {
        ScriptedProvider memory = ScriptedProvider.inMemory(new VirtualTime(), "ES256");
        memory.behave(Behaviour.cutOff());
        provider.behave(Behaviour.cutOff());

        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> memory.exchange(Map.of()).get())
                .withCauseInstanceOf(EOFException.class);
        assertThatExceptionOfType(IOException.class).isThrownBy(this::get).withRootCauseInstanceOf(EOFException.class);
    }

    private HttpResponse<String> get() throws IOException, InterruptedException {
        return get(provider.jwksUri());
    }

    private HttpResponse<String> get(URI address) throws IOException, InterruptedException {
        return client.send(request(address), BodyHandlers.ofString());
    }

    private static HttpRequest request(URI address) {
        return HttpRequest.newBuilder(address).build();
    }
}
