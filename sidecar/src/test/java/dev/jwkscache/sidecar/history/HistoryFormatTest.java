package dev.jwkscache.sidecar.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jwkscache.testkit.Behaviour;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lines are those of docs/history-format.md. */
class HistoryFormatTest {
    private static final Path PAGE = Path.of("..", "docs", "history-format.md");
    private static final Pattern CODE = Pattern.compile("`(\\w+)`");
    private static final Pattern ROW = Pattern.compile("\\| `(\\w+)` \\|[^|]*\\|([^|]*)\\|");
    private static final Set<String> OF_KEY =
            Set.of("kid", "thumbprint", "algorithms", "certificateExpiry", "since", "source");

    @TempDir
    @SuppressWarnings("NullAway.Init") // Set by JUnit.
    private Path temporary;

    private Path folder() {
        return temporary.resolve("history");
    }

    @Test
    void everyEventHasTheMembersOfThePageAndNoOthers() throws IOException {
        Map<Event, Set<String>> written = new TreeMap<>();
        for (JsonObject line : eventfulLife()) {
            Event event = Line.parse(line.encode()).event();
            Set<String> members = new TreeSet<>(line.fieldNames());
            assertThat(members).contains("at", "event", "run");
            members.removeAll(Set.of("at", "event", "run", "provider", "cache"));
            if (members.containsAll(OF_KEY)) {
                members.removeAll(OF_KEY);
                members.add("(key)");
            }
            Set<String> before = written.put(event, members);
            assertThat(before == null || before.equals(members)).isTrue();
        }
        assertThat(written.keySet()).isEqualTo(EnumSet.allOf(Event.class));
        assertThat(written).isEqualTo(documented());
    }

    @Test
    void aKeyIsNamedAndItsMaterialIsNotWritten() {
        try (RecordedLife life = new RecordedLife(folder())) {
            life.provider.addKey("ES256", "k\"\n\u001b\u202eé");
            life.start();
            String coordinate = new JsonObject(life.provider.document())
                    .getJsonArray("keys")
                    .getJsonObject(0)
                    .getString("x");
            assertThat(coordinate).isNotEmpty();
            assertThat(life.text())
                    .doesNotContain(coordinate)
                    .contains("\"kid\":\"k\\\"\\u000a\\u001b\\u202e\\u00e9\"")
                    .matches("[ -~\n]*");
            assertThat(life.text().lines().map(JsonObject::new))
                    .filteredOn(line -> line.getString("event").equals("trusted"))
                    .hasSize(2)
                    .last()
                    .satisfies(line -> {
                        assertThat(line.getString("kid")).isEqualTo("k\"\n\u001b\u202eé");
                        assertThat(line.getString("at")).isEqualTo("2026-01-01T00:00:00Z");
                        assertThat(line.getString("until")).isEqualTo("2026-01-01T01:00:00Z");
                        assertThat(line.getString("source")).isEqualTo("provider");
                        assertThat(line.getString("provider")).isEqualTo("default");
                        assertThat(line.getInteger("cache")).isEqualTo(1);
                        assertThat(line.getJsonArray("algorithms").encode()).isEqualTo("[\"ES256\"]");
                        assertThat(line.getString("thumbprint")).matches("[\\w-]{43}");
                    });
        }
    }

    /** Lines with each event there is. */
    private List<JsonObject> eventfulLife() throws IOException {
        try (RecordedLife life = new RecordedLife(folder(), 4000, 100).start()) {
            life.advance(Duration.ofMinutes(30));
            life.provider.rotate();
            life.refresh();
            life.provider.withdraw(life.provider.keys().get(0));
            life.advance(Duration.ofSeconds(20));
            life.refresh();
            life.provider.behave(Behaviour.status(503));
            life.advance(Duration.ofHours(2));
            life.provider.behave(Behaviour.healthy());
            life.refresh();
            life.cache().purge();
            life.advance(Duration.ofSeconds(20));
            life.time.leapWall(Duration.ofMinutes(-5));
            life.refresh();
            Path aside = temporary.resolve("aside");
            Files.move(folder(), aside);
            Files.writeString(folder(), "in the way");
            life.advance(Duration.ofMinutes(10));
            Files.delete(folder());
            Files.move(aside, folder());
            life.advance(Duration.ofMinutes(300));
            life.cache().close();
            life.time.runDue();
            life.stop();
            List<JsonObject> lines = new ArrayList<>();
            life.text().lines().forEach(line -> lines.add(new JsonObject(line)));
            return lines;
        }
    }

    private static Map<Event, Set<String>> documented() throws IOException {
        Map<Event, Set<String>> events = new TreeMap<>();
        for (String line : Files.readAllLines(PAGE)) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                Set<String> members = new TreeSet<>();
                CODE.matcher(row.group(2)).results().forEach(code -> members.add(code.group(1)));
                if (row.group(2).contains("the members of a key")) {
                    members.add("(key)");
                }
                events.put(Event.valueOf(row.group(1).toUpperCase(Locale.ROOT)), members);
            }
        }
        return events;
    }
}
