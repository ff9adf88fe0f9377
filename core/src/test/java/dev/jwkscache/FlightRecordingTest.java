package dev.jwkscache;

import static dev.jwkscache.Stage.ALG;
import static dev.jwkscache.Stage.REFRESH;
import static dev.jwkscache.Stage.kid;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jwkscache.spi.OriginResponse;
import dev.jwkscache.spi.StoredSnapshot;
import dev.jwkscache.testkit.Behaviour;
import dev.jwkscache.testkit.ScriptedProvider;
import dev.jwkscache.testkit.SigningKey;
import dev.jwkscache.testkit.VirtualTime;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import jdk.jfr.EventType;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;
import jdk.jfr.ValueDescriptor;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a recording of the JDK Flight Recorder holds, and that nothing is missing where there is no recorder. */
class FlightRecordingTest {
    @TempDir
    Path directory;

    @Test
    void aRecordingTellsTheLifeOfACache() throws Exception {
        try (Recording recording = new Recording()) {
            recording.start();
            SigningKey next;
            try (Stage stage = Stage.started()) {
                next = stage.provider.addKey(ALG);
                stage.time.advance(REFRESH);
                stage.time.advance(Duration.ofSeconds(7));
                stage.cache.key(kid(next), ALG);
                stage.provider.behave(Behaviour.status(500));
                stage.time.advance(REFRESH.minusSeconds(7));
                stage.cache.purge();
            }
            recording.stop();
            List<RecordedEvent> events = events(recording);

            assertThat(events)
                    .extracting(event -> event.getEventType().getName())
                    .startsWith(
                            "dev.jwkscache.Refresh",
                            "dev.jwkscache.Refresh",
                            "dev.jwkscache.KeyFirstUse",
                            "dev.jwkscache.RefreshFailure")
                    .contains("dev.jwkscache.Purge");
            RecordedEvent refresh = events.get(1);
            assertThat(refresh.getString("trigger")).isEqualTo("schedule");
            assertThat(refresh.getInt("keys")).isEqualTo(2);
            assertThat(refresh.getInt("added")).isEqualTo(1);
            assertThat(refresh.getLong("documentBytes")).isPositive();
            assertThat(refresh.getBoolean("document")).isTrue();
            RecordedEvent use = events.get(2);
            assertThat(use.getString("kid")).isEqualTo(kid(next));
            assertThat(use.getDuration("lead")).isEqualTo(Duration.ofSeconds(7));
            RecordedEvent failure = events.get(3);
            assertThat(failure.getString("reason")).isEqualTo("status");
            assertThat(failure.getString("state")).isEqualTo("fresh");
            assertThat(failure.getDuration("age")).isEqualTo(REFRESH);
            assertThat(failure.getInt("failures")).isEqualTo(1);
            assertThat(failure.getInstant("nextAttempt")).isAfter("2026-01-01T00:10:00Z");
        }
    }

    @Test
    void aRecordingTellsOfAStoreThatFailsAndOfWhatItKeeps() throws Exception {
        try (Recording recording = new Recording()) {
            recording.start();
            ScriptedStore store = new ScriptedStore();
            try (Stage stage = Stage.started(builder -> builder.store(store))) {
                store.fault = () -> CompletableFuture.failedFuture(new IOException("away"));
                stage.provider.addKey(ALG);
                stage.time.advance(REFRESH);
                store.fault = null;
                stage.provider.addKey(ALG);
                stage.time.advance(REFRESH);
                stage.time.advance(Duration.ofHours(2));
                store.kept = new StoredSnapshot(
                        URI.create("https://other.example"),
                        store.lastPublished().document(),
                        null,
                        null,
                        stage.time.wallClock().instant(),
                        Long.MAX_VALUE - 1);
                try (JwksCache other = stage.another(builder -> builder.store(store))) {
                    other.start();
                }
            }
            recording.stop();

            assertThat(events(recording))
                    .extracting(event -> event.getEventType().getName())
                    .contains(
                            "dev.jwkscache.StoreFailure",
                            "dev.jwkscache.StoreRecovery",
                            "dev.jwkscache.SnapshotRefusal");
        }
    }

    @Test
    void everyFieldHasALabelAndNoEventWalksTheStack() {
        try (Stage stage = Stage.started()) {
            assertThat(stage.events.refreshed).isNotEmpty();
        }
        List<EventType> types = FlightRecorder.getFlightRecorder().getEventTypes().stream()
                .filter(type -> type.getName().startsWith("dev.jwkscache."))
                .toList();

        assertThat(types).isNotEmpty().allSatisfy(type -> {
            assertThat(type.getCategoryNames()).containsExactly("jwks-cache");
            assertThat(type.getDescription()).isNotBlank();
            assertThat(type.getFields()).extracting(ValueDescriptor::getLabel).doesNotContainNull();
            assertThat(type.getSettingDescriptors().stream()
                            .filter(setting -> setting.getName().equals("stackTrace")))
                    .allSatisfy(setting -> assertThat(setting.getDefaultValue()).isEqualTo("false"));
        });
    }

    @Test
    void aRuntimeWithoutTheRecorderServesKeysAllTheSame() throws Exception {
        List<String> output = run("--limit-modules", "java.base,java.net.http,java.naming,java.xml,java.logging");

        assertThat(output)
                .contains("jdk.jfr: false", "served", "jwks_purged")
                .noneMatch(line -> line.contains("jwks_listener_failed"));
    }

    @Test
    void whereNothingRecordsTheRecorderCostsNoClassBeforeTheFirstEventAndNoTypeOfEventAfterIt() throws Exception {
        List<String> output = run("-Xlog:class+load");

        assertThat(output).contains("jdk.jfr: true", "served");
        List<String> whileBuilding = output.subList(0, output.indexOf("built"));
        assertThat(whileBuilding)
                .anyMatch(line -> line.contains("dev.jwkscache.Events "))
                .noneMatch(line -> line.contains("dev.jwkscache.FlightRecording "));
        assertThat(output)
                .anyMatch(line -> line.contains("dev.jwkscache.FlightRecording "))
                .noneMatch(line -> line.contains("dev.jwkscache.FlightRecording$"));
    }

    /** In a process of its own, whose warnings are lines of its output. */
    private List<String> run(String... options) throws Exception {
        Path logging = Files.writeString(
                directory.resolve("logback.xml"),
                "<configuration><appender name='OUT' class='ch.qos.logback.core.ConsoleAppender'>"
                        + "<encoder><pattern>%msg%n</pattern></encoder></appender>"
                        + "<root level='WARN'><appender-ref ref='OUT'/></root></configuration>");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Dlogback.configurationFile=" + logging);
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Life.class.getName()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        List<String> output = new String(process.getInputStream().readAllBytes(), UTF_8)
                .lines()
                .toList();
        assertThat(process.waitFor()).as("%s", output).isZero();
        return output;
    }

    private List<RecordedEvent> events(Recording recording) throws IOException {
        Path file = directory.resolve("recording.jfr");
        recording.dump(file);
        return RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().startsWith("dev.jwkscache."))
                .sorted(Comparator.comparing(RecordedEvent::getStartTime))
                .toList();
    }

    /** A cache that is built, has its first keys, and has told of them. */
    static final class Life {
        private Life() {}

        public static void main(String[] args) {
            System.out.println(
                    "jdk.jfr: " + ModuleLayer.boot().findModule("jdk.jfr").isPresent());
            VirtualTime time = new VirtualTime();
            try (ScriptedProvider provider = ScriptedProvider.inMemory(time, "RS256");
                    JwksCache cache = JwksCache.builder(provider.jwksUri())
                            .time(time.wallClock(), time.nanoTime(), time.scheduler())
                            .origin(request -> CompletableFuture.completedFuture(new OriginResponse(
                                    200, Map.of(), provider.document().getBytes(UTF_8))))
                            .build()) {
                System.out.println("built");
                cache.start();
                cache.key(kid(provider.current("RS256")), "RS256");
                cache.purge();
            }
            System.out.println("served");
        }
    }
}
