package dev.jwkscache.keycloak;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A real Keycloak process under a test's hand, reachable on 127.0.0.1 only.
 *
 * <p>Its ports stay the same over {@link #kill()} and a new start. Its state does not: it lives in memory, so each
 * start imports the realm file again and makes new keys with new key ids.
 */
public final class KeycloakServer implements AutoCloseable {
    static final String REALM = "pulse";
    static final String ADMIN_USERNAME = "admin";
    static final String ADMIN_PASSWORD = "admin";

    private static final String LOOPBACK = "127.0.0.1";
    // Another origin than the one it listens at, as in containers.
    private static final String NAME = "localhost";
    private static final List<String> BUILD = List.of("build", "--db=dev-mem", "--health-enabled=true");

    // These follow Keycloak's own kc.sh. It keeps a shell around the JVM, so that killing what was started would leave
    // the server running; that is why the JVM is started without it.
    private static final String JVM_ARGUMENTS = """
            -Xms64m -Xmx384m -XX:MaxMetaspaceSize=256m -XX:+ExitOnOutOfMemoryError -XX:+UseSerialGC
            -XX:TieredStopAtLevel=1 -Djava.util.logging.manager=org.jboss.logmanager.LogManager -Dfile.encoding=UTF-8
            --add-opens=java.base/java.util=ALL-UNNAMED --add-opens=java.base/java.util.concurrent=ALL-UNNAMED
            --add-opens=java.base/java.security=ALL-UNNAMED --add-opens=java.base/java.lang=ALL-UNNAMED
            --enable-native-access=ALL-UNNAMED
            """;

    private static final Duration BUILD_LIMIT = Duration.ofMinutes(5);
    private static final Duration BOOT_LIMIT = Duration.ofMinutes(3);
    private static final Duration END_LIMIT = Duration.ofSeconds(20);
    private static final Duration POLL_PAUSE = Duration.ofMillis(50);
    private static final int LOG_LINES_IN_ERRORS = 30;

    private final Path home;
    private final int port;
    private final Path log;
    private volatile @Nullable Process process;

    private KeycloakServer(Path home, int port, Path log) {
        this.home = home;
        this.port = port;
        this.log = log;
    }

    /**
     * Returns a server that is ready to be started, with ports of its own.
     *
     * <p>The first call for an unpacked Keycloak runs its {@code build} command, which takes about half a minute; later
     * calls, also of later test runs, find it done. Two test JVMs must not make that first call at the same time.
     *
     * @throws IllegalStateException if the system property {@code keycloak.home} names no Keycloak, or its build fails
     */
    public static synchronized KeycloakServer prepared() {
        Path home = requireHome();
        try {
            Path logs = Files.createDirectories(Path.of("target", "keycloak").toAbsolutePath());
            int port = freePort();
            KeycloakServer server = new KeycloakServer(home, port, logs.resolve("keycloak-" + port + ".log"));
            server.buildOnce();
            server.copyRealmFile();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot prepare the Keycloak in " + home + ": " + e, e);
        }
    }

    /** Starts the server and returns when it serves the realm's keys. */
    public void start() {
        startAndWaitUntilListening();
        awaitReady();
    }

    /**
     * Starts the server and returns as soon as it answers requests. For some seconds from then on, until
     * {@link #awaitReady()} returns, it answers 503 to those for the key set.
     */
    public synchronized void startAndWaitUntilListening() {
        if (isRunning()) {
            throw new IllegalStateException("Keycloak already runs as process " + pid() + "; kill it first");
        }
        process = launch(List.of(
                "start",
                "--optimized",
                // The build command ignores this option; without it here, clustering listens on all addresses.
                "--cache=local",
                "--http-enabled=true",
                "--hostname=" + name(),
                "--http-host=" + LOOPBACK,
                "--http-port=" + port,
                "--http-management-host=" + LOOPBACK,
                "--http-management-port=" + managementPort(),
                "--import-realm"));
        await("listen", () -> KeycloakAdmin.statusOf(jwksUri()) != 0);
    }

    /** Returns when the started server reports itself ready and serves the realm's keys. */
    public void awaitReady() {
        URI health = URI.create("http://" + LOOPBACK + ":" + managementPort() + "/health/ready");
        await("become ready", () -> KeycloakAdmin.statusOf(health) == 200 && KeycloakAdmin.statusOf(jwksUri()) == 200);
    }

    /**
     * Ends the process at once by SIGKILL, as a crash would, and returns when it is gone.
     *
     * @throws IllegalStateException if no process runs, because then something else than the test has ended it
     */
    public synchronized void kill() {
        if (!started().isAlive()) {
            throw failure("Keycloak has already ended, so it cannot be killed; start it again first");
        }
        end(started());
    }

    /** Kills the server, starts it again on the same ports and returns when it serves the realm's new keys. */
    public void restart() {
        kill();
        start();
    }

    /** Ends the process, if one runs, and returns when it is gone. */
    @Override
    public synchronized void close() {
        if (process != null) {
            end(started());
        }
    }

    /** Whether a process of this server runs; it need not be ready. */
    public boolean isRunning() {
        return process != null && started().isAlive();
    }

    /** Returns the REST calls for this server. They reach it again after a restart. */
    public KeycloakAdmin admin() {
        return new KeycloakAdmin(baseUri());
    }

    /** Returns the URI that all others start with, without a slash at its end. */
    public URI baseUri() {
        return URI.create("http://" + LOOPBACK + ":" + port);
    }

    /**
     * Returns the issuer of the realm's tokens, as in their {@code iss} claim. Its host is {@code localhost}, also where
     * this resolves to another address than the one the server listens at.
     */
    public URI issuer() {
        return URI.create(name() + "/realms/" + REALM);
    }

    /** Returns the address of the realm's JWK Set. */
    public URI jwksUri() {
        return URI.create(baseUri() + "/realms/" + REALM + "/protocol/openid-connect/certs");
    }

    /** Returns the id of the process that was started last. */
    public long pid() {
        return started().pid();
    }

    private Process started() {
        Process started = process;
        if (started == null) {
            throw new IllegalStateException("Keycloak was not started yet; start it first");
        }
        return started;
    }

    private String name() {
        return "http://" + NAME + ":" + port;
    }

    private int managementPort() {
        return port + 1;
    }

    private static Path requireHome() {
        String value = System.getProperty("keycloak.home", "");
        Path home = Path.of(value).toAbsolutePath().normalize();
        if (value.isBlank() || !Files.isRegularFile(home.resolve("lib/quarkus-run.jar"))) {
            throw new IllegalStateException("The system property keycloak.home is '" + value
                    + "', which is not an unpacked Keycloak: delete the .keycloak folder in the project's root and run"
                    + " 'mvn verify', which unpacks it again and sets the property");
        }
        return home;
    }

    // On Linux a connect() to a dead port of the ephemeral range (32768 and above) can end up connected to itself and
    // then hold the port the restarted server needs. The ports are therefore taken from below that range.
    private static int freePort() throws IOException {
        for (int attempt = 0; attempt < 100; attempt++) {
            int candidate = ThreadLocalRandom.current().nextInt(20_000, 32_767);
            try (ServerSocket main = new ServerSocket(candidate, 1, InetAddress.getLoopbackAddress());
                    ServerSocket management = new ServerSocket(candidate + 1, 1, main.getInetAddress())) {
                return management.getLocalPort() - 1;
            } catch (BindException taken) {
                // The next candidate may be free.
            }
        }
        throw new IOException("100 attempts found no two free ports from 20000 to 32767; end other servers");
    }

    private void copyRealmFile() throws IOException {
        Path folder = Files.createDirectories(home.resolve("data/import"));
        try (InputStream realm = KeycloakServer.class.getResourceAsStream("/keycloak/pulse-realm.json")) {
            if (realm == null) {
                throw new IOException("keycloak/pulse-realm.json is not on the class path; run 'mvn test-compile'");
            }
            Files.copy(realm, folder.resolve("pulse-realm.json"), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private void buildOnce() throws IOException {
        Path marker = home.resolve("jwks-cache-build.txt");
        if (Files.exists(marker) && Files.readString(marker).equals(built())) {
            return;
        }
        Process build = launch(BUILD);
        if (!endsWithin(BUILD_LIMIT, build)) {
            end(build);
            throw failure("Keycloak's build command did not end within " + BUILD_LIMIT + " and was killed");
        }
        if (build.exitValue() != 0) {
            throw failure("Keycloak's build command ended with exit code " + build.exitValue()
                    + "; if its files are damaged, delete " + home.getParent() + " and run 'mvn verify' again");
        }
        Files.writeString(marker, built());
    }

    /** What tells this build from every other, and from files that were unpacked again over it. */
    private String built() throws IOException {
        return Files.readString(home.resolve("version.txt")).strip() + "\n" + String.join(" ", BUILD) + "\n"
                + Files.getLastModifiedTime(home.resolve("lib/quarkus/quarkus-application.dat")) + "\n";
    }

    private Process launch(List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(JVM_ARGUMENTS.strip().split("\\s+")));
        command.add(0, Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Dkc.home.dir=" + home);
        command.add("-Djboss.server.config.dir=" + home.resolve("conf"));
        command.addAll(List.of("-cp", home.resolve("lib/quarkus-run.jar").toString()));
        command.add("io.quarkus.bootstrap.runner.QuarkusEntryPoint");
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).directory(home.toFile());
        builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        // Every KC_ variable is an option to Keycloak: those of the developer's shell would make runs differ.
        builder.environment().keySet().removeIf(name -> name.startsWith("KC_"));
        builder.environment().put("KC_BOOTSTRAP_ADMIN_USERNAME", ADMIN_USERNAME);
        builder.environment().put("KC_BOOTSTRAP_ADMIN_PASSWORD", ADMIN_PASSWORD);
        try {
            Process launched = builder.start();
            Runtime.getRuntime().addShutdownHook(new Thread(launched::destroyForcibly, "keycloak-killer"));
            return launched;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot start " + command.get(0) + " for Keycloak: " + e.getMessage(), e);
        }
    }

    private void await(String goal, BooleanSupplier reached) {
        Process started = started();
        long begin = System.nanoTime();
        while (!reached.getAsBoolean()) {
            if (endsWithin(POLL_PAUSE, started)) {
                throw failure("Keycloak ended with exit code " + started.exitValue() + " before it could " + goal);
            }
            if (System.nanoTime() - begin > BOOT_LIMIT.toNanos()) {
                end(started);
                throw failure("Keycloak did not " + goal + " within " + BOOT_LIMIT + " and was killed");
            }
        }
    }

    private void end(Process running) {
        running.destroyForcibly();
        if (!endsWithin(END_LIMIT, running)) {
            throw failure("Process " + running.pid() + " is still there " + END_LIMIT + " after SIGKILL");
        }
    }

    private static boolean endsWithin(Duration limit, Process process) {
        try {
            return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for Keycloak; run the test again", e);
        }
    }

    private IllegalStateException failure(String what) {
        List<String> lines;
        try {
            lines = List.of(new String(Files.readAllBytes(log), StandardCharsets.UTF_8).split("\n"));
        } catch (IOException e) {
            lines = List.of("(unreadable: " + e + ")");
        }
        List<String> last = lines.subList(Math.max(0, lines.size() - LOG_LINES_IN_ERRORS), lines.size());
        return new IllegalStateException(what + "\nThe last lines of " + log + ":\n" + String.join("\n", last));
    }
}
