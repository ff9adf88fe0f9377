package dev.jwkscache.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jwkscache.testkit.Behaviour;
import dev.jwkscache.testkit.ScriptedProvider;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The folder, unpacked elsewhere and started by its script. */
@DisabledOnOs(OS.WINDOWS)
class DistributionIT {
    private static final String VERSION_LINE =
            "jwks-cache " + Built.VERSION + ", Java " + System.getProperty("java.version") + "\n";

    private static final String SHARED = "source: shared objects file (top)";

    @TempDir
    private Path temporary;

    @Test
    void bothPackagesHoldTheSameAndScriptsCanBeRun() throws Exception {
        Map<String, String> tar = Built.files(Built.unpackTar(temporary));
        assertThat(tar)
                .containsKeys(
                        "LICENSE",
                        "README.md",
                        "Dockerfile",
                        "etc/jwks-cache.yaml",
                        "kubernetes/service.yaml",
                        "kubernetes/sidecar.yaml",
                        "systemd/jwks-cache.service",
                        "share/serve.options")
                .doesNotContainKey("share/jwks-cache.jsa");
        assertThat(tar.get("bin/jwks-cache")).endsWith(" executable");
        assertThat(tar.get("bin/make-archive")).endsWith(" executable");

        assumeTrue(Ended.isThere("unzip", "the modes of files in the zip"));
        Path other = Files.createDirectory(temporary.resolve("zip"));
        assertThat(Ended.run("unzip", "-q", Built.ZIP.toString(), "-d", other.toString()))
                .isEqualTo(new Ended(0, "", ""));
        assertThat(Built.files(other.resolve(Built.FOLDER.getFileName()))).isEqualTo(tar);
    }

    /** What the tests of this module need must not change what is packed. */
    @Test
    void theJarsAreThoseOfTheCommandLine() throws Exception {
        List<String> launcher = names(Path.of("..", "target", "lib"));
        assertThat(launcher).hasSizeGreaterThan(20);
        assertThat(names(Built.FOLDER.resolve("lib")))
                .containsAll(launcher)
                .hasSize(launcher.size() + 2)
                .contains("jwks-cache.jar", "jwks-cache-sidecar-" + Built.VERSION + ".jar");
    }

    @Test
    void theScriptStartsFromAFolderWithSpacesThroughLinks() throws Exception {
        Path spaces = Files.createDirectory(temporary.resolve("with two  spaces"));
        Path folder = Built.unpackTar(spaces);
        Files.createSymbolicLink(temporary.resolve("link"), folder.resolve("bin/jwks-cache"));
        Path relative = Files.createSymbolicLink(temporary.resolve("relative"), Path.of("link"));
        assertThat(Ended.run(relative.toString(), "--version")).isEqualTo(new Ended(0, VERSION_LINE, ""));
    }

    @Test
    void argumentsOutputAndStatusPassThrough() throws Exception {
        String script = Built.unpackTar(temporary).resolve("bin/jwks-cache").toString();
        assertThat(Ended.run(script, "inspect", "no such  *"))
                .isEqualTo(new Ended(
                        2, "", "jwks-cache: there is no file 'no such  *' (an address begins with https://)\n"));
        try (ScriptedProvider provider = ScriptedProvider.start("RS256")) {
            provider.behave(Behaviour.healthy().cacheControl("public, max-age=300"));
            Ended good = Ended.run(script, "inspect", provider.jwksUri().toString());
            assertThat(good.out()).contains(provider.current("RS256").kid()).contains("clean:");
            assertThat(good.err()).isEmpty();
            assertThat(good.status()).isZero();
        }
    }

    @Test
    void optionsOfTheUserComeLastAndAreSplitAtSpaces() throws Exception {
        String script = Built.unpackTar(temporary).resolve("bin/jwks-cache").toString();
        Ended ended = Ended.run(
                List.of(script, "--version"),
                Map.of(
                        "JAVA_OPTS", "-Xmx99m -XX:+PrintCommandLineFlags",
                        "JWKS_CACHE_JAVA_OPTS", "-Xmx33m -Dstar=*"));
        assertThat(ended.status()).isZero();
        assertThat(ended.out())
                .contains("-XX:MaxHeapSize=" + (33 << 20))
                .contains("-XX:TieredStopAtLevel=1")
                .endsWith(VERSION_LINE);
    }

    @Test
    void aMissingOrOldJavaIsNamed() throws Exception {
        String script = Built.unpackTar(temporary).resolve("bin/jwks-cache").toString();
        Map<String, String> home = Map.of("JAVA_HOME", temporary.toString());
        assertThat(Ended.run(List.of(script, "--version"), home))
                .isEqualTo(new Ended(
                        2,
                        "",
                        "jwks-cache: JAVA_HOME is " + temporary
                                + ", where there is no bin/java; set it to a Java 17 or later\n"));

        Path java = Files.createDirectory(temporary.resolve("bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\necho 'openjdk version \"11.0.2\" 2019-01-15' >&2\n");
        assertThat(java.toFile().setExecutable(true)).isTrue();
        Ended old = Ended.run(List.of(script, "--version"), home);
        assertThat(old.err()).contains("is Java 11.0.2; 17 or later is needed").hasLineCount(1);
        assertThat(old.status()).isEqualTo(2);
    }

    @Test
    void theArchiveThatWasMadeWithTheFolderIsUsed() throws Exception {
        assertThat(sharedClasses(Built.FOLDER)).isGreaterThan(10);
    }

    @Test
    void anArchiveCanBeMadeWhereTheFolderIsUnpacked() throws Exception {
        Path folder = Built.unpackTar(temporary);
        assertThat(sharedClasses(folder)).as("none is packed").isZero();
        assertThat(Ended.run(folder.resolve("bin/make-archive").toString())).isEqualTo(new Ended(0, "", ""));
        assertThat(sharedClasses(folder)).isGreaterThan(10);
    }

    @Test
    void anArchiveThatFitsNothingIsPassedOverInSilence() throws Exception {
        Path folder = Built.unpackTar(temporary);
        Path archive = folder.resolve("share/jwks-cache.jsa");
        String script = folder.resolve("bin/jwks-cache").toString();
        Files.copy(Built.FOLDER.resolve("share/jwks-cache.jsa"), archive);
        assertThat(Ended.run(script, "--version")).as("of another folder").isEqualTo(new Ended(0, VERSION_LINE, ""));
        assertThat(archive.toFile().setWritable(true)).isTrue();
        Files.writeString(archive, "no archive");
        assertThat(Ended.run(script, "--version")).as("garbage").isEqualTo(new Ended(0, VERSION_LINE, ""));
        Files.delete(archive);
        Files.createFile(archive);
        assertThat(Ended.run(script, "--version")).as("empty").isEqualTo(new Ended(0, VERSION_LINE, ""));
    }

    @Test
    void servesWhatAProviderPublishesAndEndsWhenItIsTold() throws Exception {
        Path folder = Built.unpackTar(temporary);
        Path state = Files.createDirectory(temporary.resolve("state"));
        List<String> script = List.of(folder.resolve("bin/jwks-cache").toString());
        try (ScriptedProvider provider = ScriptedProvider.start("RS256");
                Serving serving = Serving.start(script, provider.issuer(), state, Map.of())) {
            assertThat(serving.printed()).as("one line and no other").hasSize(1);
            assertServes(serving, provider);
            assertThat(serving.terminate()).isZero();
            assertThat(state.resolve("log")).content().doesNotContain("Exception");
        }
    }

    @Test
    void servesOutOfTheArchive() throws Exception {
        List<String> script = List.of(Built.FOLDER.resolve("bin/jwks-cache").toString());
        Map<String, String> logged = Map.of("JWKS_CACHE_JAVA_OPTS", "-Xlog:class+load:stdout");
        try (ScriptedProvider provider = ScriptedProvider.start("RS256");
                Serving serving = Serving.start(script, provider.issuer(), temporary, logged)) {
            assertThat(serving.printed())
                    .filteredOn(line -> line.contains(" io.netty.") && line.contains(SHARED))
                    .hasSizeGreaterThan(200);
            assertThat(serving.printed())
                    .filteredOn(line -> line.contains(" dev.jwkscache.") && line.contains(SHARED))
                    .hasSizeGreaterThan(100);
            assertThat(serving.terminate()).isZero();
        }
    }

    static void assertServes(Serving serving, ScriptedProvider provider) throws IOException, InterruptedException {
        HttpResponse<String> set = serving.key("/default/jwks.json");
        assertThat(set.statusCode()).isEqualTo(200);
        assertThat(set.body()).contains(provider.current("RS256").kid());
        assertThat(serving.management("/health/ready").statusCode()).isEqualTo(200);
        assertThat(serving.management("/").statusCode()).as("the status page").isEqualTo(200);
    }

    /** How many classes of this project come out of the archive. */
    private static long sharedClasses(Path folder) throws IOException, InterruptedException {
        Ended ended = Ended.run(
                List.of(folder.resolve("bin/jwks-cache").toString(), "inspect", "/no/such/file"),
                Map.of("JWKS_CACHE_JAVA_OPTS", "-Xlog:class+load:stdout"));
        assertThat(ended.out()).as("classes are logged").contains("dev.jwkscache.sidecar.Main source: ");
        return ended.out()
                .lines()
                .filter(line -> line.contains(" dev.jwkscache.") && line.contains(SHARED))
                .count();
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
