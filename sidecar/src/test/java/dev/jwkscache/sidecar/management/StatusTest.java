package dev.jwkscache.sidecar.management;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jwkscache.sidecar.configuration.ProviderConfiguration.Kind;
import dev.jwkscache.sidecar.providers.KnownKeys;
import dev.jwkscache.sidecar.providers.Timeline;
import dev.jwkscache.testkit.Behaviour;
import dev.jwkscache.testkit.ScriptedProvider;
import dev.jwkscache.testkit.SigningKey;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Every member of the status, by name, type and value. */
class StatusTest {
    private static final Pattern TIME = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{3})?Z");

    @Test
    void tellsHowTheSidecarIs() {
        Instant before = Instant.now();
        try (ScriptedProvider idp = ScriptedProvider.start();
                Running running = Running.told()
                        .provider("default", idp.jwksUri())
                        .provider("partner", idp.issuer(), Kind.ISSUER)
                        .start()) {
            HttpResponse<String> response = running.get("/api/status");

            assertThat(response.statusCode()).isEqualTo(200);
            JsonObject status = Running.json(response);
            assertThat(status.fieldNames())
                    .containsExactly("version", "startedAt", "now", "ready", "notReady", "providers");
            assertThat(status.getString("version")).isNotBlank();
            assertThat(time(status, "startedAt")).isBefore(before);
            assertThat(time(status, "now")).isBetween(before.minusMillis(1), Instant.now());
            assertThat(status.getBoolean("ready")).isTrue();
            assertThat(status.getJsonArray("notReady")).isEmpty();
            assertThat(status.getJsonArray("providers").stream().map(one -> ((JsonObject) one).getString("name")))
                    .containsExactly("default", "partner");
            assertThat(one(status, 0).getString("kind")).isEqualTo("jwks_uri");
            assertThat(one(status, 1).getString("kind")).isEqualTo("issuer");
            assertThat(one(status, 1).getString("address"))
                    .isEqualTo(idp.issuer().toString());
        }
    }

    @Test
    void saysWhyItIsNotReady() {
        try (ScriptedProvider idp = ScriptedProvider.start();
                Running running = Running.told()
                        .provider("default", idp.jwksUri())
                        .readyMargin(Duration.ofDays(1))
                        .start()) {
            JsonObject status = Running.json(running.get("/api/status"));

            assertThat(status.getBoolean("ready")).isFalse();
            assertThat(status.getJsonArray("notReady").getString(0)).startsWith("default: its keys expire in ");
        }
    }

    @Test
    void tellsHowAProviderIs() {
        try (ScriptedProvider idp = ScriptedProvider.start("RS256", "ES256", "Ed25519")) {
            idp.behave(Behaviour.unknownKty());
            try (Running running = Running.told()
                    .provider(
                            "default",
                            URI.create(idp.jwksUri() + "?secret=42"),
                            "time-to-live",
                            "600",
                            "refresh-interval",
                            "299.5",
                            "max-staleness",
                            "3600")
                    .start()) {
                awaitTold(running, Timeline.Refresh.class);

                JsonObject provider = one(Running.json(running.get("/api/status")), 0);

                assertThat(provider.fieldNames())
                        .containsExactly(
                                "name",
                                "address",
                                "kind",
                                "state",
                                "ageSeconds",
                                "timeToExpirySeconds",
                                "timeToLiveSeconds",
                                "refreshIntervalSeconds",
                                "maxStalenessSeconds",
                                "nextAttempt",
                                "failing",
                                "fetches",
                                "refreshes",
                                "failedRefreshes",
                                "unknownKeys",
                                "skippedKeys",
                                "keys",
                                "timeline");
                assertThat(provider.getString("name")).isEqualTo("default");
                assertThat(provider.getString("address"))
                        .isEqualTo(idp.jwksUri().toString());
                assertThat(provider.getString("state")).isEqualTo("fresh");
                assertThat(provider.getDouble("ageSeconds")).isBetween(0.0, 600.0);
                assertThat(provider.getDouble("timeToExpirySeconds")).isBetween(3000.0, 3600.0);
                assertThat(provider.getDouble("ageSeconds") + provider.getDouble("timeToExpirySeconds"))
                        .isBetween(3599.99, 3600.01);
                assertThat(provider.getValue("timeToLiveSeconds")).isEqualTo(600);
                assertThat(provider.getValue("refreshIntervalSeconds")).isEqualTo(299.5);
                assertThat(provider.getValue("maxStalenessSeconds")).isEqualTo(3600);
                assertThat(time(provider, "nextAttempt")).isAfter(Instant.now());
                assertThat(provider.getValue("failing")).isNull();
                assertThat(provider.getValue("fetches")).isEqualTo(1);
                assertThat(provider.getValue("refreshes")).isEqualTo(1);
                assertThat(provider.getValue("failedRefreshes")).isEqualTo(0);
                assertThat(provider.getValue("unknownKeys")).isEqualTo(0);
                assertThat(provider.getJsonObject("skippedKeys").getMap())
                        .containsEntry("not-for-signatures", 1)
                        .containsEntry("symmetric", 1)
                        .containsEntry("unknown-key-type", 1)
                        .containsEntry("unsupported-parameters", 1)
                        .hasSize(4);
                checkKeys(provider.getJsonArray("keys"), idp.keys());
                checkFirstEntry(provider.getJsonArray("timeline"), idp.keys());
            }
        }
    }

    private static void checkKeys(JsonArray keys, List<SigningKey> published) {
        assertThat(keys).hasSize(3);
        for (int i = 0; i < keys.size(); i++) {
            JsonObject key = keys.getJsonObject(i);
            assertThat(key.fieldNames())
                    .containsExactly(
                            "kid",
                            "thumbprint",
                            "keyType",
                            "curve",
                            "sizeBits",
                            "use",
                            "algorithms",
                            "firstSeen",
                            "certificateExpiry",
                            "lastUsed");
            assertThat(key.getString("kid")).isEqualTo(published.get(i).kid());
            assertThat(key.getString("thumbprint")).hasSize(43);
            assertThat(key.getString("use")).isEqualTo("sig");
            assertThat(time(key, "firstSeen")).isBeforeOrEqualTo(Instant.now());
            assertThat(key.getValue("certificateExpiry")).isNull();
            assertThat(key.getValue("lastUsed")).isNull();
        }
        JsonObject rsa = keys.getJsonObject(0);
        assertThat(rsa.getString("keyType")).isEqualTo("RSA");
        assertThat(rsa.getValue("curve")).isNull();
        assertThat(rsa.getValue("sizeBits")).isEqualTo(2048);
        assertThat(rsa.getJsonArray("algorithms")).containsExactly("RS256");
        JsonObject ec = keys.getJsonObject(1);
        assertThat(ec.getString("keyType")).isEqualTo("EC");
        assertThat(ec.getString("curve")).isEqualTo("P-256");
        assertThat(ec.getValue("sizeBits")).isNull();
        assertThat(keys.getJsonObject(2).getString("curve")).isEqualTo("Ed25519");
    }

    private static void checkFirstEntry(JsonArray timeline, List<SigningKey> published) {
        assertThat(timeline).hasSize(1);
        JsonObject entry = timeline.getJsonObject(0);
        assertThat(entry.fieldNames())
                .containsExactly("at", "event", "trigger", "tookSeconds", "stored", "added", "removed");
        assertThat(time(entry, "at")).isBeforeOrEqualTo(Instant.now());
        assertThat(entry.getString("event")).isEqualTo("refreshed");
        assertThat(entry.getString("trigger")).isEqualTo("recovery");
        assertThat(entry.getDouble("tookSeconds")).isBetween(0.0, 5.0);
        assertThat(entry.getBoolean("stored")).isFalse();
        assertThat(entry.getJsonArray("added").stream())
                .containsExactlyElementsOf(
                        published.stream().map(SigningKey::kid).toList());
        assertThat(entry.getJsonArray("removed")).isEmpty();
    }

    @Test
    void tellsTheThumbprintOfAKeyWithoutKid() {
        try (ScriptedProvider idp = ScriptedProvider.start()) {
            idp.addKey("ES256", null);
            try (Running running =
                    Running.told().provider("default", idp.jwksUri()).start()) {
                awaitTold(running, Timeline.Refresh.class);

                JsonObject provider = one(Running.json(running.get("/api/status")), 0);

                JsonObject key = provider.getJsonArray("keys").getJsonObject(1);
                assertThat(key.containsKey("kid")).isTrue();
                assertThat(key.getValue("kid")).isNull();
                assertThat(provider.getJsonArray("timeline")
                                .getJsonObject(0)
                                .getJsonArray("added")
                                .getString(1))
                        .isEqualTo(key.getString("thumbprint"));
            }
        }
    }

    @Test
    void tellsSinceWhenAndWhyFetchesFail() {
        try (ScriptedProvider idp = ScriptedProvider.start();
                Running running =
                        Running.told().provider("default", idp.jwksUri()).start()) {
            idp.behave(Behaviour.emptySet());
            assertThat(running.post("/api/default/refresh").statusCode()).isEqualTo(503);
            awaitTold(running, Timeline.Failure.class);

            JsonObject provider = one(Running.json(running.get("/api/status")), 0);

            JsonObject failing = provider.getJsonObject("failing");
            assertThat(failing.fieldNames()).containsExactly("since", "reason", "detail");
            assertThat(time(failing, "since")).isBeforeOrEqualTo(Instant.now());
            assertThat(failing.getString("reason")).isEqualTo("no-usable-key");
            assertThat(failing.getString("detail")).isNotBlank();
            assertThat(provider.getValue("failedRefreshes")).isEqualTo(1);
            assertThat(provider.getString("state")).isEqualTo("fresh");
            assertThat(provider.getJsonArray("keys")).hasSize(1);
            JsonArray timeline = provider.getJsonArray("timeline");
            JsonObject entry = timeline.getJsonObject(timeline.size() - 1);
            assertThat(entry.fieldNames()).containsExactly("at", "event", "trigger", "reason", "detail");
            assertThat(entry.getString("event")).isEqualTo("refresh-failed");
            assertThat(entry.getString("trigger")).isEqualTo("manual");
            assertThat(entry.getString("reason")).isEqualTo("no-usable-key");
            assertThat(entry.getString("detail")).isEqualTo(failing.getString("detail"));
        }
    }

    @Test
    void tellsNullWhereThereAreNoKeys() {
        try (ScriptedProvider idp = ScriptedProvider.start()) {
            idp.behave(Behaviour.status(500));
            try (Running running = Running.told()
                    .provider("default", idp.jwksUri())
                    .withoutKeys()
                    .start()) {
                awaitTold(running, Timeline.Failure.class);

                JsonObject provider = one(Running.json(running.get("/api/status")), 0);

                assertThat(provider.getString("state")).isEqualTo("empty");
                assertThat(provider.getMap())
                        .containsEntry("ageSeconds", null)
                        .containsEntry("timeToExpirySeconds", null);
                assertThat(provider.getJsonArray("keys")).isEmpty();
                assertThat(provider.getJsonObject("failing").getString("reason"))
                        .isEqualTo("status");
                assertThat(provider.getJsonObject("failing").getString("detail"))
                        .isEqualTo("status 500 instead of 200");
            }
        }
    }

    @Test
    void tellsExpiredKeysAndThatNobodyIsServedThem() {
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
                                "0.4")
                        .start()) {
            idp.behave(Behaviour.refuse());
            Running.until(
                    "the keys have expired", () -> !running.provider("default").serves());

            JsonObject provider = one(Running.json(running.get("/api/status")), 0);

            assertThat(provider.getString("state")).isEqualTo("expired");
            assertThat(provider.getValue("timeToExpirySeconds")).isEqualTo(0);
            assertThat(provider.getJsonArray("keys")).hasSize(1);
        }
    }

    @Test
    void tellsNoKeysAfterAPurgeThoughNoListenerKnowsOfIt() throws InterruptedException {
        BlockingListener blocking = new BlockingListener();
        try (ScriptedProvider idp = ScriptedProvider.start();
                ScriptedProvider other = ScriptedProvider.start();
                Running running = Running.told()
                        .provider("default", idp.jwksUri())
                        .provider("other", other.jwksUri())
                        .listener("other", blocking)
                        .start()) {
            awaitTold(running, Timeline.Refresh.class);
            blocking.block(running, "other");
            idp.behave(Behaviour.status(500));
            running.provider("default").cache().purge();

            JsonObject provider = one(Running.json(running.get("/api/status")), 0);

            assertThat(provider.getString("state")).isEqualTo("empty");
            assertThat(provider.getJsonArray("keys")).isEmpty();
        } finally {
            blocking.release();
        }
    }

    @Test
    void tellsWhenAKeyWasLastAskedFor() {
        try (ScriptedProvider idp = ScriptedProvider.start();
                Running running =
                        Running.told().provider("default", idp.jwksUri()).start()) {
            awaitTold(running, Timeline.Refresh.class);
            KnownKeys keys = running.provider("default").keys();
            keys.used(keys.all().get(0).key().kid().orElseThrow());

            JsonObject key = one(Running.json(running.get("/api/status")), 0)
                    .getJsonArray("keys")
                    .getJsonObject(0);

            assertThat(time(key, "lastUsed")).isBeforeOrEqualTo(Instant.now());
        }
    }

    @Test
    void tellsNoKeyMaterialAndNoSecretOfAnAddress() {
        try (ScriptedProvider idp = ScriptedProvider.start("RS256", "ES256")) {
            idp.behave(Behaviour.privateMembers());
            try (Running running = Running.told()
                    .provider("default", URI.create(idp.jwksUri() + "?secret=42"))
                    .start()) {
                awaitTold(running, Timeline.Refresh.class);
                String published = idp.document();
                for (String path : new String[] {"/api/status", "/metrics"}) {
                    String told = running.get(path).body();

                    assertThat(told).doesNotContain("secret").doesNotContain("AQAB");
                    java.util.regex.Matcher material =
                            Pattern.compile("\"(?:n|x|y)\":\"([^\"]+)\"").matcher(published);
                    int members = 0;
                    while (material.find()) {
                        members++;
                        assertThat(told).doesNotContain(material.group(1));
                    }
                    assertThat(members).isPositive();
                }
            }
        }
    }

    @Test
    void isAsLongForHeadAsForGet() {
        try (ScriptedProvider idp = ScriptedProvider.start();
                Running running =
                        Running.told().provider("default", idp.jwksUri()).start()) {
            for (String path : new String[] {"/health/live", "/health/ready"}) {
                String head = running.raw("HEAD " + path + " HTTP/1.1", "Host: localhost", "Connection: close");
                String get = running.raw("GET " + path + " HTTP/1.1", "Host: localhost", "Connection: close");

                assertThat(head).startsWith("HTTP/1.1 200").endsWith("\r\n\r\n");
                assertThat(get).startsWith(head);
            }
            for (String path : new String[] {"/api/status", "/metrics", "/api/events"}) {
                assertThat(running.raw("HEAD " + path + " HTTP/1.1", "Host: localhost", "Connection: close"))
                        .startsWith("HTTP/1.1 200")
                        .endsWith("\r\n\r\n")
                        .doesNotContain("{");
            }
        }
    }

    /** Listeners are told a moment after the cache has done it. */
    private static void awaitTold(Running running, Class<? extends Timeline.Entry> kind) {
        Running.until(
                "it is told",
                () -> running.provider("default").timeline().entries().stream().anyMatch(kind::isInstance));
        if (kind.equals(Timeline.Refresh.class)) {
            Running.until(
                    "the keys are known",
                    () -> !running.provider("default").keys().all().isEmpty());
        }
    }

    private static JsonObject one(JsonObject status, int index) {
        return status.getJsonArray("providers").getJsonObject(index);
    }

    private static Instant time(JsonObject object, String member) {
        assertThat(object.getString(member)).matches(TIME);
        return Instant.parse(object.getString(member));
    }
}
