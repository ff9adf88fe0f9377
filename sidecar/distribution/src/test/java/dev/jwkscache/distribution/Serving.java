package dev.jwkscache.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A sidecar in a process of its own, from the moment that it says it is ready. */
final class Serving implements AutoCloseable {
    private static final Pattern READY =
            Pattern.compile("jwks-cache: serving 1 key set\\(s\\) at (http://127\\.0\\.0\\.1:\\d+),"
                    + " management at (http://127\\.0\\.0\\.1:\\d+)");
    private static final int PATIENCE_SECONDS = 60;

    private final Process process;
    private final BufferedReader out;
    private final List<String> before = new ArrayList<>();
    private final String keys;
    private final String management;

    private Serving(Process process) throws IOException {
        this.process = process;
        out = process.inputReader();
        Matcher ready;
        do {
            String line = out.readLine();
            assertThat(line)
                    .as("serve says that it is ready; before: %s", before)
                    .isNotNull();
            ready = READY.matcher(line);
            before.add(line);
        } while (!ready.matches());
        keys = ready.group(1);
        management = ready.group(2);
    }

    /** Starts {@code serve} on free ports for one provider, with its state in a folder. */
    static Serving start(List<String> command, URI issuer, Path state, Map<String, String> environment)
            throws IOException {
        List<String> all = new ArrayList<>(command);
        all.addAll(List.of("serve", "--port", "0", "--management-port", "0", issuer.toString()));
        ProcessBuilder builder =
                new ProcessBuilder(all).redirectError(state.resolve("log").toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("JWKS_CACHE_STATE_FOLDER", state.toString());
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            return new Serving(process);
        } catch (IOException | RuntimeException | Error e) {
            process.destroyForcibly();
            throw e;
        }
    }

    /** What was printed up to the line that says it is ready, that line included. */
    List<String> printed() {
        return List.copyOf(before);
    }

    String managementPort() {
        return management.substring(management.lastIndexOf(':') + 1);
    }

    HttpResponse<String> key(String path) throws IOException, InterruptedException {
        return get(keys + path);
    }

    HttpResponse<String> management(String path) throws IOException, InterruptedException {
        return get(management + path);
    }

    /** Sends SIGTERM and waits; returns the exit status. */
    int terminate() throws InterruptedException {
        process.destroy();
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .as("ended on SIGTERM")
                .isTrue();
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private static HttpResponse<String> get(String address) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(address)).build(), BodyHandlers.ofString());
    }
}
