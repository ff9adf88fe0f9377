package dev.jwkscache.sidecar;

import dev.jwkscache.JwksCache;
import java.io.PrintWriter;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code watch}: keeps a set and tells what happens to it. */
@Command(
        name = "watch",
        description = "Keeps a key set and tells each event as it happens, until Ctrl-C.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {"0:the watch has ended", "2:wrong arguments"})
final class WatchCommand implements Callable<Integer> {
    /** How soon at most a look tells that keys have aged, or that nobody reads the output any more. */
    private static final long LOOK_MILLIS = 200;

    private static final String PREFIX = "jwks-cache cannot start: ";

    @Parameters(
            arity = "0..1",
            paramLabel = "<jwks-uri>",
            description = "Address of the key set (JWKS_URI): https, or http on loopback.")
    private @Nullable String address;

    @Mixin
    private final CacheOptions options;

    @Option(names = "--json", description = "One JSON object for each event and line.")
    private boolean json;

    @Option(
            names = "--for",
            paramLabel = "<seconds>",
            converter = Spans.Converter.class,
            description = "End after this time.")
    private @Nullable Duration span;

    @Spec
    @SuppressWarnings("NullAway.Init") // Set by picocli before call.
    private CommandSpec spec;

    private final Map<String, String> environment;

    WatchCommand(Map<String, String> environment) {
        this.environment = environment;
        this.options = new CacheOptions(environment);
    }

    @Override
    public Integer call() throws InterruptedException {
        URI uri = Address.parse(address(), options.plainHttpAllowed());
        PrintWriter out = spec.commandLine().getOut();
        WatchReport report = json ? new WatchJson(out) : new WatchText(out);
        WatchListener listener = new WatchListener(report);
        // Closed in reverse: the process ends when the cache is closed.
        try (Interruption interruption = Interruption.arm(() -> {});
                JwksCache cache = build(options.builder(uri).listener(listener))) {
            report.watching(Instant.now(), uri);
            cache.startAsync();
            watch(cache, listener, interruption.requested(), out);
        }
        return ExitStatus.GOOD;
    }

    private void watch(JwksCache cache, WatchListener listener, CountDownLatch end, PrintWriter out)
            throws InterruptedException {
        long begun = System.nanoTime();
        long most = span == null ? Long.MAX_VALUE : span.toNanos();
        while (true) {
            long left = most - (System.nanoTime() - begun);
            long nap = Math.min(left, TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS));
            // A pipe whose reader has gone is only known by trying to write.
            if (left <= 0 || end.await(nap, TimeUnit.NANOSECONDS) || out.checkError()) {
                return;
            }
            listener.look(cache.status());
        }
    }

    private String address() {
        String given = address != null
                ? address
                : environment.getOrDefault("JWKS_URI", "").strip();
        if (given.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "name the address of the key set, or set JWKS_URI");
        }
        return given;
    }

    private static JwksCache build(JwksCache.Builder builder) {
        try {
            return builder.build();
        } catch (IllegalArgumentException e) {
            String message = String.valueOf(e.getMessage());
            throw new CommandFailure(message.startsWith(PREFIX) ? message.substring(PREFIX.length()) : message);
        }
    }
}
