package dev.jwkscache.sidecar.management;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What a management server says, made up: for states of the status page that take hours, or that no provider should cause. */
final class Facts {
    static final String THUMBPRINT = "cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s";

    private Facts() {}

    static JsonObject status(JsonObject... providers) {
        return new JsonObject()
                .put("version", "0.1.0-SNAPSHOT")
                .put("startedAt", at(Duration.ofHours(-3)))
                .put("now", at(Duration.ZERO))
                .put("ready", true)
                .put("notReady", new JsonArray())
                .put("providers", new JsonArray(List.of(providers)));
    }

    /** Fresh, with two keys and some history. */
    static JsonObject provider(String name) {
        return new JsonObject()
                .put("name", name)
                .put("address", "https://idp.example/realms/" + name)
                .put("kind", "issuer")
                .put("state", "fresh")
                .put("ageSeconds", 42.5)
                .put("timeToExpirySeconds", 3557.5)
                .put("timeToLiveSeconds", 600)
                .put("refreshIntervalSeconds", 300)
                .put("maxStalenessSeconds", 3600)
                .put("nextAttempt", at(Duration.ofSeconds(257)))
                .putNull("failing")
                .put("fetches", 38)
                .put("refreshes", 36)
                .put("failedRefreshes", 2)
                .put("unknownKeys", 3)
                .put("skippedKeys", new JsonObject().put("not-for-signatures", 1))
                .put(
                        "keys",
                        array(
                                key("fJ86WKc1CFjLYzOSAXqLVvGZvLGzZZdwXiGcdeBh7nQ")
                                        .put("certificateExpiry", at(Duration.ofDays(12)))
                                        .put("lastUsed", at(Duration.ofMinutes(-5))),
                                curveKey("es-2026-11")))
                .put("timeline", entries(history()));
    }

    /** Past its time to live, because fetches fail. */
    static JsonObject stale(String name) {
        return provider(name)
                .put("state", "stale")
                .put("ageSeconds", 1300)
                .put("timeToExpirySeconds", 2300)
                .put("nextAttempt", at(Duration.ofSeconds(17)))
                .put("failing", failing(Duration.ofSeconds(1000)))
                .put("timeline", entries(Stream.concat(history(), outage(1000))));
    }

    /** Past max staleness: nothing is served. */
    static JsonObject expired(String name) {
        return provider(name)
                .put("state", "expired")
                .put("ageSeconds", 3780)
                .put("timeToExpirySeconds", 0)
                .put("nextAttempt", at(Duration.ofSeconds(100)))
                .put("failing", failing(Duration.ofSeconds(3480)))
                .put("timeline", entries(Stream.concat(history(), outage(3480))));
    }

    /** Never had a key. */
    static JsonObject empty(String name) {
        return provider(name)
                .put("state", "empty")
                .putNull("ageSeconds")
                .putNull("timeToExpirySeconds")
                .put("keys", new JsonArray())
                .put("failing", failing(Duration.ofSeconds(40)))
                .put("skippedKeys", new JsonObject())
                .put("timeline", array(failed(Duration.ofSeconds(-40), "status 503 instead of 200")));
    }

    static JsonObject key(String kid) {
        return new JsonObject()
                .put("kid", kid)
                .put("thumbprint", THUMBPRINT)
                .put("keyType", "RSA")
                .putNull("curve")
                .put("sizeBits", 2048)
                .put("use", "sig")
                .put("algorithms", array("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"))
                .put("firstSeen", at(Duration.ofHours(-2)))
                .putNull("certificateExpiry")
                .putNull("lastUsed");
    }

    static JsonObject curveKey(String kid) {
        return key(kid).put("keyType", "EC")
                .put("curve", "P-256")
                .put("sizeBits", 256)
                .put("algorithms", array("ES256"));
    }

    static JsonObject refreshed(Duration when, List<String> added, List<String> removed) {
        return new JsonObject()
                .put("at", at(when))
                .put("event", "refreshed")
                .put("trigger", "schedule")
                .put("tookSeconds", 0.021)
                .put("stored", false)
                .put("added", new JsonArray(added))
                .put("removed", new JsonArray(removed));
    }

    static JsonObject failed(Duration when, String detail) {
        return new JsonObject()
                .put("at", at(when))
                .put("event", "refresh-failed")
                .put("trigger", "schedule")
                .put("reason", "status")
                .put("detail", detail);
    }

    static JsonObject purged(Duration when) {
        return new JsonObject().put("at", at(when)).put("event", "purged");
    }

    static JsonObject failing(Duration since) {
        return new JsonObject()
                .put("since", at(since.negated()))
                .put("reason", "status")
                .put("detail", "status 503 instead of 200");
    }

    static JsonArray array(Object... elements) {
        return new JsonArray(new ArrayList<>(List.of(elements)));
    }

    static String at(Duration fromNow) {
        return Instant.now().plus(fromNow).truncatedTo(ChronoUnit.MILLIS).toString();
    }

    private static JsonArray entries(Stream<Object> all) {
        return new JsonArray(new ArrayList<>(all.toList()));
    }

    private static Stream<Object> history() {
        return Stream.of(
                        Stream.of(refreshed(
                                Duration.ofMinutes(-179),
                                List.of("fJ86WKc1CFjLYzOSAXqLVvGZvLGzZZdwXiGcdeBh7nQ", "old-key"),
                                List.of())),
                        Stream.iterate(-174, minutes -> minutes < -130, minutes -> minutes + 5)
                                .map(minutes -> unchanged(minutes)),
                        Stream.of(
                                failed(Duration.ofMinutes(-129), "status 503 instead of 200"),
                                failed(Duration.ofMinutes(-128), "no answer within 5 s")),
                        Stream.iterate(-125, minutes -> minutes < -85, minutes -> minutes + 5)
                                .map(minutes -> unchanged(minutes)),
                        Stream.of(
                                refreshed(Duration.ofMinutes(-84), List.of("es-2026-11"), List.of()),
                                unchanged(-80),
                                refreshed(Duration.ofMinutes(-75), List.of(), List.of("old-key")),
                                purged(Duration.ofMinutes(-71)),
                                refreshed(
                                        Duration.ofMinutes(-70),
                                        List.of("fJ86WKc1CFjLYzOSAXqLVvGZvLGzZZdwXiGcdeBh7nQ", "es-2026-11"),
                                        List.of()),
                                unchanged(-65)))
                .flatMap(entries -> entries);
    }

    private static JsonObject unchanged(int minutes) {
        return refreshed(Duration.ofMinutes(minutes), List.of(), List.of());
    }

    private static Stream<Object> outage(int seconds) {
        return Stream.iterate(seconds, left -> left > 10, left -> left * 4 / 5)
                .map(left -> failed(Duration.ofSeconds(-left), "status 503 instead of 200"));
    }
}
