package dev.jwkscache.sidecar;

import dev.jwkscache.testkit.ScriptedProvider;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Does once what {@code serve} and the quick commands do, against a provider of its own, so that a Java which writes a class
 * archive at its exit ({@code -XX:ArchiveClassesAtExit}) has seen their classes. Ends the process with status 0 when all
 * went as it should.
 */
final class Rehearsal {
    private static final Pattern READY = Pattern.compile("serving .* at (http://\\S+), management at (http://\\S+)");
    private static final int PATIENCE_SECONDS = 30;

    private Rehearsal() {}

    /**
     * Runs it.
     *
     * @param arguments none
     */
    public static void main(String[] arguments) throws Exception {
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "off");
        Path state = Files.createTempDirectory("jwks-cache-rehearsal");
        // After the hook of serve or beside it: what serve still writes then is of no use to anybody.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(state)));
        try (ScriptedProvider provider = ScriptedProvider.start("RS256", "ES256")) {
            command("--version");
            command("--help");
            command("inspect", provider.jwksUri().toString());
            serve(provider, state);
        }
        System.exit(0);
    }

    private static void command(String... arguments) {
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        Main.commandLine(Map.of(), nowhere, nowhere).execute(arguments);
    }

    private static void serve(ScriptedProvider provider, Path state) throws Exception {
        ReadyLine out = new ReadyLine();
        StringWriter err = new StringWriter();
        Map<String, String> environment = Map.of("JWKS_CACHE_STATE_FOLDER", state.toString());
        String[] arguments = {
            "serve",
            "--port",
            "0",
            "--management-port",
            "0",
            "--issuer",
            provider.issuer().toString()
        };
        Thread serving = new Thread(() -> {
            int status = Main.commandLine(environment, new PrintWriter(out, true), new PrintWriter(err, true))
                    .execute(arguments);
            out.ready.completeExceptionally(new IOException("serve ended with status " + status + ": " + err));
        });
        serving.setDaemon(true);
        serving.start();
        Matcher ready = ready(out);
        String keys = ready.group(1) + "/default/";
        String kid = provider.current("ES256").kid();
        HttpClient client = HttpClient.newHttpClient();
        HttpResponse<Void> set = get(client, keys + "jwks.json");
        expect(set, 200);
        expect(
                get(
                        client,
                        keys + "jwks.json",
                        "If-None-Match",
                        set.headers().firstValue("ETag").orElse("")),
                304);
        expect(get(client, keys + "jwks.json", "Accept-Encoding", "gzip"), 200);
        expect(get(client, keys + ".well-known/openid-configuration"), 200);
        expect(get(client, keys + "keys/" + kid), 200);
        expect(get(client, keys + "keys/" + kid + ".pem"), 200);
        expect(get(client, keys + "keys/unknown"), 404);
        for (String path : List.of("/health/live", "/health/ready", "/metrics", "/api/status", "/")) {
            expect(get(client, ready.group(2) + path), 200);
        }
        if (!HealthCheck.isWell(URI.create(ready.group(2) + "/health/ready"))) {
            throw new IOException("the health check says no");
        }
    }

    private static Matcher ready(ReadyLine out) throws IOException, InterruptedException {
        try {
            return out.ready.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } catch (TimeoutException e) {
            throw new IOException("serve has printed no line that says it is ready for " + PATIENCE_SECONDS + " s", e);
        }
    }

    private static HttpResponse<Void> get(HttpClient client, String address, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), BodyHandlers.discarding());
    }

    private static void expect(HttpResponse<Void> response, int status) throws IOException {
        if (response.statusCode() != status) {
            throw new IOException(response.uri() + " answers " + response.statusCode() + " instead of " + status);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            System.err.println(folder + " stays: " + e.getMessage());
        }
    }

    /** Looks for the line that says where the servers are. */
    private static final class ReadyLine extends Writer {
        private final CompletableFuture<Matcher> ready = new CompletableFuture<>();
        private final StringBuilder text = new StringBuilder();

        @Override
        public synchronized void write(char[] buffer, int offset, int length) {
            text.append(buffer, offset, length);
            Matcher matcher = READY.matcher(text);
            if (text.indexOf("\n") >= 0 && matcher.find()) {
                ready.complete(matcher);
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
