package dev.jwkscache.sidecar.management;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jwkscache.testkit.Behaviour;
import dev.jwkscache.testkit.ScriptedProvider;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class HealthTest {
    @Test
    void isLiveAndReadyWhileKeysMayBeServed() {
        try (ScriptedProvider idp = ScriptedProvider.start();
                Running running =
                        Running.told().provider("default", idp.jwksUri()).start()) {
            assertThat(running.get("/health/live").statusCode()).isEqualTo(200);
            assertThat(Running.json(running.get("/health/live"))).isEqualTo(new JsonObject().put("status", "live"));
            assertThat(running.get("/health/ready").statusCode()).isEqualTo(200);
            assertThat(Running.json(running.get("/health/ready"))).isEqualTo(new JsonObject().put("status", "ready"));
        }
    }

    @Test
    void isNotReadyWithoutKeysAndSaysWhose() {
        try (ScriptedProvider good = ScriptedProvider.start();
                ScriptedProvider bad = ScriptedProvider.start()) {
            bad.behave(Behaviour.status(500));
            try (Running running = Running.told()
                    .provider("good", good.jwksUri())
                    .provider("partner", bad.jwksUri())
                    .withoutKeys()
                    .start()) {
                Running.until(
                        "the good one has keys", () -> running.provider("good").serves());

                HttpResponse<String> response = running.get("/health/ready");

                assertThat(response.statusCode()).isEqualTo(503);
                assertThat(Running.json(response))
                        .isEqualTo(new JsonObject()
                                .put("status", "not ready")
                                .put("reasons", new JsonArray().add("partner: its keys are empty")));
                assertThat(running.get("/health/live").statusCode()).isEqualTo(200);
            }
        }
    }

    @Test
    void isNotReadyWhenKeysExpireWithinTheMargin() {
        try (ScriptedProvider idp = ScriptedProvider.start();
                Running running = Running.told()
                        .provider("default", idp.jwksUri(), "max-staleness", "3600")
                        .readyMargin(Duration.ofHours(2))
                        .start()) {
            HttpResponse<String> response = running.get("/health/ready");

            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(Running.json(response).getJsonArray("reasons").getString(0))
                    .matches("default: its keys expire in 3[56]\\d\\d s");
        }
    }

    @Test
    void isNotReadyWhenKeysHaveExpired() {
        try (ScriptedProvider idp = ScriptedProvider.start();
                Running running = Running.told()
                        .provider(
                                "default",
                                idp.jwksUri(),
                                "fetch-timeout",
                                "0.2",
                                "refresh-interval",
                                "0.2",
                                "time-to-live",
                                "0.2",
                                "max-staleness",
                                "0.5")
                        .start()) {
            idp.behave(Behaviour.refuse());

            Running.until(
                    "the keys have expired",
                    () -> running.get("/health/ready").body().contains("default: its keys are expired"));

            assertThat(running.get("/health/ready").statusCode()).isEqualTo(503);
            assertThat(running.get("/health/live").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void isNotReadyFromTheMomentWhenAStopWasAskedFor() {
        try (ScriptedProvider idp = ScriptedProvider.start();
                Running running =
                        Running.told().provider("default", idp.jwksUri()).start()) {
            assertThat(running.get("/health/ready").statusCode()).isEqualTo(200);

            running.readiness.stopping();

            HttpResponse<String> response = running.get("/health/ready");
            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(Running.json(response).getJsonArray("reasons")).containsExactly("the sidecar is stopping");
            assertThat(running.get("/health/live").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void takesAnotherMarginFromAReload() {
        try (ScriptedProvider idp = ScriptedProvider.start()) {
            Running.Told told = Running.told().provider("default", idp.jwksUri());
            try (Running running = told.start()) {
                running.server.reload(told.readyMargin(Duration.ofHours(2)).configuration());
                assertThat(running.get("/health/ready").statusCode()).isEqualTo(503);

                running.server.reload(told.readyMargin(Duration.ofSeconds(1)).configuration());
                assertThat(running.get("/health/ready").statusCode()).isEqualTo(200);
            }
        }
    }
}
