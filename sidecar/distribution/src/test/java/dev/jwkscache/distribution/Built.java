package dev.jwkscache.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What Maven has just packed. */
final class Built {
    static final String VERSION = property("distribution.version");
    /** With a class archive, for it lies where it will run. */
    static final Path FOLDER = Path.of(property("distribution.folder"));

    static final Path ZIP = FOLDER.resolveSibling(FOLDER.getFileName() + ".zip");
    static final Path TAR = FOLDER.resolveSibling(FOLDER.getFileName() + ".tar.gz");
    static final Path JAR = Path.of(property("distribution.jar"));

    private Built() {}

    /** As users unpack it; returns the folder that comes out. */
    static Path unpackTar(Path into) throws IOException, InterruptedException {
        Ended tar = Ended.run("tar", "-xzf", TAR.toString(), "-C", into.toString());
        assertThat(tar).isEqualTo(new Ended(0, "", ""));
        return into.resolve(FOLDER.getFileName());
    }

    /** Name and mode of every file below a folder, and its size. */
    static Map<String, String> files(Path folder) throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                files.put(
                        folder.relativize(file).toString(),
                        Files.size(file) + (Files.isExecutable(file) ? " executable" : ""));
            }
        }
        return files;
    }

    private static String property(String name) {
        return Objects.requireNonNull(System.getProperty(name), name + " is set by Failsafe; run this through Maven");
    }
}
