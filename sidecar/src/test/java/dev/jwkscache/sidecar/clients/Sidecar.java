package dev.jwkscache.sidecar.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The sidecar as users start it, on one port for all its lives. */
final class Sidecar implements AutoCloseable {
    private static final Path JAR = Path.of("target", "jwks-cache-sidecar.jar").toAbsolutePath();

    private final Path folder;
    private final Path configuration;
    private final int port;
    private @Nullable Started process;

    Sidecar(String configuration) throws Exception {
        folder = Tools.folder("sidecar");
        this.configuration = Files.writeString(folder.resolve("sidecar.yaml"), configuration);
        port = Ports.free();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** Starts, and returns when it takes requests. */
    void start() throws Exception {
        Started started = Started.in(
                folder,
                // Its state is where a user's would be, but of this run only.
                Map.of("XDG_STATE_HOME", folder.resolve("state").toString()),
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-jar",
                JAR.toString(),
                "serve",
                "--config",
                configuration.toString(),
                "--port",
                Integer.toString(port),
                "--management-port",
                "0");
        process = started;
        assertThat(started.line()).startsWith("jwks-cache: serving 2 key set(s) at " + address() + ", management at ");
    }

    /** Stops as a service manager does. */
    void stop() {
        Started running = process;
        if (running != null) {
            assertThat(running.stop()).isZero();
        }
    }

    @Override
    public void close() {
        if (process != null) {
            process.close();
        }
    }
}
