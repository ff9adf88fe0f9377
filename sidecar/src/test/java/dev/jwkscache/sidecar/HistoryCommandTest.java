package dev.jwkscache.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.jwkscache.JwksCache;
import dev.jwkscache.sidecar.Cli.Run;
import dev.jwkscache.sidecar.configuration.Configuration;
import dev.jwkscache.sidecar.history.HistoryRecord;
import dev.jwkscache.spi.OriginResponse;
import dev.jwkscache.testkit.ScriptedProvider;
import dev.jwkscache.testkit.VirtualTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HistoryCommandTest {
    private static final Instant START = Instant.parse("2026-01-01T14:00:00Z");
    private static final String HOSTILE = "k\"\\\n\u001b[31m\u202eé";

    @TempDir
    @SuppressWarnings("NullAway.Init") // Set by JUnit.
    private Path state;

    @SuppressWarnings("NullAway.Init") // Set before each test.
    private String first;

    private final VirtualTime time = new VirtualTime(START);

    /** From 14:00 to 14:05 a first key, from 14:02 on one with a hostile kid beside it; at 14:10 the sidecar stops. */
    @BeforeEach
    void record() {
        HistoryRecord record =
                HistoryRecord.open(new Configuration.History(folder(), 1 << 20, 3), time.wallClock(), time.nanoTime());
        try (ScriptedProvider provider = ScriptedProvider.inMemory(time, "ES256");
                JwksCache cache = JwksCache.builder(provider.jwksUri())
                        .time(time.wallClock(), time.nanoTime(), time.scheduler())
                        .origin(request -> provider.exchange(Map.of())
                                .thenApply(given -> new OriginResponse(given.status(), given.headers(), given.body())))
                        .listener(record.listenerFor("partner"))
                        .build()) {
            first = Objects.requireNonNull(provider.current("ES256").kid());
            cache.startAsync();
            time.advance(Duration.ofMinutes(2));
            provider.addKey("ES256", HOSTILE);
            refresh(cache);
            time.advance(Duration.ofMinutes(3));
            provider.withdraw(first);
            refresh(cache);
            time.advance(Duration.ofMinutes(5));
            record.close();
        }
    }

    private void refresh(JwksCache cache) {
        cache.refresh();
        time.runDue();
    }

    private Path folder() {
        return state.resolve("history");
    }

    private Run run(String... arguments) {
        String[] all = new String[arguments.length + 1];
        all[0] = "history";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return Cli.run(Map.of("JWKS_CACHE_STATE_FOLDER", state.toString()), all);
    }

    @Test
    void tellsWhichKeysWereTrustedAtATime() {
        Run run = run("--at", "2026-01-01T14:03:00Z");

        assertThat(run.status()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.lines()).hasSize(4);
        assertThat(run.lines().get(0)).matches("Trusted at 2026-01-01T\\d\\d:03:00(Z|[+-]\\d\\d:\\d\\d):");
        assertThat(run.lines().get(1)).matches("provider +kid +algorithms +since +until +source +thumbprint");
        assertThat(run.lines().get(2))
                .startsWith("partner")
                .contains(first)
                .containsPattern("T\\d\\d:00:00.* T?.*T\\d\\d:05:00\\S+ withdrawn +provider +[\\w-]{43}$");
        assertThat(run.lines().get(3))
                .contains("k\\u0022\\u005c\\u000a\\u001b[31m\\u202e\\u00e9")
                .containsPattern("T\\d\\d:10:00\\S+ stopped +provider");
        assertThat(run.out()).matches("[ -~\n]*");
    }

    @Test
    void tellsMachinesOneObject() throws ParseException {
        Run run = run("--at", "2026-01-01T14:03:00Z", "--kid", HOSTILE, "--json");

        assertThat(run.status()).isZero();
        Map<String, Object> answer = JSONObjectUtils.parse(run.out());
        assertThat(answer)
                .containsEntry("at", "2026-01-01T14:03:00Z")
                .containsEntry("recorded", true)
                .containsEntry("twice", false);
        assertThat(JSONObjectUtils.getJSONObjectArray(answer, "keys"))
                .singleElement()
                .satisfies(key -> assertThat(key)
                        .containsEntry("kid", HOSTILE)
                        .containsEntry("provider", "partner")
                        .containsEntry("algorithms", List.of("ES256"))
                        .containsEntry("since", "2026-01-01T14:02:00Z")
                        .containsEntry("until", "2026-01-01T14:10:00Z")
                        .containsEntry("end", "stopped")
                        .containsEntry("source", "provider")
                        .containsEntry("perhaps", false));
        assertThat(run.out()).matches("[ -~]*\n");
    }

    @Test
    void listsAllChangesWithTheNewestLast() {
        Run run = run();

        assertThat(run.status()).isZero();
        assertThat(run.lines().stream().skip(1).map(line -> line.split(" +")[1]))
                .containsExactly("started", "trusted", "trusted", "withdrawn", "stopped");
    }

    @Test
    void listsChangesSinceATimeAndOfOneKey() throws ParseException {
        Run since = run("--since", "2026-01-01T14:02:00Z", "--json");
        assertThat((List<?>) Objects.requireNonNull(
                        JSONObjectUtils.parse(since.out()).get("changes")))
                .extracting(change -> ((Map<?, ?>) change).get("event"))
                .isEqualTo(List.of("trusted", "withdrawn", "stopped"));

        Run key = run("--kid", first);
        assertThat(key.status()).isZero();
        assertThat(key.lines().stream().skip(1).map(line -> line.split(" +")[1]))
                .containsExactly("started", "trusted", "withdrawn", "stopped");
    }

    @Test
    void saysWhenNoSidecarRan() {
        Run run = run("--at", "2026-01-01T15:00:00Z");
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out())
                .contains("The record tells nothing of ")
                .containsPattern("it ends at 2026-01-01T\\d\\d:10:00.* and goes on no more: no sidecar ran then");

        assertThat(run("--at", "2026-01-01T13:00:00Z").out()).contains("it begins at 2026-01-01T");
    }

    @ParameterizedTest
    @CsvSource({
        "1, --at 2026-01-01T14:06:00Z --kid absent",
        "1, --at 2026-01-01T14:06:00Z --provider absent",
        "1, --kid absent",
        "1, --provider absent",
        "0, --provider partner",
        "0, --at 2026-01-01T14:06:00Z --provider partner",
        "0, --since 2026-01-02 --provider partner",
    })
    void theExitStatusTellsWhetherThereWasSuchAKey(int status, String arguments) {
        assertThat(run(arguments.split(" ")).status()).isEqualTo(status);
    }

    @Test
    void aTornLineIsNoted() throws IOException {
        Files.writeString(
                folder().resolve("history-1-000001.jsonl"), "{\"at\":\"20\u001b[31m", StandardOpenOption.APPEND);
        Run run = run("--at", "2026-01-01T14:03:00Z");
        assertThat(run.status()).isZero();
        assertThat(run.out()).contains("note: history-1-000001.jsonl: 1 line skipped that cannot be read");
        assertThat(run.out()).doesNotContain("\u001b");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "--at noon                 | --at 'noon' must be a time such as 14:03",
                "--at 9999-01-01           | --at '9999-01-01' is still to come",
                "--at 14:03 --since 14:00  | --at and --since exclude each other",
                "--folder /nowhere         | there is no history in '/nowhere'",
                "more                      | 'more' is one argument too many",
            })
    void wrongArgumentsGetOneLine(String arguments, String message) {
        MainTest.assertOneLine(run(arguments.split(" ")), message);
    }

    @Test
    void aFolderWithoutARecordIsNoHistory() {
        MainTest.assertOneLine(run("--folder", state.toString()), "there is no history in '" + state + "'");
        MainTest.assertOneLine(
                run("--folder", folder().resolve("history-1-000001.jsonl").toString()), "there is no history in ");
    }
}
