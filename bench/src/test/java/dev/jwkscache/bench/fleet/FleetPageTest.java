package dev.jwkscache.bench.fleet;

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

/** What the page says of the fleet at scale, the raw results say, and nothing else. */
class FleetPageTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Path PAGE = ROOT.resolve("docs/fleet.md");
    private static final Results RESULTS = new Results(ROOT.resolve("bench/results"));

    @TempDir
    Path folder;

    static List<Part<?>> parts() {
        return Main.parts(Main.INSTANCES, Main.DAY);
    }

    @ParameterizedTest
    @MethodSource("parts")
    void everyPartWasMeasured(Part<?> part) throws Exception {
        assertThat(RESULTS.read(part)).isPresent();
        assertThat(Files.readString(PAGE)).contains("`" + part.command() + "` on ");
    }

    @Test
    void thePageIsWhatTheResultsMakeOfIt() throws Exception {
        Path copy = Files.copy(PAGE, folder.resolve("fleet.md"));
        for (Part<?> part : parts()) {
            new Page(copy).update(part, RESULTS);
        }

        assertThat(copy).hasSameTextualContentAs(PAGE);
        try (Stream<Path> charts = Files.list(folder.resolve("fleet"))) {
            assertThat(charts)
                    .isNotEmpty()
                    .allSatisfy(chart -> assertThat(chart)
                            .hasSameTextualContentAs(ROOT.resolve("docs/fleet")
                                    .resolve(chart.getFileName().toString())));
        }
    }
}
