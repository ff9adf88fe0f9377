package dev.jwkscache.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jwkscache.bench.report.Page;
import dev.jwkscache.bench.report.Part;
import dev.jwkscache.bench.report.Results;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The page says what the raw results say, all of it and nothing else. */
class PageTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Path PAGE = ROOT.resolve("docs/benchmarks.md");

    @TempDir
    Path folder;

    static List<Part<?>> parts() {
        return Main.PARTS;
    }

    @ParameterizedTest
    @MethodSource("parts")
    void everyPartWasMeasured(Part<?> part) throws Exception {
        assertThat(new Results(ROOT.resolve("bench/results")).read(part)).isPresent();
        assertThat(Files.readString(PAGE)).contains("`./bench/run " + part.name() + "` on ");
    }

    @Test
    void thePageIsWhatTheResultsMakeOfIt() throws Exception {
        Path copy = Files.copy(PAGE, folder.resolve("benchmarks.md"));
        for (Part<?> part : parts()) {
            new Page(copy).update(part, new Results(ROOT.resolve("bench/results")));
        }

        assertThat(copy).hasSameTextualContentAs(PAGE);
        try (Stream<Path> charts = Files.list(folder.resolve("benchmarks"))) {
            assertThat(charts)
                    .isNotEmpty()
                    .allSatisfy(chart -> assertThat(chart)
                            .hasSameTextualContentAs(ROOT.resolve("docs/benchmarks")
                                    .resolve(chart.getFileName().toString())));
        }
    }
}
