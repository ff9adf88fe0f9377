package dev.jwkscache.release;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.maven.model.Dependency;
import org.apache.maven.model.Model;
import org.junit.jupiter.api.Test;

/** What users copy names the version of this checkout; Maven replaces it in no page and in no example. */
class VersionTest {
    private static final Pattern SNIPPET = Pattern.compile(
            "<groupId>dev\\.jwkscache</groupId>\\s*<artifactId>([^<]+)</artifactId>\\s*<version>([^<]+)</version>");

    @Test
    void everyExampleImportsTheBomOfThisVersion() throws IOException {
        String version = Module.root().model().getVersion();
        String page = Files.readString(Module.ROOT.resolve("examples/README.md"));
        for (Path folder : examples()) {
            Model pom = Module.read(folder.resolve("pom.xml"));
            assertThat(pom.getDependencyManagement().getDependencies())
                    .describedAs("what %s imports", folder)
                    .filteredOn(entry -> entry.getArtifactId().equals("jwks-cache-bom"))
                    .extracting(Dependency::getVersion)
                    .containsExactly(version);
            assertThat(page).contains("](" + folder.getFileName() + "/README.md)");
        }
    }

    @Test
    void everyDependencyThatAPageShowsIsOfThisVersion() throws IOException {
        String version = Module.root().model().getVersion();
        List<Path> pages = pages();
        List<String> shown = new ArrayList<>();
        for (Path page : pages) {
            Matcher snippet = SNIPPET.matcher(Files.readString(page));
            while (snippet.find()) {
                shown.add(snippet.group(1));
                assertThat(snippet.group(2))
                        .describedAs("version of %s in %s", snippet.group(1), page)
                        .isEqualTo(version);
            }
        }
        assertThat(shown).contains("jwks-cache", "jwks-cache-testkit");
    }

    private static List<Path> examples() throws IOException {
        try (Stream<Path> folders = Files.list(Module.ROOT.resolve("examples"))) {
            List<Path> examples = folders.filter(folder -> Files.exists(folder.resolve("pom.xml")))
                    .filter(folder -> !folder.endsWith("check"))
                    .toList();
            assertThat(examples).hasSizeGreaterThan(1);
            return examples;
        }
    }

    /** Those at the root, in docs, and beside the modules; never what a build has left. */
    private static List<Path> pages() throws IOException {
        List<Path> folders = new ArrayList<>(List.of(Module.ROOT, Module.ROOT.resolve("docs")));
        Module.all().forEach(module -> folders.add(module.folder()));
        List<Path> pages = new ArrayList<>();
        for (Path folder : folders) {
            try (Stream<Path> files = Files.list(folder)) {
                files.filter(file -> file.toString().endsWith(".md")).forEach(pages::add);
            }
        }
        return pages;
    }
}
