package dev.jwkscache.bench.trouble;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Callers that are tasks of one event loop in a Python process, which is told its plan in JSON and answers in JSON lines. */
final class PythonCrew implements Crew {
    private static final List<String> FILES = List.of("jwks_cache.py", "callers.py");
    /** Beyond the end of the scenario; then whatever hangs is ended from outside. */
    private static final long PATIENCE_MILLIS = 10_000;

    private final Gson gson = new Gson();
    private final String python;
    private final Map<String, String> environment;
    private final URI jwksUri;
    private final Scenario scenario;
    private @Nullable Path folder;
    private @Nullable Process process;
    private @Nullable Thread watchdog;

    PythonCrew(String python, Map<String, String> environment, URI jwksUri, Scenario scenario) {
        this.python = python;
        this.environment = environment;
        this.jwksUri = jwksUri;
        this.scenario = scenario;
    }

    @Override
    public void ready() throws IOException {
        Path scripts = Files.createTempDirectory("jwks-cache-trouble");
        folder = scripts;
        for (String file : FILES) {
            try (InputStream resource = PythonCrew.class.getResourceAsStream(file)) {
                Files.copy(Objects.requireNonNull(resource, file), scripts.resolve(file));
            }
        }
        ProcessBuilder builder =
                new ProcessBuilder(python, "-B", scripts.resolve("callers.py").toString());
        builder.environment().putAll(environment);
        // A proxy of this machine is no way to a provider on loopback.
        builder.environment().put("NO_PROXY", jwksUri.getHost());
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        Process started = builder.start();
        process = started;
        watch(started);
        tell(gson.toJson(plan()));
        expect("ready");
    }

    @Override
    public void go(long startNanos) throws IOException {
        Caller.sleepUntil(startNanos);
        tell("go");
    }

    @Override
    public List<CallerLog> finish() throws IOException {
        List<CallerLog> logs = new ArrayList<>();
        for (int i = 0; i < scenario.callers(); i++) {
            JsonObject answer = gson.fromJson(line(), JsonObject.class);
            CallerLog log = new CallerLog(scenario, i);
            answer.getAsJsonArray("services").forEach(service -> {
                long took = service.getAsLong();
                if (took < 0) {
                    log.failed(~took);
                } else {
                    log.succeeded(took);
                }
            });
            if (answer.has("failure")) {
                log.explain(
                        answer.get("failed_at").getAsLong(),
                        answer.get("failure").getAsString());
            }
            logs.add(log);
        }
        return logs;
    }

    @Override
    public void close() throws IOException {
        Process started = process;
        if (started != null) {
            started.destroyForcibly();
        }
        if (watchdog != null) {
            watchdog.interrupt();
        }
        if (folder != null) {
            for (String file : FILES) {
                Files.deleteIfExists(folder.resolve(file));
            }
            Files.delete(folder);
        }
    }

    private Map<String, Object> plan() {
        Map<String, Object> plan = new LinkedHashMap<>();
        plan.put("jwks_uri", jwksUri.toString());
        plan.put("cold", scenario.cold());
        plan.put("length", scenario.length().toNanos());
        plan.put("interval", scenario.interval().toNanos());
        List<Map<String, Object>> callers = new ArrayList<>();
        for (int i = 0; i < scenario.callers(); i++) {
            callers.add(Map.of("offset", scenario.offset(i), "lookups", scenario.lookups(i)));
        }
        plan.put("callers", callers);
        List<Map<String, Object>> kids = new ArrayList<>(List.of(Map.of("from", 0, "kid", Scenario.FIRST_KID)));
        for (Step step : scenario.steps()) {
            if (step instanceof Step.Rotates rotation) {
                kids.add(Map.of("from", rotation.asked().toNanos(), "kid", rotation.kid()));
            }
        }
        plan.put("kids", kids);
        Flood flood = scenario.flood();
        if (flood != null) {
            plan.put(
                    "flood",
                    Map.of(
                            "callers", flood.callers(),
                            "every", flood.every().toNanos(),
                            "from", flood.from().toNanos(),
                            "until", flood.until().toNanos()));
        }
        return plan;
    }

    /** So that a read from a process that says nothing ends. */
    private void watch(Process started) {
        Thread thread = new Thread(
                () -> {
                    try {
                        long most = scenario.length().toMillis() + PATIENCE_MILLIS;
                        if (!started.waitFor(most, TimeUnit.MILLISECONDS)) {
                            started.destroyForcibly();
                        }
                    } catch (InterruptedException ended) {
                        Thread.currentThread().interrupt();
                    }
                },
                "python-watchdog");
        thread.setDaemon(true);
        thread.start();
        watchdog = thread;
    }

    private Process running() {
        return Objects.requireNonNull(process, "not started");
    }

    private void tell(String line) throws IOException {
        Writer input = running().outputWriter();
        input.write(line + "\n");
        input.flush();
    }

    private void expect(String word) throws IOException {
        String line = line();
        if (!line.equals(word)) {
            throw new IOException("expected " + word + " from Python, got " + line);
        }
    }

    private String line() throws IOException {
        BufferedReader output = running().inputReader();
        String line = output.readLine();
        if (line == null) {
            throw new IOException("the Python process ended early");
        }
        return line;
    }
}
