package dev.jwkscache.sidecar.management;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jwkscache.testkit.Behaviour;
import dev.jwkscache.testkit.ScriptedProvider;
import dev.jwkscache.testkit.SigningKey;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ActionsTest {
    @Test
    void refreshFetchesAndTellsWhatCame() {
        try (ScriptedProvider idp = ScriptedProvider.start();
                Running running =
                        Running.told().provider("default", idp.jwksUri()).start()) {
            SigningKey rotated = idp.rotate();
            int before = idp.requestCount();

            HttpResponse<String> response = running.post("/api/default/refresh");

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(idp.requestCount()).isEqualTo(before + 1);
            JsonObject provider = Running.json(response);
            assertThat(provider.getString("name")).isEqualTo("default");
            assertThat(kids(provider.getJsonArray("keys"))).contains(rotated.kid());
            JsonObject last = last(provider.getJsonArray("timeline"));
            assertThat(last.getString("event")).isEqualTo("refreshed");
            assertThat(last.getString("trigger")).isEqualTo("manual");
            assertThat(last.getJsonArray("added")).containsExactly(rotated.kid());
        }
    }

    @Test
    void waitsUntilWhatItDidIsKnownToListeners() throws Exception {
        BlockingListener blocking = new BlockingListener();
        try (ScriptedProvider idp = ScriptedProvider.start();
                ScriptedProvider other = ScriptedProvider.start();
                Running running = Running.told()
                        .provider("default", idp.jwksUri())
                        .provider("other", other.jwksUri())
                        .listener("other", blocking)
                        .start()) {
            SigningKey rotated = idp.rotate();
            blocking.block(running, "other");
            CompletableFuture<HttpResponse<String>> refresh =
                    CompletableFuture.supplyAsync(() -> running.post("/api/default/refresh"));
            Running.until(
                    "the new key is at hand",
                    () -> running.provider("default").status().keyCount() == 2);
            assertThat(running.get("/health/live").statusCode()).isEqualTo(200);
            assertThat(refresh).isNotDone();

            blocking.release();

            JsonObject provider = Running.json(refresh.get(Running.PATIENCE.toSeconds(), TimeUnit.SECONDS));
            assertThat(kids(provider.getJsonArray("keys"))).contains(rotated.kid());
        } finally {
            blocking.release();
        }
    }

    @Test
    void refreshTellsWhyItFailedAndWhenToComeAgain() {
        try (ScriptedProvider idp = ScriptedProvider.start();
                Running running =
                        Running.told().provider("default", idp.jwksUri()).start()) {
            idp.behave(Behaviour.status(503, Duration.ofSeconds(7)));

            HttpResponse<String> response = running.post("/api/default/refresh");

            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(Running.json(response).fieldNames()).containsExactly("error");
            assertThat(Running.json(response).getString("error")).contains("status 503 instead of 200");
            assertThat(Long.parseLong(
                            response.headers().firstValue("Retry-After").orElseThrow()))
                    .isBetween(1L, 7L);
            assertThat(running.get("/health/ready").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void refreshOfAProviderThatHangsEndsWithItsFetchAndDelaysNobody() throws Exception {
        try (ScriptedProvider idp = ScriptedProvider.start();
                Running running = Running.told()
                        .provider("default", idp.jwksUri(), "fetch-timeout", "2")
                        .start()) {
            idp.behave(Behaviour.hangBeforeHeaders());
            CompletableFuture<?> asked = idp.nextRequest();
            CompletableFuture<HttpResponse<String>> refresh =
                    CompletableFuture.supplyAsync(() -> running.post("/api/default/refresh"));
            asked.get(Running.PATIENCE.toSeconds(), TimeUnit.SECONDS);

            assertThat(running.get("/health/live").statusCode()).isEqualTo(200);
            assertThat(refresh).isNotDone();
            assertThat(refresh.get(Running.PATIENCE.toSeconds(), TimeUnit.SECONDS)
                            .statusCode())
                    .isEqualTo(503);
        }
    }

    @Test
    void refreshSurvivesAClientThatDoesNotWait() throws Exception {
        try (ScriptedProvider idp = ScriptedProvider.start();
                Running running =
                        Running.told().provider("default", idp.jwksUri()).start()) {
            idp.rotate();
            CompletableFuture<?> asked = idp.nextRequest();
            try (java.net.Socket socket = running.connect()) {
                Running.write(
                        socket, "POST /api/default/refresh HTTP/1.1\r\nHost: localhost\r\nX-Jwks-Cache: 1\r\n\r\n");
                asked.get(Running.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
            Running.until(
                    "the refresh was made",
                    () -> running.provider("default").status().keyCount() == 2);
            assertThat(running.get("/health/live").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void purgeTrustsNothingUntilANewSetComes() {
        try (ScriptedProvider idp = ScriptedProvider.start();
                Running running =
                        Running.told().provider("default", idp.jwksUri()).start()) {
            idp.behave(Behaviour.status(500));

            HttpResponse<String> response = running.post("/api/default/purge");

            assertThat(response.statusCode()).isEqualTo(200);
            JsonObject provider = Running.json(response);
            assertThat(provider.getString("state")).isEqualTo("empty");
            assertThat(provider.getJsonArray("keys")).isEmpty();
            assertThat(provider.getJsonArray("timeline").stream().map(entry -> ((JsonObject) entry).getString("event")))
                    .contains("purged");
            assertThat(running.get("/health/ready").statusCode()).isEqualTo(503);
        }
    }

    @Test
    void theEntryOfAPurgeHasNothingButItsTime() {
        try (ScriptedProvider idp = ScriptedProvider.start();
                Running running =
                        Running.told().provider("default", idp.jwksUri()).start()) {
            JsonArray timeline =
                    Running.json(running.post("/api/default/purge")).getJsonArray("timeline");

            assertThat(timeline.stream()
                            .map(JsonObject.class::cast)
                            .filter(entry -> entry.getString("event").equals("purged")))
                    .singleElement()
                    .satisfies(entry -> assertThat(entry.fieldNames()).containsExactly("at", "event"));
        }
    }

    @Test
    void doesItToTheProviderThatIsNamedAndToNoOther() {
        try (ScriptedProvider one = ScriptedProvider.start();
                ScriptedProvider other = ScriptedProvider.start();
                Running running = Running.told()
                        .provider("one", one.jwksUri())
                        .provider("events", other.jwksUri())
                        .start()) {
            one.clearRequests();
            other.clearRequests();

            assertThat(running.post("/api/events/refresh").statusCode()).isEqualTo(200);
            assertThat(running.post("/api/nobody/refresh").statusCode()).isEqualTo(404);
            assertThat(running.post("/api/nobody/purge").statusCode()).isEqualTo(404);

            assertThat(one.requestCount()).isZero();
            assertThat(other.requestCount()).isEqualTo(1);
        }
    }

    private static java.util.List<String> kids(JsonArray keys) {
        return keys.stream().map(key -> ((JsonObject) key).getString("kid")).toList();
    }

    private static JsonObject last(JsonArray array) {
        return array.getJsonObject(array.size() - 1);
    }
}
