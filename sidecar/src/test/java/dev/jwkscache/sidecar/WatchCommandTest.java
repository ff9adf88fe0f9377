package dev.jwkscache.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.jwkscache.sidecar.Cli.Run;
import dev.jwkscache.testkit.Behaviour;
import dev.jwkscache.testkit.ScriptedProvider;
import dev.jwkscache.testkit.SigningKey;
import java.text.ParseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WatchCommandTest {
    /** Ends a test whose events do not come; none waits for it otherwise. */
    private static final String PATIENCE = "30";

    @Test
    void printsTheKeysAndEachEvent() {
        try (ScriptedProvider provider = ScriptedProvider.start("RS256", "ES256")) {
            SigningKey oldest = provider.current("RS256");
            // The first request gets the first set, the second one fails, the third one gets a changed set.
            provider.behave(Behaviour.healthy(), 1);
            provider.behave(Behaviour.status(503), 1);
            onNextRequest(
                    provider,
                    () -> onNextRequest(provider, () -> {
                        provider.withdraw(oldest);
                        provider.addKey("Ed448", "brand-new");
                    }));

            Run run = watch(provider, out -> out.contains("changed:"));

            assertThat(run.status()).isZero();
            assertThat(run.err()).isEmpty();
            assertThat(run.out())
                    .contains("watching " + provider.jwksUri())
                    .containsPattern("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ  loaded 2 keys, in [\\d.]+ ms\n")
                    .containsPattern(oldest.kid() + " +RS256 +sig +2048 bits")
                    .containsPattern(provider.current("ES256").kid() + " +ES256 +sig +P-256")
                    .contains("refresh failed: status: status 503 instead of 200")
                    .containsPattern("keys are (fresh|stale), .* old, next attempt \\d{4}-")
                    .containsPattern("changed: 1 added, 1 removed, now 2 keys, in .* ms, after failures since \\d{4}-")
                    .contains("    + brand-new  EdDSA  Ed448")
                    .contains("    - " + oldest.kid() + "  RS256  2048 bits");
        }
    }

    @Test
    void tellsMachinesOneObjectPerLine() throws ParseException {
        String hostile = "k\"\\\n\u001b[31m\u009bé";
        try (ScriptedProvider provider = ScriptedProvider.start("RS256")) {
            provider.addKey("ES256", hostile);
            onNextRequest(provider, () -> provider.withdraw(hostile));

            Run run = watch(provider, out -> out.contains("\"event\":\"changed\""), "--json");

            List<Map<String, Object>> events = objects(run);
            assertThat(events)
                    .extracting(event -> event.get("event"))
                    .startsWith("watching", "loaded")
                    .contains("changed");
            assertThat(events)
                    .allSatisfy(
                            event -> assertThat(event.get("time")).asString().endsWith("Z"));
            Map<String, Object> loaded = events.get(1);
            assertThat(loaded).containsEntry("key_count", 2L).containsEntry("trigger", "recovery");
            assertThat(list(loaded, "keys")).extracting(key -> key.get("kid")).contains(hostile);
            assertThat(list(loaded, "keys").get(0))
                    .containsEntry("kty", "RSA")
                    .containsEntry("bits", 2048L)
                    .containsEntry("algorithms", List.of("RS256"));
            Map<String, Object> changed = events.get(events.size() - 1);
            assertThat(list(changed, "removed"))
                    .extracting(key -> key.get("kid"))
                    .containsExactly(hostile);
            assertThat(list(changed, "added")).isEmpty();
            assertThat(run.out()).matches("[ -~\\n]*");
        }
    }

    @Test
    void aProviderThatIsDownAtTheStartIsAwaited() {
        try (ScriptedProvider provider = ScriptedProvider.start("ES256")) {
            provider.behave(Behaviour.refuse());
            Run run = watch(provider, out -> {
                if (out.contains("refresh failed: connect")
                        && provider.behaviour().equals(Behaviour.refuse())) {
                    provider.behave(Behaviour.healthy());
                }
                return out.contains("loaded 1 key,");
            });
            assertThat(run.status()).isZero();
            assertThat(run.out())
                    .contains("no keys yet")
                    .contains("loaded 1 key,")
                    .contains(", after failures since ");
        }
    }

    @Test
    void tellsWhenKeysGrowStaleAndExpire() throws ParseException {
        try (ScriptedProvider provider = ScriptedProvider.start("ES256")) {
            provider.behave(Behaviour.healthy(), 1);
            provider.behave(Behaviour.status(500).slow(Duration.ofMillis(10)), 1000);
            Run run = watch(provider, out -> out.contains("\"event\":\"expired\""), "--json", "--max-staleness", "1");
            List<Map<String, Object>> events = objects(run);
            assertThat(events)
                    .extracting(event -> event.get("event"))
                    .containsSubsequence("loaded", "refresh_failed", "expired");
            assertThat(events)
                    .filteredOn(event -> "refresh_failed".equals(event.get("event")))
                    .allSatisfy(event -> assertThat(event)
                            .containsEntry("reason", "status")
                            .containsKeys("failing_since", "next_attempt", "state", "age_s", "failures"))
                    .extracting(event -> event.get("failing_since"))
                    .as("all failures are of one row")
                    .containsOnly(events.stream()
                            .filter(event -> "refresh_failed".equals(event.get("event")))
                            .findFirst()
                            .orElseThrow()
                            .get("failing_since"));
        }
    }

    @Test
    void textOfTheProviderCannotMoveTheCursor() {
        try (ScriptedProvider provider = ScriptedProvider.start("ES256")) {
            provider.addKey("ES256", "red\u001b[31m\u009b1m\r\n\u202ekid");
            Run run = watch(provider, out -> out.contains("loaded"));
            assertThat(run.out()).contains("red\\u001b[31m\\u009b1m\\u000d\\u000a\\u202ekid");
            assertThat(run.out().replace("\n", "")).matches("[^\\p{Cntrl}\\u0080-\\u009f\\u202e]*");
        }
    }

    @Test
    void entriesThatAreNotUsedAreTold() {
        try (ScriptedProvider provider = ScriptedProvider.start("RS256")) {
            provider.behave(Behaviour.unknownKty());
            Run run = watch(provider, out -> out.contains("encryption"));
            assertThat(run.out())
                    .contains("skipped entry 1 (kid scripted-unknown-kty)")
                    .contains("scripted-encryption");
        }
    }

    @Test
    void endsByItself() {
        try (ScriptedProvider provider = ScriptedProvider.start("ES256")) {
            assertThat(Cli.run("watch", provider.jwksUri().toString(), "--for", "0.1")
                            .status())
                    .isZero();
        }
    }

    @Test
    void theVariablesAreDefaults() {
        try (ScriptedProvider provider = ScriptedProvider.start("ES256")) {
            Map<String, String> environment = Map.of(
                    "JWKS_URI", provider.jwksUri().toString(), "JWKS_TTL_SECONDS", "2", "JWKS_FETCH_TIMEOUT", "");
            assertThat(Cli.run(environment, "watch", "--for", "0.1").status()).isZero();
            MainTest.assertOneLine(
                    Cli.run(environment, "watch", "--refresh-interval", "3"),
                    "refreshInterval (JWKS_REFRESH_INTERVAL) is 3 s, above timeToLive (JWKS_TTL_SECONDS), which is 2 s");
            assertThat(Cli.run(environment, "watch", "--refresh-interval", "3", "--time-to-live", "4", "--for", "0.1")
                            .status())
                    .as("an option wins over its variable")
                    .isZero();
        }
    }

    @Test
    void allBadVariablesAreNamedTogether() {
        Map<String, String> environment = Map.of("JWKS_TTL_SECONDS", "ten", "JWKS_MAX_STALENESS", "-1");
        Run run = Cli.run(environment, "watch", "https://idp.example/jwks.json");
        MainTest.assertOneLine(run, "JWKS_TTL_SECONDS is 'ten'; it must be a number of seconds");
        MainTest.assertOneLine(run, "JWKS_MAX_STALENESS is '-1'; it must be a number of seconds");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            idp.example/jwks.json                  | 'idp.example/jwks.json' is no http or https address with a host
            ftp://idp.example/jwks.json            | is no http or https address with a host
            https:///jwks.json                     | is no
            https://idp example/                   | is no address
            http://idp.example/jwks.json           | is plain http: whoever is on the way could replace the keys
            https://idp.example/jwks.json#x        | has a fragment
            https://me:secret@idp.example/jwks     | holds a user name or password
            ftp://me:secret@idp.example/jwks       | is no http or https address with a host
            https://me:secret@idp example/jwks     | is no address
            https://me:a/secret@idp example/jwks   | 'https://***@idp example/jwks' is no address
            https://[::99999999999.0.0.1]/         | is no address:
            https:me:secret@idp.example            | '***@idp.example' is no http or https address with a host
            """)
    void wrongAddressesGetOneLine(String address, String message) {
        Run run = Cli.run("watch", address);
        MainTest.assertOneLine(run, message);
        assertThat(run.err()).doesNotContain("secret");
        MainTest.assertOneLine(Cli.run("inspect", address.contains("://") ? address : "ftp://" + address), "");
    }

    @Test
    void plainHttpIsPossibleWithPermission() {
        Run run = Cli.run("watch", "http://host.invalid/jwks.json", "--allow-plain-http", "--for", "0.1");
        assertThat(run.status()).isZero();
        assertThat(run.out()).contains("watching http://host.invalid/jwks.json");
    }

    @Test
    void aQueryIsNotShown() {
        Run run = Cli.run("watch", "https://host.invalid/jwks.json?token=secret", "--for", "0.1");
        assertThat(run.out())
                .contains("watching https://host.invalid/jwks.json?…")
                .doesNotContain("secret");
    }

    private static Run watch(ScriptedProvider provider, Predicate<String> seen, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "watch",
                provider.jwksUri().toString(),
                "--ttl",
                "0.4",
                "--refresh-interval",
                "0.2",
                "--for",
                PATIENCE));
        arguments.addAll(List.of(more));
        return Cli.runUntil(seen, Map.of(), arguments.toArray(String[]::new));
    }

    private static void onNextRequest(ScriptedProvider provider, Runnable deed) {
        CompletableFuture<?> request = provider.nextRequest();
        request.thenRun(deed);
    }

    private static List<Map<String, Object>> objects(Run run) throws ParseException {
        List<Map<String, Object>> objects = new ArrayList<>();
        for (String line : run.lines()) {
            objects.add(JSONObjectUtils.parse(line));
        }
        return objects;
    }

    private static List<Map<String, Object>> list(Map<String, Object> object, String member) throws ParseException {
        return List.of(JSONObjectUtils.getJSONObjectArray(object, member));
    }
}
