package dev.jwkscache.bench.sidecar;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Programs of this machine, some of which only root has on its path. */
final class Programs {
    private static final List<String> ADMINISTRATION = List.of("/usr/local/sbin", "/usr/sbin", "/sbin");

    private Programs() {}

    static Optional<Path> find(String name) {
        List<String> folders = new ArrayList<>(Arrays.asList(
                Objects.requireNonNullElse(System.getenv("PATH"), "").split(":", -1)));
        folders.addAll(ADMINISTRATION);
        return folders.stream()
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Where it is. */
    static String path(String name) {
        return find(name)
                .orElseThrow(() -> new IllegalStateException("there is no " + name + " on this machine"))
                .toString();
    }

    /** What a command prints, both ways, before it ends with status 0. */
    static String output(List<String> command, Map<String, String> environment)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            process.getOutputStream().close();
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int status = process.waitFor();
            if (status != 0) {
                throw new IOException(String.join(" ", command) + " ended with status " + status + ": " + printed);
            }
            return printed;
        } finally {
            process.destroyForcibly();
        }
    }
}
