package dev.jwkscache.bench.sidecar;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Ours, as a user of the checkout starts it.
 *
 * @param launcher the script that builds it when it is missing or old
 */
record Sidecar(Path launcher) implements Subject {
    static final String NAME = "jwks-cache";

    /** The one of this checkout. */
    static Sidecar ofThisCheckout() {
        // Of the jar, or of the classes where tests run: both are two folders below the module.
        Path code = Path.of(URI.create(Sidecar.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toString()));
        for (Path folder = code; folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve("launch.sh"))) {
                return new Sidecar(folder.resolve(NAME));
            }
        }
        throw new IllegalStateException("no checkout above " + code);
    }

    @Override
    public String name() {
        return NAME;
    }

    /** Builds it, if there is something to be built. */
    @Override
    public String version() throws IOException, InterruptedException {
        Programs.output(List.of(launcher.toString(), "--version"), Map.of());
        return "this checkout";
    }

    @Override
    public String setUp(Bounds bounds) {
        return "`serve " + String.join(" ", settings(bounds)) + "`";
    }

    private static List<String> settings(Bounds bounds) {
        return List.of(
                "--time-to-live",
                Bounds.seconds(bounds.fresh()),
                "--refresh-interval",
                Bounds.seconds(bounds.fresh().dividedBy(2)),
                "--max-staleness",
                Bounds.seconds(bounds.trusted()),
                "--fetch-timeout",
                Bounds.seconds(bounds.timeout()));
    }

    @Override
    public List<String> command(int port, URI jwksUri, Bounds bounds, Path folder) {
        List<String> command = new java.util.ArrayList<>(List.of(
                launcher.toString(),
                "serve",
                "default=" + jwksUri,
                "--port",
                Integer.toString(port),
                "--management-port",
                "0",
                "--store-folder",
                folder.resolve("store").toString()));
        command.addAll(settings(bounds));
        return command;
    }
}
