package dev.jwkscache.sidecar.serving;

import static dev.jwkscache.sidecar.providers.Town.ALG;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jwkscache.sidecar.configuration.ProviderConfiguration;
import dev.jwkscache.sidecar.configuration.ProviderConfiguration.Kind;
import dev.jwkscache.sidecar.providers.Town;
import dev.jwkscache.testkit.Behaviour;
import dev.jwkscache.testkit.SigningKey;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the key server answers, on virtual time and without sockets. */
class KeyHandlerTest {
    private static final Duration TTL = Duration.ofSeconds(600);
    private static final Duration MAX_STALENESS = Duration.ofSeconds(3600);
    private static final String SET = "/default/jwks.json";

    private final Town town = Town.started();
    private final List<String> counted = new ArrayList<>();
    private KeyHandler handler = handler(Set.of(), null, Duration.ofMillis(250));

    @AfterEach
    void close() {
        town.close();
    }

    @Test
    void theSetHasTheKeysAndWhatMayBeDoneWithThem() throws Exception {
        Seen seen = get(SET);

        assertThat(seen.status()).isEqualTo(200);
        assertThat(seen.field("Content-Type")).isEqualTo("application/jwk-set+json");
        assertThat(seen.field("Age")).isEqualTo("0");
        assertThat(seen.field("Cache-Control"))
                .as("a whole second less, since it may be sent for a moment")
                .isEqualTo("max-age=599, stale-if-error=3000");
        assertThat(seen.field("ETag")).startsWith("\"").endsWith("\"");
        assertThat(seen.field("Vary")).isEqualTo("Accept-Encoding");
        assertThat(seen.field("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(seen.field("Access-Control-Allow-Origin")).isNull();
        assertThat(seen.field("Date")).endsWith(" GMT");
        JsonArray keys = new JsonObject(seen.body()).getJsonArray("keys");
        assertThat(keys.size()).isEqualTo(1);
        assertThat(keys.getJsonObject(0))
                .isEqualTo(new JsonObject(town.provider.current(ALG).jwk()));
        assertThat(counted).containsExactly("default jwks.json 200");
    }

    @Test
    void encryptionSymmetricAndUnusableKeysAndPrivateMembersAreNotServed() {
        String key = town.provider.current(ALG).jwk();
        String leaked = key.substring(0, key.length() - 1) + ",\"d\":\"c2VjcmV0\"}";
        town.provider.publish("{\"keys\":[" + leaked + ",{\"kty\":\"oct\",\"k\":\"c2VjcmV0\",\"kid\":\"s\"},"
                + "{\"kty\":\"RSA\",\"use\":\"enc\",\"n\":\"AQAB\",\"e\":\"AQAB\"},{\"kty\":\"XYZ\"},17]}");
        town.only().cache().refresh();
        town.pass(Duration.ofSeconds(1));

        String body = get(SET).body();

        assertThat(new JsonObject(body)).isEqualTo(new JsonObject("{\"keys\":[" + key + "]}"));
        assertThat(body).doesNotContain("c2VjcmV0");
    }

    @Test
    void maxAgeIsWhatIsLeftOfFreshnessAndTheRestUpToMaxStalenessIsForErrors() {
        town.provider.behave(Behaviour.status(500));
        town.pass(TTL.plusSeconds(400));

        Seen seen = get(SET);

        assertThat(seen.status()).isEqualTo(200);
        assertThat(seen.field("Age")).isEqualTo("1000");
        assertThat(seen.field("Cache-Control")).isEqualTo("max-age=1, stale-if-error=2598");
    }

    @Test
    void whatIsToldNeverReachesPastMaxStalenessAtAnyMoment() {
        town.provider.behave(Behaviour.status(500));
        for (long second = 0; second < MAX_STALENESS.toSeconds(); second += 7) {
            Seen seen = get(SET);
            long[] spans = spans(seen);
            assertThat(second + spans[0] + spans[1])
                    .as("at %d s", second)
                    .isLessThanOrEqualTo(MAX_STALENESS.toSeconds());
            assertThat(second + spans[0])
                    .as("at %d s", second)
                    .isLessThanOrEqualTo(Math.max(second + 1, TTL.toSeconds()));
            town.pass(Duration.ofSeconds(7));
        }
    }

    @Test
    void expiredKeysAreNeverServedAndTheAnswerSaysWhenToComeAgain() {
        town.provider.behave(Behaviour.status(500));
        town.pass(MAX_STALENESS);
        assertThat(get(SET).status()).as("at max staleness").isEqualTo(200);
        town.pass(Duration.ofMillis(1));

        Seen seen = get(SET);

        assertThat(seen.status()).isEqualTo(503);
        assertThat(Long.parseLong(seen.field("Retry-After"))).isBetween(1L, 300L);
        assertThat(seen.field("Cache-Control")).isEqualTo("no-store");
        JsonObject body = new JsonObject(seen.body());
        assertThat(body.getString("error")).isEqualTo("keys expired");
        assertThat(body.getString("detail")).contains("status 500");
        assertThat(get("/default/keys/" + town.kid()).status()).isEqualTo(503);
        assertThat(counted).contains("default jwks.json 503", "default keys 503");
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP 500", "html", "empty set"})
    void anEmptyCacheAnswers503AndNeverAnEmptySet(String trouble) {
        try (Town empty = new Town()) {
            empty.provider.behave(
                    switch (trouble) {
                        case "html" -> Behaviour.html();
                        case "empty set" -> Behaviour.emptySet();
                        default -> Behaviour.status(500);
                    });
            empty.providers.keep(List.of(empty.named("default", Map.of())));
            KeyHandler of = new KeyHandler(
                    empty.providers,
                    new CrossOrigin(Set.of()),
                    Duration.ZERO,
                    null,
                    RequestCounter.NONE,
                    empty.time.nanoTime());

            Seen seen = Seen.of(of.handle(request(HttpMethod.GET, SET)));

            assertThat(seen.status()).isEqualTo(503);
            assertThat(seen.field("Retry-After")).isNotNull();
            assertThat(new JsonObject(seen.body()).getString("error")).isEqualTo("keys unavailable");
        }
    }

    @Test
    void whoHasTheSetIsToldSoInEitherEncoding() {
        Seen plain = get(SET);
        Seen gzip = get(SET, "Accept-Encoding", "br, gzip;q=0.5");
        assertThat(gzip.field("ETag"))
                .as("another representation has another strong tag")
                .isNotEqualTo(plain.field("ETag"));

        for (String tag : List.of(
                plain.field("ETag"),
                gzip.field("ETag"),
                "W/" + plain.field("ETag"),
                "*",
                "\"other\" , " + plain.field("ETag"))) {
            Seen seen = get(SET, "If-None-Match", tag);
            assertThat(seen.status()).as(tag).isEqualTo(304);
            assertThat(seen.body()).isEmpty();
            assertThat(seen.field("ETag")).isEqualTo(plain.field("ETag"));
            assertThat(seen.field("Cache-Control")).isEqualTo(plain.field("Cache-Control"));
            assertThat(seen.field("Content-Length")).isNull();
        }
        assertThat(get(SET, "If-None-Match", "\"other\"").status()).isEqualTo(200);
    }

    @Test
    void theTagChangesWithTheSetAndOnlyWithIt() {
        String before = get(SET).field("ETag");
        town.pass(TTL);
        assertThat(get(SET).field("ETag")).isEqualTo(before);

        town.provider.rotate(ALG);
        town.only().cache().refresh();
        town.pass(Duration.ofSeconds(1));

        assertThat(get(SET).field("ETag")).isNotEqualTo(before);
    }

    @Test
    void gzipIsSentToWhoAcceptsIt() throws Exception {
        Seen gzip = get(SET, "Accept-Encoding", "gzip");

        assertThat(gzip.field("Content-Encoding")).isEqualTo("gzip");
        try (GZIPInputStream in =
                new GZIPInputStream(new ByteArrayInputStream(gzip.content().getBytes()))) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo(get(SET).body());
        }
        for (String refusal : List.of("gzip;q=0", "identity", "br", "gzip; q=0.000, *")) {
            assertThat(get(SET, "Accept-Encoding", refusal).field("Content-Encoding"))
                    .as(refusal)
                    .isNull();
        }
        assertThat(get(SET, "Accept-Encoding", "*").field("Content-Encoding")).isEqualTo("gzip");
    }

    @Test
    void headHasTheFieldsOfGetAndNoBody() {
        Seen get = get(SET);
        Seen head = Seen.of(handler.handle(request(HttpMethod.HEAD, SET)), true);

        assertThat(head.fields()).isEqualTo(get.fields());
        assertThat(head.body()).isEmpty();
    }

    @Test
    void aRotationIsSeenByTheFirstWhoAsksAfterIt() {
        SigningKey rotated = town.provider.rotate(ALG);
        waitForLook();

        assertThat(get(SET).body()).contains(String.valueOf(rotated.kid()));
    }

    @Test
    void whoAsksWaitsAMomentForAWellProviderAndNotAtAllForOneThatFails() {
        town.provider.behave(Behaviour.healthy().slow(Duration.ofMillis(100)));
        town.pass(Duration.ofSeconds(20));
        waitForLook();
        assertThat(handler.handle(request(HttpMethod.GET, SET))).isInstanceOf(Outcome.Later.class);
        town.pass(Duration.ofSeconds(1));

        town.provider.behave(Behaviour.status(500));
        town.only().cache().refresh();
        town.pass(Duration.ofSeconds(20));
        town.provider.behave(Behaviour.hangBeforeHeaders());
        waitForStamp();

        assertThat(handler.handle(request(HttpMethod.GET, SET))).isInstanceOf(Answer.class);
    }

    @Test
    void askingAtAnyRateCostsOneFetchInAMissCooldown() {
        town.pass(Duration.ofSeconds(20));
        town.provider.clearRequests();
        for (int i = 0; i < 20; i++) {
            waitForLook();
            get(SET);
            town.pass(Duration.ofMillis(400));
        }

        assertThat(town.provider.requestCount()).isEqualTo(1);
    }

    @Test
    void aLookIsMadeAsSoonAsTheBudgetAllowsItAgain() {
        waitForLook();
        get(SET);
        town.pass(Duration.ofMillis(9990));
        get(SET);
        SigningKey rotated = town.provider.rotate(ALG);
        waitForLook();

        assertThat(get(SET).body()).contains(String.valueOf(rotated.kid()));
    }

    @Test
    void whoDoesNotWantWhatIsKeptWaitsForTheRefreshThatTheBudgetAllows() {
        SigningKey rotated = town.provider.rotate(ALG);
        handler = handler(Set.of(), null, Duration.ZERO);

        assertThat(get(SET, "Cache-Control", "no-cache").body()).contains(String.valueOf(rotated.kid()));
    }

    @Test
    void aKeyIsServedByItsKidAsJwkAndAsPem() throws Exception {
        String kid = town.kid();

        Seen jwk = get("/default/keys/" + kid);
        Seen pem = get("/default/keys/" + kid + ".pem");
        Seen wished = get("/default/keys/" + kid, "Accept", "application/x-pem-file");

        assertThat(jwk.field("Content-Type")).isEqualTo("application/jwk+json");
        assertThat(new JsonObject(jwk.body()))
                .isEqualTo(new JsonObject(town.provider.current(ALG).jwk()));
        assertThat(pem.field("Content-Type")).isEqualTo("application/x-pem-file");
        assertThat(wished.body()).isEqualTo(pem.body());
        String base64 = pem.body()
                .replace("-----BEGIN PUBLIC KEY-----", "")
                .replace("-----END PUBLIC KEY-----", "")
                .replaceAll("\\s", "");
        assertThat(KeyFactory.getInstance("EC")
                        .generatePublic(
                                new X509EncodedKeySpec(Base64.getDecoder().decode(base64))))
                .isEqualTo(town.provider.current(ALG).publicKey());
        assertThat(get("/default/keys/" + kid, "If-None-Match", jwk.field("ETag"))
                        .status())
                .isEqualTo(304);
        assertThat(town.only().keys().lastUsed(kid))
                .contains(town.time.wallClock().instant());
    }

    @Test
    void anUnknownKidIsLookedForOnTheBudgetAndThenNotFound() {
        SigningKey rotated = town.provider.rotate(ALG);
        assertThat(get("/default/keys/" + rotated.kid()).status()).isEqualTo(200);
        assertThat(town.provider.requestCount()).isEqualTo(2);

        Seen seen = get("/default/keys/nobody");

        assertThat(seen.status()).isEqualTo(404);
        assertThat(seen.field("Cache-Control")).isEqualTo("no-store");
        assertThat(seen.body()).doesNotContain("nobody");
        assertThat(town.provider.requestCount()).isEqualTo(2);
        assertThat(town.only().keys().lastUsed("nobody")).isEmpty();
    }

    @Test
    void twoKeysOfOneKidAreServedTogether() {
        String key = town.provider.current(ALG).jwk();
        SigningKey other = town.provider.addKey(ALG, town.kid());
        town.provider.publish("{\"keys\":[" + key + "," + other.jwk() + "]}");
        town.only().cache().refresh();
        town.pass(Duration.ofSeconds(1));

        Seen both = get("/default/keys/" + town.kid());

        assertThat(both.field("Content-Type")).isEqualTo("application/jwk-set+json");
        assertThat(new JsonObject(both.body()).getJsonArray("keys").size()).isEqualTo(2);
        assertThat(get("/default/keys/" + town.kid() + ".pem").body().split("BEGIN PUBLIC KEY"))
                .hasSize(3);
    }

    @Test
    void whoWaitsWhileAReloadReplacesTheProviderIsAnsweredByTheNewOne() {
        try (Town busy = new Town()) {
            busy.provider.behave(Behaviour.hangBeforeHeaders());
            busy.providers.keep(List.of(busy.named("default", Map.of())));
            KeyHandler of = new KeyHandler(
                    busy.providers,
                    new CrossOrigin(Set.of()),
                    Duration.ZERO,
                    null,
                    RequestCounter.NONE,
                    busy.time.nanoTime());
            Outcome waiting = of.handle(request(HttpMethod.GET, SET));
            Outcome gone = of.handle(request(HttpMethod.GET, SET));
            assertThat(waiting).isInstanceOf(Outcome.Later.class);

            busy.provider.behave(Behaviour.healthy());
            busy.providers.keep(List.of(new ProviderConfiguration(
                    "default", URI.create("https://elsewhere.example/jwks"), Kind.JWKS_URI, Map.of())));
            busy.pass(Duration.ofSeconds(1));

            assertThat(Seen.of(waiting).status()).isEqualTo(200);
            assertThat(Seen.of(gone).status()).isEqualTo(200);
        }
    }

    static List<String> odd() {
        return List.of(
                "/",
                "",
                "//",
                "default/jwks.json",
                "*",
                "/default",
                "/default/",
                "/default/jwks.json/",
                "/default//jwks.json",
                "/default/keys/",
                "/default/keys/a/b",
                "/default/keys/%zz",
                "/default/../default/jwks.json",
                "/%64efault/jwks.json",
                "/other/jwks.json",
                "/other/keys/a",
                "http://idp.example/default/jwks.json",
                "/default/jwks.json#a",
                "/default/x.well-known/openid-configuration");
    }

    @ParameterizedTest
    @MethodSource("odd")
    void whateverElseIsAskedForIsNotHere(String path) {
        Seen seen = get(path);

        assertThat(seen.status()).isEqualTo(404);
        assertThat(counted).containsExactly("  404");
    }

    @Test
    void aQueryIsOfNoInterest() {
        assertThat(get(SET + "?jwks_uri=http://127.0.0.1:1/").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "PURGE"})
    void otherMethodsAreNotAllowed(String method) {
        Seen seen = Seen.of(handler.handle(request(HttpMethod.valueOf(method), SET)));

        assertThat(seen.status()).isEqualTo(405);
        assertThat(seen.field("Allow")).isEqualTo("GET, HEAD");
    }

    @Test
    void pagesOfTheConfiguredOriginsMayReadKeysAndNoOthers() {
        handler = handler(Set.of("https://app.example"), null, Duration.ZERO);

        Seen own = get(SET, "Origin", "https://app.example");
        Seen foreign = get(SET, "Origin", "https://app.example.evil.example");

        assertThat(own.field("Access-Control-Allow-Origin")).isEqualTo("https://app.example");
        assertThat(own.all("Vary")).contains("Origin");
        assertThat(foreign.field("Access-Control-Allow-Origin")).isNull();
        assertThat(foreign.all("Vary"))
                .as("a cache between must not mix them up")
                .contains("Origin");
        Seen preflight = Seen.of(handler.handle(request(HttpMethod.OPTIONS, SET, "Origin", "https://app.example")));
        assertThat(preflight.status()).isEqualTo(204);
        assertThat(preflight.field("Access-Control-Allow-Methods")).isEqualTo("GET, HEAD");
        handler = handler(Set.of("*"), null, Duration.ZERO);
        assertThat(get(SET, "Origin", "https://any.example").field("Access-Control-Allow-Origin"))
                .isEqualTo("*");
    }

    @Test
    void metadataNamesTheAddressThatClientsReachOrAskedAt() {
        String metadata = "{\"issuer\":\"https://idp.example\",\"jwks_uri\":\"https://idp.example/k\",\"x\":[1]}";
        Discovery discovery = new Discovery();

        JsonObject turned = new JsonObject(Seen.of(Answers.document(
                        discovery.turned(metadata, "http://keys.example/default/jwks.json"),
                        false,
                        new Freshness(0, 1, 1)))
                .body());

        assertThat(turned).isEqualTo(new JsonObject(metadata).put("jwks_uri", "http://keys.example/default/jwks.json"));
        for (String host : List.of("127.0.0.1:8090", "keys", "keys.example:80", "[::1]:8090")) {
            assertThat(Discovery.isHost(host)).as(host).isTrue();
        }
        for (String host : List.of("", "a b", "a/b", "user@a", "a:b", "[::1", "a\r\nb", "a?b", "a:123456")) {
            assertThat(Discovery.isHost(host)).as(host).isFalse();
        }
    }

    @Test
    void aProviderThatIsKnownByItsJwksUriHasNoMetadata() {
        assertThat(get("/default/.well-known/openid-configuration", "Host", "127.0.0.1:8090")
                        .status())
                .isEqualTo(404);
    }

    private KeyHandler handler(Set<String> origins, String base, Duration rereadWait) {
        return new KeyHandler(
                town.providers,
                new CrossOrigin(origins),
                rereadWait,
                base,
                (provider, resource, status) -> counted.add(provider + " " + resource + " " + status),
                town.time.nanoTime());
    }

    private Seen get(String path, String... fields) {
        return Seen.of(handler.handle(request(HttpMethod.GET, path, fields)));
    }

    static HttpRequest request(HttpMethod method, String path, String... fields) {
        HttpRequest request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, method, path);
        for (int i = 0; i < fields.length; i += 2) {
            request.headers().add(fields[i], fields[i + 1]);
        }
        return request;
    }

    private void waitForLook() {
        town.pass(Duration.ofMillis(20));
    }

    private void waitForStamp() {
        town.pass(Duration.ofMillis(200));
    }

    private static long[] spans(Seen seen) {
        String[] parts = seen.field("Cache-Control").split("max-age=|, stale-if-error=");
        return new long[] {Long.parseLong(parts[1]), Long.parseLong(parts[2])};
    }

    /** An answer, taken apart. */
    record Seen(int status, List<Map.Entry<String, String>> fields, Buffer content) {
        static Seen of(Outcome outcome) {
            return of(outcome, false);
        }

        static Seen of(Outcome outcome, boolean head) {
            CompletableFuture<Answer> answer = outcome instanceof Outcome.Later later
                    ? later.answer()
                    : CompletableFuture.completedFuture((Answer) outcome);
            assertThat(answer).isCompleted();
            byte[] bytes = io.netty.buffer.ByteBufUtil.getBytes(answer.join().bytes(head));
            String text = new String(bytes, StandardCharsets.ISO_8859_1);
            int end = text.indexOf("\r\n\r\n") + 4;
            String[] lines = text.substring(0, end - 4).split("\r\n");
            List<Map.Entry<String, String>> fields = new ArrayList<>();
            for (int i = 1; i < lines.length; i++) {
                int colon = lines[i].indexOf(": ");
                fields.add(Map.entry(lines[i].substring(0, colon), lines[i].substring(colon + 2)));
            }
            return new Seen(
                    Integer.parseInt(lines[0].split(" ")[1]),
                    fields,
                    Buffer.buffer(java.util.Arrays.copyOfRange(bytes, end, bytes.length)));
        }

        String field(String name) {
            List<String> all = all(name);
            return all.isEmpty() ? null : all.get(0);
        }

        List<String> all(String name) {
            return fields.stream()
                    .filter(field -> field.getKey().equals(name))
                    .map(Map.Entry::getValue)
                    .toList();
        }

        String body() {
            return content.toString();
        }
    }
}
