package dev.jwkscache.sidecar.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jwkscache.sidecar.clients.Started;
import dev.jwkscache.testkit.Behaviour;
import dev.jwkscache.testkit.ScriptedProvider;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code serve} as a process: its start, its signals, its life after a crash, its refusals. */
class ServeIT {
    private static final Pattern READY = Pattern.compile(
            "jwks-cache: serving (\\d+) key set\\(s\\) at (http://127\\.0\\.0\\.1:\\d+), management at (http://127\\.0\\.0\\.1:\\d+)");
    private static final Path JAR = Path.of("target/jwks-cache-sidecar.jar").toAbsolutePath();

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ScriptedProvider provider = ScriptedProvider.start("ES256");
    private final List<Started> processes = new ArrayList<>();

    @TempDir
    private Path folder;

    private String keys = "";
    private String management = "";

    @AfterEach
    void close() {
        processes.forEach(Started::close);
        provider.close();
    }

    @Test
    void aRestartDuringAnOutageServesAtOnceAlsoTheMetadata() throws Exception {
        Started first = serve(provider.issuer().toString());
        String before = until(200, keys + "/default/jwks.json").body();
        until(200, keys + "/default/.well-known/openid-configuration");
        provider.behave(Behaviour.refuse());
        first.crash();

        serve(provider.issuer().toString());

        HttpResponse<String> after = get(keys + "/default/jwks.json");
        assertThat(after.statusCode()).isEqualTo(200);
        assertThat(after.body()).isEqualTo(before);
        assertThat(get(keys + "/default/.well-known/openid-configuration").body())
                .contains(keys + "/default/jwks.json");
        assertThat(get(management + "/health/ready").statusCode()).isEqualTo(200);
    }

    @Test
    void withoutAStoreARestartDuringAnOutageSays503AndIsNotReady() throws Exception {
        provider.behave(Behaviour.status(500));
        serve(provider.jwksUri().toString(), "--store=none");

        HttpResponse<String> empty = until(503, keys + "/default/jwks.json");

        assertThat(empty.headers().firstValue("Retry-After")).isPresent();
        assertThat(empty.body()).doesNotContain("\"keys\":[]");
        assertThat(get(management + "/health/ready").statusCode()).isEqualTo(503);
        assertThat(get(management + "/health/live").statusCode()).isEqualTo(200);
    }

    @Test
    void aHangUpReadsTheFileAgainWithoutLosingAKey() throws Exception {
        Path file = folder.resolve("sidecar.yaml");
        String one = "providers:\n  one: " + provider.jwksUri() + "\n";
        Files.writeString(file, one);
        Started sidecar = serve("--config", file.toString());
        String before = until(200, keys + "/one/jwks.json").body();
        provider.behave(Behaviour.status(500));

        Files.writeString(file, "max-staleness: 1800\n" + one + "  two: " + provider.jwksUri() + "\n");
        sidecar.hangUp();

        // The same address has the same keys in the store, also for who is new.
        assertThat(until(200, keys + "/two/jwks.json").body()).isEqualTo(before);
        assertThat(get(keys + "/one/jwks.json").body()).isEqualTo(before);
        assertThat(status("one").getDouble("maxStalenessSeconds")).isEqualTo(1800);

        Files.writeString(file, "max-staleness: nonsense\nproviders: {}\n");
        sidecar.hangUp();
        Files.writeString(file, "providers:\n  two: " + provider.jwksUri() + "\n");
        assertThat(get(keys + "/one/jwks.json").body())
                .as("a faulty file changes nothing")
                .isEqualTo(before);
        sidecar.hangUp();
        until(404, keys + "/one/jwks.json");
        assertThat(get(keys + "/two/jwks.json").body()).isEqualTo(before);
        assertThat(sidecar.stop()).isZero();
    }

    @Test
    void itStopsWithStatus0AndLeavesTheHistoryOfWhatWasTrusted() throws Exception {
        Started sidecar = serve(provider.jwksUri().toString());
        until(200, keys + "/default/jwks.json");

        assertThat(sidecar.stop()).isZero();

        Started history = start(
                "history", "--kid", String.valueOf(provider.current("ES256").kid()));
        StringBuilder told = new StringBuilder();
        for (String line = history.line(); line != null; line = history.line()) {
            told.append(line).append('\n');
        }
        assertThat(told)
                .contains(String.valueOf(provider.current("ES256").kid()))
                .contains("default");
    }

    @Test
    void allFaultsOfAConfigurationAreToldAtOnceWithStatus2() throws Exception {
        Refusal refusal = refused("--port", "90000", "--time-to-live", "-1", "not an address", "--max-stalenes=3");
        assertThat(refusal.status()).isEqualTo(2);

        refusal = refused("--port", "90000", "--time-to-live", "0", "ftp://idp.example");
        assertThat(refusal.status()).isEqualTo(2);
        assertThat(refusal.text())
                .contains("--port")
                .contains("--time-to-live")
                .contains("ftp")
                .doesNotContain("Exception");
    }

    @Test
    void aPortThatIsTakenIsToldWithWhatHelps() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            Refusal refusal = refused(
                    "--port",
                    Integer.toString(taken.getLocalPort()),
                    "--management-port=0",
                    provider.jwksUri().toString());

            assertThat(refusal.status()).isEqualTo(2);
            assertThat(refusal.text().strip().lines().filter(line -> line.startsWith("jwks-cache: ")))
                    .singleElement()
                    .asString()
                    .contains("cannot listen on 127.0.0.1:" + taken.getLocalPort())
                    .contains("set port");
        }
    }

    private Started serve(String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of("serve", "--port=0", "--management-port=0"));
        all.addAll(List.of(arguments));
        Started process = start(all.toArray(String[]::new));
        String line = process.line();
        assertThat(line).matches(READY);
        Matcher ready = READY.matcher(String.valueOf(line));
        assertThat(ready.matches()).isTrue();
        keys = ready.group(2);
        management = ready.group(3);
        return process;
    }

    private Started start(String... arguments) throws IOException {
        Started process = Started.in(
                folder,
                Map.of("JWKS_CACHE_STATE_FOLDER", folder.resolve("state").toString()),
                command(arguments));
        processes.add(process);
        return process;
    }

    private static String[] command(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-jar",
                JAR.toString()));
        command.addAll(List.of(arguments));
        return command.toArray(String[]::new);
    }

    private record Refusal(int status, String text) {}

    private Refusal refused(String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of("serve"));
        all.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command(all.toArray(String[]::new)))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        try {
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            return new Refusal(process.exitValue(), text);
        } finally {
            process.destroyForcibly();
        }
    }

    private JsonObject status(String name) throws Exception {
        return new JsonObject(get(management + "/api/status").body())
                .getJsonArray("providers").stream()
                        .map(JsonObject.class::cast)
                        .filter(one -> one.getString("name").equals(name))
                        .findFirst()
                        .orElseThrow();
    }

    /** Keys come in the background, and a signal is heard a moment later. */
    private HttpResponse<String> until(int status, String address) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (true) {
            HttpResponse<String> response = get(address);
            if (response.statusCode() == status || System.nanoTime() - end > 0) {
                assertThat(response.statusCode())
                        .as("%s: %s", address, response.body())
                        .isEqualTo(status);
                return response;
            }
        }
    }

    private HttpResponse<String> get(String address) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(URI.create(address)).build(), BodyHandlers.ofString());
    }
}
