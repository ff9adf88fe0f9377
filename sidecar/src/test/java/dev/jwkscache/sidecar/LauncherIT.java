package dev.jwkscache.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The script at the root, with the jar that Maven has just packaged. Never starts Maven. */
@DisabledOnOs(OS.WINDOWS)
class LauncherIT {
    private static final Path BUILT = Path.of("target").toAbsolutePath();
    private static final Path SCRIPT =
            Path.of("..", "jwks-cache").toAbsolutePath().normalize();

    @TempDir
    @SuppressWarnings("NullAway.Init") // Set by JUnit.
    private Path folder;

    private record Ended(int status, String output) {}

    @Test
    void startsFromAnywhereThroughLinks() throws Exception {
        Files.createSymbolicLink(folder.resolve("link"), SCRIPT);
        Path relative = Files.createSymbolicLink(folder.resolve("relative"), Path.of("link"));
        Ended ended = run(List.of(relative.toString(), "--version"), Map.of());
        assertThat(ended.output())
                .startsWith("jwks-cache 0.")
                .contains("Java " + Runtime.version().feature());
        assertThat(ended.status()).isZero();
    }

    @Test
    void passesArgumentsAndExitStatusOn() throws Exception {
        Ended ended = run(List.of(SCRIPT.toString(), "inspect", "no such  file"), Map.of());
        assertThat(ended.output())
                .isEqualTo("jwks-cache: there is no file 'no such  file' (an address begins with https://)\n");
        assertThat(ended.status()).isEqualTo(2);
    }

    @Test
    void saysThatJavaIsMissingOrOld() throws Exception {
        Ended missing = run(List.of(SCRIPT.toString(), "--version"), Map.of("JAVA_HOME", folder.toString()));
        assertThat(missing.output()).contains("JAVA_HOME is " + folder).hasLineCount(1);
        assertThat(missing.status()).isEqualTo(2);

        Path java = Files.createDirectory(folder.resolve("bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\necho 'openjdk version \"11.0.2\" 2019-01-15' >&2\n");
        assertThat(java.toFile().setExecutable(true)).isTrue();
        Ended old = run(List.of(SCRIPT.toString(), "--version"), Map.of("JAVA_HOME", folder.toString()));
        assertThat(old.output())
                .contains("is Java 11.0.2; 17 or later is needed")
                .hasLineCount(1);
        assertThat(old.status()).isEqualTo(2);
    }

    @Test
    void saysThatNothingIsBuilt() throws Exception {
        Ended ended = run(List.of(copyOfTheScript().toString(), "--version"), Map.of());
        assertThat(ended.output()).contains("not built yet").hasLineCount(1);
        assertThat(ended.status()).isEqualTo(2);
    }

    @Test
    void buildsWhatIsMissingAndWhatIsOld() throws Exception {
        Path script = copyOfTheScript();
        Path calls = folder.resolve("calls");
        Map<String, String> environment = withMaven("""
                echo "$@" >> '%s'
                mkdir -p sidecar/target
                cp '%2$s/jwks-cache-sidecar.jar' sidecar/target/
                cp -R '%2$s/lib' sidecar/target/lib
                """.formatted(calls, BUILT));

        Ended first = run(List.of(script.toString(), "--version"), environment);
        assertThat(first.output())
                .contains("building the command line")
                .contains("\njwks-cache 0.")
                .hasLineCount(2);
        assertThat(first.status()).isZero();
        assertThat(calls).content().startsWith("-q -B -pl sidecar -am package").hasLineCount(1);

        Ended second = run(List.of(script.toString(), "--version"), environment);
        assertThat(second.output()).startsWith("jwks-cache 0.").hasLineCount(1);
        assertThat(calls).content().hasLineCount(1);

        Path source = script.resolveSibling("core/src/main/New.java");
        Files.writeString(source, "");
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(3600)));
        run(List.of(script.toString(), "--version"), environment);
        assertThat(calls).content().hasLineCount(2);
    }

    @Test
    void aBuildThatFailsIsShown() throws Exception {
        Ended ended = run(
                List.of(copyOfTheScript().toString(), "--version"), withMaven("echo '[ERROR] no such symbol'; exit 1"));
        assertThat(ended.output())
                .contains("[ERROR] no such symbol\njwks-cache: the build failed; Maven's output is above\n");
        assertThat(ended.status()).isEqualTo(2);
    }

    /** A root of its own, with sources and nothing built. */
    private Path copyOfTheScript() throws IOException {
        Path root = Files.createDirectory(folder.resolve("a root"));
        Files.writeString(root.resolve("pom.xml"), "");
        for (String module : List.of("core", "testkit", "redis", "micrometer", "sidecar")) {
            Files.createDirectories(root.resolve(module).resolve("src/main"));
            Files.writeString(root.resolve(module).resolve("pom.xml"), "");
        }
        Files.copy(SCRIPT.resolveSibling("launch.sh"), root.resolve("launch.sh"));
        Path launch = Files.createDirectory(root.resolve("sidecar/src/main/launch"));
        for (String file : List.of("java.sh", "quick.options", "serve.options")) {
            Files.copy(Path.of("src/main/launch", file), launch.resolve(file));
        }
        return Files.copy(SCRIPT, root.resolve("jwks-cache"), StandardCopyOption.COPY_ATTRIBUTES);
    }

    /** An environment in which Maven is a few lines of shell. */
    private Map<String, String> withMaven(String commands) throws IOException {
        Path bin = Files.createDirectory(folder.resolve("path"));
        Path mvn = Files.writeString(bin.resolve("mvn"), "#!/bin/sh\n" + commands);
        assertThat(mvn.toFile().setExecutable(true)).isTrue();
        return Map.of("JWKS_CACHE_NO_BUILD", "", "PATH", bin + ":" + System.getenv("PATH"));
    }

    private Ended run(List<String> command, Map<String, String> environment) throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().put("JWKS_CACHE_NO_BUILD", "1");
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), output);
    }
}
