package dev.jwkscache.sidecar.clients;

import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * Finds what clients are started with. What is missing skips the test with one line that says what to install; with
 * {@code -Dclients.required=true} it fails the test.
 */
final class Tools {
    private static final Path SCRIPTS = Path.of("src", "test", "clients").toAbsolutePath();
    private static final Path WORK = Path.of("target", "clients").toAbsolutePath();

    private static boolean installed;

    private Tools() {}

    /** A script as users see it. */
    static Path script(String name) {
        return SCRIPTS.resolve(name);
    }

    /** A folder of its own for each run. */
    static Path folder(String name) throws IOException {
        return Files.createTempDirectory(Files.createDirectories(WORK), name + "-");
    }

    /** A Python that has PyJWT; Debian's packages belong to the one in /usr/bin. */
    static String python() throws Exception {
        for (String candidate : List.of("/usr/bin/python3", "python3")) {
            if (ends(List.of(candidate, "-c", "import jwt, cryptography"), SCRIPTS)) {
                return candidate;
            }
        }
        return missing("a python3 with PyJWT and cryptography: apt install python3-jwt python3-cryptography");
    }

    /** Node.js with the packages of package-lock.json, which are installed once for each run. */
    static synchronized Path nodeModules() throws Exception {
        program("node", "Node.js 20 or later");
        program("npm", "npm");
        Path folder = Files.createDirectories(WORK.resolve("node"));
        // Node looks for packages beside the script.
        try (Stream<Path> files = Files.list(SCRIPTS.resolve("node"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.write(folder.resolve(file.getFileName()), Files.readAllBytes(file));
            }
        }
        if (!installed) {
            installed = ends(List.of("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"), folder);
        }
        return installed ? folder : Path.of(missing("the packages of package-lock.json: 'npm ci' failed in " + folder));
    }

    /** A program by its name. */
    static String program(String name, String what) throws Exception {
        Optional<Path> found = Stream.of((System.getenv("PATH") + ":/usr/sbin").split(":"))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
        return found.isPresent() ? found.get().toString() : missing(name + ": install " + what);
    }

    private static String missing(String what) {
        String line = "this client is not tested without " + what;
        if (Boolean.getBoolean("clients.required")) {
            return fail(line + " (clients.required=true)");
        }
        Assumptions.abort(line);
        return line;
    }

    private static boolean ends(List<String> command, Path folder) throws Exception {
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException absent) {
            return false;
        }
        try {
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            boolean good = process.waitFor(2, TimeUnit.MINUTES) && process.exitValue() == 0;
            if (!good) {
                System.out.println(output);
            }
            return good;
        } finally {
            process.destroyForcibly();
        }
    }
}
