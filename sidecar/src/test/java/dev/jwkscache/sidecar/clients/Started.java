package dev.jwkscache.sidecar.clients;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A process that a test has started, and that ends with it however the test ends. */
public final class Started implements AutoCloseable {
    private static final long SECONDS = 30;

    private final Process process;
    private final BufferedReader output;
    private final Writer input;

    private Started(Process process) {
        this.process = process;
        output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        input = process.outputWriter(StandardCharsets.UTF_8);
    }

    /** Starts; what it has to say of errors is among the output of the tests. */
    public static Started in(Path folder, Map<String, String> environment, String... command) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectError(ProcessBuilder.Redirect.INHERIT);
        // Test servers are on loopback, to which no proxy of the machine is a way.
        builder.environment()
                .keySet()
                .removeIf(name -> name.toLowerCase(Locale.ROOT).endsWith("_proxy"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        return new Started(process);
    }

    public void write(String line) throws IOException {
        input.write(line + "\n");
        input.flush();
    }

    /** The next line of its output; null at the end. */
    public @Nullable String line() throws Exception {
        CompletableFuture<@Nullable String> line = CompletableFuture.supplyAsync(() -> {
            try {
                return output.readLine();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        return line.get(SECONDS, TimeUnit.SECONDS);
    }

    /** Asks it to end, as SIGTERM does, and tells the exit status. */
    public int stop() {
        process.destroy();
        return exitStatus();
    }

    /** Asks it to read its configuration again. */
    public void hangUp() throws Exception {
        new ProcessBuilder("kill", "-HUP", Long.toString(process.pid())).start().waitFor();
    }

    /** Ends it as a crash does. */
    public void crash() {
        process.destroyForcibly().onExit().join();
    }

    /** Tells it that nothing more is coming, and the exit status. */
    public int finish() throws IOException {
        input.close();
        return exitStatus();
    }

    private int exitStatus() {
        return process.onExit().orTimeout(SECONDS, TimeUnit.SECONDS).join().exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
