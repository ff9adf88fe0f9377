package dev.jwkscache;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/guarantees.md promises nothing without a test, and names no test that does not exist. */
class GuaranteesTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern ROW = Pattern.compile("^\\| ([0-9][0-9, ]*|[A-Z][0-9]+) \\|(.*)\\|(.*)\\|(.*)\\|$");
    private static final Pattern PROOF = Pattern.compile("`(\\w+)\\.(\\w+)`");

    @Test
    void everyPromiseNamesTestsThatExist() throws IOException {
        List<Matcher> rows = rows();
        assertThat(rows).hasSizeGreaterThan(50);
        for (Matcher row : rows) {
            List<String> proofs = new ArrayList<>();
            Matcher proof = PROOF.matcher(row.group(3));
            while (proof.find()) {
                proofs.add(proof.group());
                assertThat(source(proof.group(1)))
                        .describedAs("%s, named by promise %s", proof.group(), row.group(1))
                        .containsPattern("\\b(void|Stream<DynamicTest>) " + proof.group(2) + "\\(");
            }
            assertThat(proofs).describedAs("proofs of promise %s", row.group(1)).isNotEmpty();
        }
    }

    @Test
    void everyNumberIsPromisedOnce() throws IOException {
        assertThat(rows().stream().flatMap(row -> Stream.of(row.group(1).split(", "))))
                .doesNotHaveDuplicates();
    }

    private static List<Matcher> rows() throws IOException {
        return Files.readAllLines(ROOT.resolve("docs/guarantees.md")).stream()
                .map(ROW::matcher)
                .filter(Matcher::matches)
                .collect(Collectors.toList());
    }

    private static String source(String className) throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path folder : sourceFolders()) {
            try (Stream<Path> files = Files.walk(folder)) {
                files.filter(path -> path.endsWith(className + ".java")).forEach(found::add);
            }
        }
        if (found.size() > 1) {
            found.removeIf(path -> !path.startsWith(ROOT.resolve("core")));
        }
        assertThat(found).describedAs("sources of %s", className).hasSize(1);
        return Files.readString(found.get(0));
    }

    private static List<Path> sourceFolders() throws IOException {
        try (Stream<Path> folders =
                Files.find(ROOT, 3, (path, attributes) -> attributes.isDirectory() && path.endsWith(Path.of("src")))) {
            return folders.collect(Collectors.toList());
        }
    }
}
