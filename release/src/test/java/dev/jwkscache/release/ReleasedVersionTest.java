package dev.jwkscache.release;

import static java.util.function.Predicate.not;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Properties;
import java.util.regex.Pattern;
import org.apache.maven.model.Model;
import org.junit.jupiter.api.Test;

/** The API is compared with the newest release that CHANGELOG.md has, not with the one that is being made. */
class ReleasedVersionTest {
    private static final Pattern RELEASE = Pattern.compile("^## \\[?(\\d+\\.\\d+\\.\\d+)", Pattern.MULTILINE);

    @Test
    void japicmpComparesWithTheNewestReleaseOfTheChangelog() throws IOException {
        Model root = Module.root().model();
        Properties properties = root.getProperties();
        List<String> releases = releases(Files.readString(Module.ROOT.resolve("CHANGELOG.md")), root.getVersion());

        assertThat(properties.getProperty("released.version"))
                .describedAs("released.version in pom.xml, beside the newest release in CHANGELOG.md")
                .isEqualTo(releases.isEmpty() ? "none" : releases.get(0));
        assertThat(properties.getProperty("japicmp.skip"))
                .describedAs("japicmp.skip in pom.xml, with %s releases in CHANGELOG.md", releases.size())
                .isEqualTo(String.valueOf(releases.isEmpty()));
    }

    @Test
    void aReleaseInTheChangelogIsFound() {
        String changelog = "# Changelog\n\n## Unreleased\n\n## 0.2.0 (2027-01-31)\n\n## 0.1.0\n";
        assertThat(releases(changelog, "0.3.0-SNAPSHOT")).containsExactly("0.2.0", "0.1.0");
        assertThat(releases(changelog, "0.2.0")).containsExactly("0.1.0");
    }

    private static List<String> releases(String changelog, String beingMade) {
        return RELEASE.matcher(changelog)
                .results()
                .map(result -> result.group(1))
                .filter(not(beingMade::equals))
                .toList();
    }
}
