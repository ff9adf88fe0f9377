package dev.jwkscache.sidecar.management;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jwkscache.sidecar.management.EventReader.Event;
import dev.jwkscache.sidecar.providers.Provider;
import dev.jwkscache.sidecar.providers.Timeline;
import dev.jwkscache.testkit.Behaviour;
import dev.jwkscache.testkit.ScriptedProvider;
import dev.jwkscache.testkit.SigningKey;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EventsTest {
    /** Changes, each of which is an event for who reads. */
    private static final int MANY = 15;

    @Test
    void beginsWithTheWholeStatus() throws Exception {
        try (ScriptedProvider idp = ScriptedProvider.start();
                Running running =
                        Running.told().provider("default", idp.jwksUri()).start();
                EventReader reader = new EventReader(running)) {
            assertThat(reader.response.statusCode()).isEqualTo(200);
            assertThat(reader.response.headers().firstValue("Content-Type")).contains("text/event-stream");
            assertThat(reader.response.headers().firstValue("Cache-Control")).contains("no-store");

            Event first = reader.next();

            assertThat(first.name()).isEqualTo("status");
            assertThat(first.data().fieldNames())
                    .isEqualTo(Running.json(running.get("/api/status")).fieldNames());
            assertThat(first.data().getJsonArray("providers")).hasSize(1);
        }
    }

    @Test
    void tellsARotationAndAWithdrawalAsTheyAreFetched() throws Exception {
        try (ScriptedProvider idp = ScriptedProvider.start();
                Running running = Running.told()
                        .provider("default", idp.jwksUri(), "refresh-interval", "0.1", "fetch-timeout", "0.1")
                        .start();
                EventReader reader = new EventReader(running)) {
            SigningKey old = idp.current("RS256");
            SigningKey rotated = idp.rotate();
            Event added = reader.next(event -> names(event, "added").contains(rotated.kid()));
            assertThat(added.data().getString("name")).isEqualTo("default");
            assertThat(added.data().getJsonArray("keys")).hasSize(2);

            idp.withdraw(old);
            Event removed = reader.next(event -> names(event, "removed").contains(old.kid()));
            assertThat(removed.data().getJsonArray("keys")).hasSize(1);
        }
    }

    @Test
    void tellsAFailureAndAPurge() throws Exception {
        try (ScriptedProvider idp = ScriptedProvider.start();
                Running running =
                        Running.told().provider("default", idp.jwksUri()).start();
                EventReader reader = new EventReader(running)) {
            idp.behave(Behaviour.html());
            running.post("/api/default/refresh");
            Event failed = reader.next(event -> event.data().getJsonObject("failing") != null);
            assertThat(failed.name()).isEqualTo("provider");
            assertThat(failed.data().getJsonObject("failing").getString("reason"))
                    .isEqualTo("not-json");

            running.post("/api/default/purge");
            Event purged = reader.next(event -> "empty".equals(event.data().getString("state")));
            assertThat(purged.data().getJsonArray("keys")).isEmpty();
        }
    }

    @Test
    void tellsWhoComesAndWhoGoesWithAReload() throws Exception {
        try (ScriptedProvider idp = ScriptedProvider.start();
                ScriptedProvider other = ScriptedProvider.start()) {
            Running.Told told = Running.told().provider("stays", idp.jwksUri()).provider("goes", other.jwksUri());
            try (Running running = told.start();
                    EventReader reader = new EventReader(running)) {
                assertThat(reader.next().data().getJsonArray("providers")).hasSize(2);
                Running.until(
                        "what happened to the one that goes is told",
                        () -> !running.provider("goes").timeline().entries().isEmpty());
                running.post("/api/stays/refresh");
                reader.next(event -> event.data().encode().contains("manual"));

                running.providers.keep(Running.told()
                        .provider("stays", idp.jwksUri())
                        .provider("comes", other.jwksUri())
                        .configuration()
                        .providers());

                Event removed = reader.next(event -> event.name().equals("removed"));
                assertThat(removed.data()).isEqualTo(new JsonObject().put("name", "goes"));
                reader.next(event -> event.name().equals("provider")
                        && "comes".equals(event.data().getString("name"))
                        && "fresh".equals(event.data().getString("state")));
            }
        }
    }

    @Test
    void putsChangesTogether() throws Exception {
        try (ScriptedProvider idp = ScriptedProvider.start();
                Running running = Running.told()
                        .provider("default", idp.jwksUri())
                        .pace(Duration.ofSeconds(15), Duration.ofMillis(300), 64)
                        .start();
                EventReader reader = new EventReader(running)) {
            reader.next(event -> event.name().equals("status"));
            Provider provider = running.provider("default");
            idp.behave(Behaviour.status(500));
            long start = System.nanoTime();
            for (int i = 1; i <= 50; i++) {
                int purges = i;
                provider.cache().purge();
                Running.until("it is told", () -> purges(provider) >= purges);
            }
            int events = 1;
            while (purges(reader.next(one -> one.name().equals("provider"))) < 50) {
                events++;
            }
            long gathered = (System.nanoTime() - start) / Duration.ofMillis(300).toNanos();
            assertThat((long) events).isLessThanOrEqualTo(gathered + 1);
        }
    }

    @Test
    void showsThatSomebodyIsHereWhileNothingHappens() throws Exception {
        try (ScriptedProvider idp = ScriptedProvider.start();
                Running running = Running.told()
                        .provider("default", idp.jwksUri())
                        .limits(new dev.jwkscache.sidecar.configuration.Configuration.Limits(
                                10, Duration.ofMillis(200), Duration.ofMillis(200), 8192))
                        .pace(Duration.ofMillis(100), Duration.ofMillis(20), 64)
                        .start();
                EventReader reader = new EventReader(running)) {
            // Ten of them are five times the idle time: a stream is not idle.
            for (int i = 0; i < 10; i++) {
                reader.next(event -> event.name().equals(":"));
            }
            running.post("/api/default/refresh");
            reader.next(event -> event.name().equals("provider"));
        }
    }

    @Test
    void usuallyBeatsEvery15SecondsAndTellsOfAProviderAtMostFiveTimesASecond() {
        assertThat(EventStreams.Pace.USUAL)
                .isEqualTo(new EventStreams.Pace(Duration.ofSeconds(15), Duration.ofMillis(200), 64));
    }

    @Test
    void hasSoManyStreamsAtMostAndTakesAnotherWhenOneIsClosed() throws Exception {
        try (ScriptedProvider idp = ScriptedProvider.start();
                Running running = Running.told()
                        .provider("default", idp.jwksUri())
                        .pace(Duration.ofSeconds(60), Duration.ofMillis(20), 3)
                        .start()) {
            List<EventReader> readers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                readers.add(new EventReader(running));
            }

            HttpResponse<String> refused = running.get("/api/events");
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("Retry-After")).contains("60");
            assertThat(Running.json(refused).getString("error")).startsWith("there are 3 event streams already");

            readers.get(0).close();
            Running.until("there is room again", () -> canOpen(running));
            for (EventReader reader : readers) {
                reader.close();
            }
        }
    }

    @Test
    void dropsAClientThatDoesNotReadAndNoneThatDoes() throws Exception {
        try (ScriptedProvider idp = ScriptedProvider.start()) {
            idp.publish(manyKeys());
            try (Running running = Running.told()
                    .provider("default", idp.jwksUri(), "refresh-interval", "0.5", "fetch-timeout", "0.5")
                    .pace(Duration.ofMillis(400), Duration.ofMillis(10), 2)
                    .start()) {
                Running.until(
                        "the keys are known",
                        () -> !running.provider("default").keys().all().isEmpty());
                try (EventReader reads = new EventReader(running);
                        Socket doesNot = new Socket()) {
                    doesNot.setReceiveBufferSize(4096);
                    doesNot.setSoTimeout((int) Running.PATIENCE.toMillis());
                    doesNot.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), running.port));
                    Running.write(doesNot, "GET /api/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
                    Running.until("both are connected", () -> !canOpen(running));

                    Running.until("the one that does not read was dropped", () -> canOpen(running));

                    assertThat(Running.rest(doesNot))
                            .as("what was on its way is lost, or it would have been kept")
                            .startsWith("HTTP/1.1 200")
                            .doesNotContain("}\n\n");
                    reads.next(event -> event.name().equals("provider"));
                    reads.next(event -> event.name().equals(":"));
                    reads.next(event -> event.name().equals("provider"));
                }
            }
        }
    }

    @Test
    void givesASlowClientTheNewestAndNotAllThatItMissed() throws Exception {
        try (ScriptedProvider idp = ScriptedProvider.start()) {
            idp.publish(manyKeys());
            try (Running running = Running.told()
                            .provider("default", idp.jwksUri())
                            .pace(Duration.ofSeconds(60), Duration.ofMillis(10), 2)
                            .start();
                    Socket slow = new Socket()) {
                Provider provider = running.provider("default");
                Running.until("the keys are known", () -> !provider.keys().all().isEmpty());
                slow.setReceiveBufferSize(4096);
                slow.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), running.port));
                slow.setSoTimeout((int) Running.PATIENCE.toMillis());
                Running.write(slow, "GET /api/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
                // The head: from here on it is a stream, and its first event is more than the kernels put aside.
                assertThat(slow.getInputStream().readNBytes(15)).asString().isEqualTo("HTTP/1.1 200 OK");
                try (EventReader quick = new EventReader(running)) {
                    for (int i = 1; i <= MANY; i++) {
                        int purges = i;
                        provider.cache().purge();
                        quick.next(event -> event.name().equals("provider") && purges(event) >= purges);
                    }
                }

                String all = readUntil(slow, MANY);

                assertThat(all.split("event: provider", -1).length - 1).isLessThan(MANY / 3);
            }
        }
    }

    @Test
    void aClientThatDoesNotReadKeepsNoServerFromEnding() throws Exception {
        try (ScriptedProvider idp = ScriptedProvider.start();
                Socket doesNot = new Socket()) {
            idp.publish(manyKeys());
            Running running = Running.told().provider("default", idp.jwksUri()).start();
            Running.until(
                    "the keys are known",
                    () -> !running.provider("default").keys().all().isEmpty());
            doesNot.setReceiveBufferSize(4096);
            doesNot.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), running.port));
            doesNot.setSoTimeout((int) Running.PATIENCE.toMillis());
            Running.write(doesNot, "GET /api/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(doesNot.getInputStream().readNBytes(15)).asString().isEqualTo("HTTP/1.1 200 OK");

            running.close();

            assertThat(Running.rest(doesNot)).doesNotContain("}\n\n");
        }
    }

    @Test
    void endsItsStreamsWithTheServer() throws Exception {
        try (ScriptedProvider idp = ScriptedProvider.start()) {
            Running running = Running.told().provider("default", idp.jwksUri()).start();
            try (EventReader reader = new EventReader(running)) {
                reader.next(event -> event.name().equals("status"));
                running.close();
                assertThat(reader.awaitEnd()).isTrue();
            }
        }
    }

    private static long purges(Provider provider) {
        return provider.timeline().entries().stream()
                .filter(Timeline.Purge.class::isInstance)
                .count();
    }

    private static long purges(Event event) {
        return event.data().getJsonArray("timeline").stream()
                .filter(entry -> ((JsonObject) entry).getString("event").equals("purged"))
                .count();
    }

    /** What comes up to the event that tells of so many purges. */
    private static String readUntil(Socket socket, int purges) throws IOException {
        StringBuilder all = new StringBuilder();
        byte[] part = new byte[65536];
        while (true) {
            int read = socket.getInputStream().read(part);
            assertThat(read).isPositive();
            all.append(new String(part, 0, read, java.nio.charset.StandardCharsets.ISO_8859_1));
            int last = all.lastIndexOf("event: provider");
            if (last >= 0 && all.indexOf("\n\n", last) > 0) {
                String event = all.substring(last, all.indexOf("\n\n", last));
                if (event.split("\"purged\"", -1).length - 1 == purges) {
                    return all.toString();
                }
            }
        }
    }

    private static List<String> names(Event event, String member) {
        JsonArray timeline = event.data().getJsonArray("timeline", new JsonArray());
        return timeline.stream()
                .flatMap(entry -> ((JsonObject) entry).getJsonArray(member, new JsonArray()).stream())
                .map(String.class::cast)
                .toList();
    }

    private static boolean canOpen(Running running) {
        try (EventReader reader = new EventReader(running)) {
            return reader.response.statusCode() == 200;
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** A set of whose kids alone a status has more than a megabyte. */
    static String manyKeys() {
        JsonArray keys = new JsonArray();
        Random random = new Random(1);
        String pad = "k".repeat(6000);
        for (int i = 0; i < 120; i++) {
            byte[] modulus = new byte[256];
            random.nextBytes(modulus);
            modulus[0] |= (byte) 0x80;
            modulus[255] |= 1;
            keys.add(new JsonObject()
                    .put("kty", "RSA")
                    .put("use", "sig")
                    .put("alg", "RS256")
                    .put("kid", pad + i)
                    .put("e", "AQAB")
                    .put("n", Base64.getUrlEncoder().withoutPadding().encodeToString(modulus)));
        }
        return new JsonObject().put("keys", keys).encode();
    }
}
