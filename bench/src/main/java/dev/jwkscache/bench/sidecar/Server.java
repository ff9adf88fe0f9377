package dev.jwkscache.bench.sidecar;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A subject that runs, with the processes it consists of. Used by one thread. */
final class Server implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Subject subject;
    private final Path folder;
    private final List<String> command;
    private final URI address;
    private Process process;

    private Server(Subject subject, Path folder, List<String> command, int port) throws IOException {
        this.subject = subject;
        this.folder = folder;
        this.command = command;
        this.address = URI.create("http://127.0.0.1:" + port + Subject.PATH);
        this.process = launch();
    }

    /**
     * Starts it, without waiting for it.
     *
     * @param prefix of the command, for example what ties it to a core
     */
    static Server start(Subject subject, URI jwksUri, Bounds bounds, List<String> prefix) throws IOException {
        Path folder = Files.createTempDirectory("jwks-cache-bench");
        int port = freePort();
        List<String> command = new ArrayList<>(prefix);
        command.addAll(subject.command(port, jwksUri, bounds, folder));
        return new Server(subject, folder, command, port);
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private Process launch() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()));
        // Measured is what there is, not what a build makes of it meanwhile.
        builder.environment().put("JWKS_CACHE_NO_BUILD", "1");
        return builder.start();
    }

    URI address() {
        return address;
    }

    /** Waits for the first keys. */
    void awaitKeys(Client client) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!client.ask().hasKeys()) {
            if (!process.isAlive() || System.nanoTime() - end > 0) {
                throw new IOException(subject.name() + " serves no keys; it said: "
                        + Files.readString(folder.resolve("log")).strip());
            }
            TimeUnit.MILLISECONDS.sleep(2);
        }
    }

    /** What a power cut or the kernel does to it, and what its supervisor does then. */
    void killAndStart() throws IOException {
        kill(handles());
        process = launch();
    }

    /** The processor time that it has used. */
    Duration processorTime() {
        return handles().stream()
                .flatMap(handle -> handle.info().totalCpuDuration().stream())
                .reduce(Duration.ZERO, Duration::plus);
    }

    /** The memory of all its processes that is resident, in bytes; what they share counts for each. */
    long resident() throws IOException {
        return memory("VmRSS:");
    }

    /** The most that each of its processes ever had resident, in bytes. */
    long mostResident() throws IOException {
        return memory("VmHWM:");
    }

    private long memory(String field) throws IOException {
        long kib = 0;
        for (ProcessHandle handle : handles()) {
            for (String line : Files.readAllLines(Path.of("/proc", Long.toString(handle.pid()), "status"))) {
                if (line.startsWith(field)) {
                    kib += Long.parseLong(line.replaceAll("\\D", ""));
                }
            }
        }
        return kib << 10;
    }

    private List<ProcessHandle> handles() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .toList();
    }

    private void kill(List<ProcessHandle> all) {
        all.forEach(ProcessHandle::destroyForcibly);
        process.onExit().join();
    }

    @Override
    public void close() throws IOException {
        List<ProcessHandle> all = handles();
        process.destroy();
        process.onExit()
                .completeOnTimeout(process, PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
        kill(all);
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
