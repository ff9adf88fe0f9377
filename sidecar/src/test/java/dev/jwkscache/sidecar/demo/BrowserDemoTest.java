package dev.jwkscache.sidecar.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The whole demonstration over HTTP, as the page has it. */
class BrowserDemoTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final int PATIENCE_SECONDS = 30;

    private static Set<Thread> before;
    private static BrowserDemo demo;

    @BeforeAll
    static void start() throws Exception {
        before = Thread.getAllStackTraces().keySet();
        demo = BrowserDemo.start(false);
    }

    @AfterAll
    static void endsWithoutLeavingAThread() {
        demo.close();
        assertThat(Thread.getAllStackTraces().keySet())
                .filteredOn(thread -> thread.isAlive() && !before.contains(thread))
                .extracting(Thread::getName)
                .noneMatch(name -> Stream.of("jwks-cache-demo", "jwks-cache-keys", "jwks-testkit", "vert.x")
                        .anyMatch(name::startsWith));
    }

    @Test
    void thePageIsToldOfTheSection() throws Exception {
        JsonObject status = get("api/status");
        assertThat(status.getJsonArray("sections")).containsExactly("demo/demo.js");
        assertThat(status.getJsonArray("providers").getJsonObject(0).getString("name"))
                .isEqualTo("idp");
        for (String file : List.of("demo/demo.js", "demo/demo.css")) {
            assertThat(send(request(file).build()).statusCode()).as(file).isEqualTo(200);
        }
        assertThat(get("demo/setting").getJsonArray("buttons")).hasSize(Button.values().length);
    }

    @Test
    void buttonsAreGuardedAsOtherActionsAre() throws Exception {
        HttpRequest foreign =
                request("demo/down").POST(HttpRequest.BodyPublishers.noBody()).build();
        assertThat(send(foreign).statusCode()).isEqualTo(403);
        assertThat(send(request("demo/down").build()).statusCode()).isEqualTo(405);
        assertThat(send(request("demo/purge").build()).statusCode()).isEqualTo(404);
        assertThat(get("demo/state").getJsonObject("provider").getString("conduct"))
                .isNotEqualTo("refuses connections");
    }

    @ParameterizedTest
    @CsvSource({"slow, takes 3 s", "down, refuses connections", "garbage, answers 200 with"})
    void eachTroubleBeginsAndEnds(String button, String conduct) throws Exception {
        assertThat(press(button).getJsonObject("provider").getString("conduct")).startsWith(conduct);
        JsonObject healthy = press("healthy").getJsonObject("provider");
        assertThat(healthy.getString("conduct")).isEqualTo("answers at once");
        assertThat(healthy.getBoolean("healthy")).isTrue();
    }

    @Test
    void whatCannotBeDoneIsToldWithWhatHelps() throws Exception {
        for (int i = 0; i < DemoProvider.MOST_PUBLISHED; i++) {
            send(action("rotate"));
        }
        HttpResponse<String> refused = send(action("rotate"));
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(new JsonObject(refused.body()).getString("error")).contains("withdraw one first");
    }

    @Test
    void aFloodIsRefusedAndEndsWithTheTrouble() throws Exception {
        long before = score(get("demo/state")).getLong("forgedRefused");
        assertThat(press("flood").getDouble("floodSecondsLeft")).isPositive();
        await(state -> score(state).getLong("forgedRefused") > before + 100);

        assertThat(press("healthy").getDouble("floodSecondsLeft")).isNull();
        assertThat(score(get("demo/state")).getLong("forgedAccepted")).isZero();
        long[] seen = {-1};
        await(state -> {
            long last = seen[0];
            seen[0] = score(state).getLong("forgedRefused");
            return seen[0] == last;
        });
    }

    @Test
    void everyTokenThatWasPresentedIsInOneOfTheFigures() throws Exception {
        await(state -> score(state).getLong("verified") > 1000);
        JsonObject earlier = score(get("demo/state"));
        JsonObject later = score(get("demo/state"));

        assertThat(sum(later)).isGreaterThanOrEqualTo(earlier.getLong("presented"));
        assertThat(later.getLong("presented")).isLessThanOrEqualTo(sum(score(get("demo/state"))));
        assertThat(later.getLong("goodRefused")).isZero();
        assertThat(later.getLong("withdrawnAccepted")).isZero();
        assertThat(demo.isClean()).isTrue();
        assertThat(demo.summary())
                .matches("[\\d,]+ tokens verified; 0 good ones refused while their keys could be trusted,"
                        + " 0 forged ones accepted, 0 of withdrawn keys accepted after the bound");
    }

    @Test
    void callersHaveTheirKeysFromTheSidecarAlone() throws Exception {
        HttpResponse<String> keys =
                HTTP.send(HttpRequest.newBuilder(demo.keySet()).build(), BodyHandlers.ofString());
        assertThat(keys.statusCode()).isEqualTo(200);
        assertThat(new JsonObject(keys.body()).getJsonArray("keys").size()).isGreaterThanOrEqualTo(3);
        // Three services that refresh every two seconds would have made many more.
        long fetches = get("demo/state").getJsonObject("provider").getLong("fetches");
        long ofTheSidecar =
                get("api/status").getJsonArray("providers").getJsonObject(0).getLong("fetches");
        assertThat(ofTheSidecar).isGreaterThanOrEqualTo(fetches);
    }

    private static long sum(JsonObject score) {
        return ScoreTest.PARTS.stream().mapToLong(score::getLong).sum();
    }

    private static JsonObject score(JsonObject state) {
        return state.getJsonObject("score");
    }

    private static void await(Predicate<JsonObject> wanted) throws Exception {
        long end = System.nanoTime() + PATIENCE_SECONDS * 1_000_000_000L;
        while (!wanted.test(get("demo/state"))) {
            assertThat(System.nanoTime()).as("patience").isLessThan(end);
            Thread.sleep(200);
        }
    }

    private static JsonObject get(String path) throws Exception {
        HttpResponse<String> response = send(request(path).build());
        assertThat(response.statusCode()).as(path).isEqualTo(200);
        return new JsonObject(response.body());
    }

    private static JsonObject press(String button) throws Exception {
        HttpResponse<String> response = send(action(button));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return new JsonObject(response.body());
    }

    private static HttpRequest action(String button) {
        return request("demo/" + button)
                .header("X-Jwks-Cache", "1")
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(demo.page() + path));
    }

    private static HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        return HTTP.send(request, BodyHandlers.ofString());
    }
}
