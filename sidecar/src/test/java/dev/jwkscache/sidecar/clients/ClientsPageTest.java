package dev.jwkscache.sidecar.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page for users shows the programs that are run, to the letter, and all of them. */
class ClientsPageTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Path PROGRAMS = ROOT.resolve("sidecar/src/test/clients");
    private static final Path JAVA = ROOT.resolve("sidecar/src/test/java/dev/jwkscache/sidecar/clients");
    private static final Pattern SHOWN = Pattern.compile("<!-- (\\S+) -->\n```\\w+\n(.*?)```\n", Pattern.DOTALL);

    @Test
    void showsEveryProgramAsItIsRun() throws Exception {
        Map<String, String> run = new TreeMap<>();
        try (Stream<Path> files = Files.walk(PROGRAMS)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                // The versions, which the table tells.
                if (!file.toString().endsWith(".json")) {
                    add(run, file);
                }
            }
        }
        add(run, JAVA.resolve("NimbusClient.java"));
        add(run, JAVA.resolve("Jose4jClient.java"));

        Map<String, String> shown = new TreeMap<>();
        for (MatchResult program : SHOWN.matcher(page()).results().toList()) {
            shown.put(program.group(1), program.group(2));
        }

        assertThat(shown).isEqualTo(run);
    }

    @Test
    void namesTheVersionsOfTheLockfile() throws Exception {
        String lockfile = Files.readString(PROGRAMS.resolve("node/package-lock.json"));
        for (String name : List.of("jose", "jwks-rsa")) {
            MatchResult locked = Pattern.compile("\"node_modules/" + name + "\": \\{\\s*\"version\": \"([^\"]+)\"")
                    .matcher(lockfile)
                    .results()
                    .findFirst()
                    .orElseThrow();
            assertThat(page()).containsPattern("\\| " + name + "[^|]*\\| " + Pattern.quote(locked.group(1)) + " \\|");
        }
    }

    @Test
    void theLockfilePinsWhatIsInstalledAndNamesNoHost() throws Exception {
        String lockfile = Files.readString(PROGRAMS.resolve("node/package-lock.json"));
        assertThat(lockfile).contains("\"integrity\": \"sha512-").doesNotContain("\"resolved\"");
    }

    private static void add(Map<String, String> programs, Path file) throws IOException {
        programs.put(ROOT.relativize(file).toString().replace('\\', '/'), Files.readString(file));
    }

    private static String page() throws IOException {
        return Files.readString(ROOT.resolve("docs/clients.md"));
    }
}
