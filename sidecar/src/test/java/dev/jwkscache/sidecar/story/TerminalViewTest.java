package dev.jwkscache.sidecar.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jwkscache.JwksCacheListener;
import dev.jwkscache.sidecar.demo.Tally.Counts;
import dev.jwkscache.sidecar.story.Scene.ShownKey;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TerminalViewTest {
    private static final Pace PACE = Pace.forStoryOf(Duration.ofMinutes(1));

    private final StringWriter screen = new StringWriter();
    private final TerminalView view = new TerminalView(new PrintWriter(screen), true);

    @SuppressWarnings("NullAway.Init") // Set before each test.
    private Stage stage;

    @BeforeEach
    void setTheStage() throws InterruptedException {
        stage = new Stage(PACE, new JwksCacheListener() {});
        stage.start();
    }

    @AfterEach
    void clearTheStage() {
        stage.close();
    }

    @Test
    void everyChapterFitsTheScreen() {
        int number = 0;
        for (Chapter chapter : new Story(stage).chapters()) {
            for (boolean colours : new boolean[] {true, false}) {
                List<String> lines = new Picture(colours).lines(scene(chapter, ++number));
                assertThat(lines).hasSizeLessThan(24);
                assertThat(lines).allSatisfy(line -> assertThat(bare(line)).hasSizeLessThanOrEqualTo(Picture.WIDTH));
                assertThat(bare(String.join("\n", lines)))
                        .as("no explanation is cut")
                        .contains(chapter.shows())
                        .contains("FRESH", "TTL 4 s", "max staleness 45 s", "1,234,567", "signs");
                assertThat(String.join("", lines).contains("\u001b")).isEqualTo(colours);
            }
        }
    }

    @Test
    void everyNameFitsTheTable() {
        assertThat(new Story(stage).chapters()).allSatisfy(chapter -> {
            assertThat(chapter.name()).hasSizeLessThanOrEqualTo("withdrawal".length());
            assertThat(chapter.provider()).hasSizeLessThanOrEqualTo("refuses, hangs".length());
        });
    }

    @Test
    void theTerminalIsGivenBackAsItWas() {
        view.open();
        view.show(scene(new Story(stage).chapters().get(0), 1));
        view.close();
        String shown = screen.toString();
        assertThat(shown)
                .startsWith("\u001b[?1049h\u001b[?25l\u001b[?7l")
                .endsWith("\u001b[?7h\u001b[?25h\u001b[?1049l");

        view.close();
        view.show(scene(new Story(stage).chapters().get(0), 1));
        assertThat(screen).as("nothing is drawn after the end").hasToString(shown);
    }

    @Test
    void nothingIsErasedBeforeItIsDrawnAgain() {
        view.open();
        screen.getBuffer().setLength(0);
        view.show(scene(new Story(stage).chapters().get(0), 1));
        assertThat(screen.toString())
                .doesNotContain("\u001b[2J")
                .startsWith("\u001b[?2026h\u001b[1;1H")
                .endsWith("\u001b[?2026l");
    }

    private Scene scene(Chapter chapter, int number) {
        List<ShownKey> keys = new ArrayList<>();
        Objects.requireNonNull(stage.cache().get()).keys().forEach(key -> keys.add(new ShownKey(key, "signs")));
        keys.addAll(List.copyOf(keys));
        Counts counts = new Counts(1_234_567, 1_234_567, 1_234_567, 0, 0, 1_234_567, 0, 5_000_000_000L);
        return new Scene(
                chapter,
                number,
                8,
                Duration.ofSeconds(70),
                Duration.ofMinutes(60),
                "takes connections and says nothing, or something else that is long",
                stage.cache().status(),
                PACE,
                counts,
                counts,
                1000,
                keys,
                List.of("x".repeat(200), "second"));
    }

    private static String bare(String line) {
        return line.replaceAll("\u001b\\[[0-9;?]*[A-Za-z]", "");
    }
}
