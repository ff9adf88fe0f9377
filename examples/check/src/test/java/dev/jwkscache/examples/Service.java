package dev.jwkscache.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An example that runs, as a process of its own on a free port of 127.0.0.1. */
final class Service implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    /** What the plain ones print, and what Spring Boot logs. */
    private static final Pattern PORT =
            Pattern.compile("listening on http://127\\.0\\.0\\.1:(\\d+)|started on port (\\d+)");

    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .proxy(HttpClient.Builder.NO_PROXY)
            .build();

    private final Process process;
    private final Path log;
    private final URI orders;

    private Service(Process process, Path log, int port) {
        this.process = process;
        this.log = log;
        this.orders = URI.create("http://127.0.0.1:" + port + "/orders");
    }

    /** Starts an example and waits until it listens. */
    static Service start(Path example, URI issuer) throws IOException, InterruptedException {
        Path jar = example.resolve("target/orders.jar").toAbsolutePath();
        if (!Files.exists(jar)) {
            throw new AssertionError("there is no " + jar + ": examples/run builds it");
        }
        Path logs = Files.createDirectories(Path.of("target", "logs"));
        Path log = Files.createTempFile(logs, example.getFileName() + "-", ".log");
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx256m",
                        "-jar",
                        jar.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().put("ISSUER", issuer.toString());
        builder.environment().put("PORT", "0");
        Process process = builder.start();
        try {
            return new Service(process, log, port(process, log));
        } catch (Throwable e) {
            process.destroyForcibly();
            throw e;
        }
    }

    private static int port(Process process, Path log) throws IOException, InterruptedException {
        Deadline deadline = new Deadline(PATIENCE);
        while (!deadline.isOver()) {
            Matcher matcher = PORT.matcher(Files.readString(log));
            if (matcher.find()) {
                return Integer.parseInt(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
            }
            if (process.waitFor(50, TimeUnit.MILLISECONDS)) {
                throw new AssertionError("it ended with status " + process.exitValue() + " before it listened:\n"
                        + Files.readString(log));
            }
        }
        throw new AssertionError("it does not listen after " + PATIENCE + ":\n" + Files.readString(log));
    }

    HttpResponse<String> get(@Nullable String token) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(orders).timeout(Duration.ofSeconds(30));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        return HTTP.send(request.build(), BodyHandlers.ofString(UTF_8));
    }

    /** Asks again and again until the token is accepted; every other answer on the way is seen by the judge. */
    HttpResponse<String> getUntilAccepted(String token, Judge judge) throws IOException, InterruptedException {
        Deadline deadline = new Deadline(PATIENCE);
        HttpResponse<String> last = get(token);
        while (last.statusCode() != 200 && !deadline.isOver()) {
            judge.see(last);
            TimeUnit.MILLISECONDS.sleep(200);
            last = get(token);
        }
        return last;
    }

    interface Judge {
        void see(HttpResponse<String> refusal);
    }

    /** Asks it to end, as a container platform does (SIGTERM), and returns its exit status. */
    int terminate() throws IOException, InterruptedException {
        process.destroy();
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("it has not ended after " + PATIENCE + ":\n" + log());
        }
        return process.exitValue();
    }

    String log() throws IOException {
        return Files.readString(log);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private static final class Deadline {
        private final long end;

        Deadline(Duration patience) {
            end = System.nanoTime() + patience.toNanos();
        }

        boolean isOver() {
            return System.nanoTime() - end >= 0;
        }
    }
}
