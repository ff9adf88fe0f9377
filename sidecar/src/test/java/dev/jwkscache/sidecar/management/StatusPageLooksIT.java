package dev.jwkscache.sidecar.management;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Widths, colours and what a screen reader has. Each look is kept as a picture in {@code target/screenshots}. */
class StatusPageLooksIT extends PageTests {
    private static final Path PICTURES = Path.of("target", "screenshots");

    /** What there is to look at. */
    enum Scene {
        FRESH(() -> Facts.status(Facts.provider("default"))),
        FAILING(() -> Facts.status(
                        Facts.provider("default"),
                        Facts.stale("partner").put("kind", "jwks_uri").put("address", "https://partner.example/keys"),
                        Facts.empty("new.tenant-7"))
                .put("ready", false)
                .put("notReady", Facts.array("new.tenant-7: no keys yet"))),
        EXPIRED(() -> Facts.status(Facts.expired("default")).put("ready", false)),
        MANY(() -> Facts.status(IntStream.range(0, 50)
                .mapToObj(i -> i == 23 ? Facts.expired("tenant-23") : Facts.provider("tenant-" + i))
                .toArray(JsonObject[]::new))),
        LONG(() -> Facts.status(Facts.provider("n".repeat(63))
                .put("address", "https://idp.example/" + "path/".repeat(60))
                .put("keys", Facts.array(Facts.key("k".repeat(400)), Facts.curveKey("字".repeat(90)))))),
        NONE(Facts::status);

        private final Supplier<JsonObject> status;

        Scene(Supplier<JsonObject> status) {
            this.status = status;
        }
    }

    static Stream<Arguments> looks() {
        return Stream.of(Scene.values())
                .flatMap(scene -> Stream.of(1280, 360)
                        .flatMap(width -> Stream.of(ColorScheme.LIGHT, ColorScheme.DARK)
                                .map(scheme -> Arguments.of(scene, width, scheme))));
    }

    @ParameterizedTest
    @MethodSource("looks")
    void everythingFitsAndCanBePerceived(Scene scene, int width, ColorScheme scheme) throws IOException {
        show(scene, width, scheme);

        assertThat(Looks.overflow(page)).as("horizontal overflow in pixels").isZero();
        assertThat(Looks.violations(page)).isEmpty();
        page.screenshot(new Page.ScreenshotOptions()
                .setFullPage(true)
                .setPath(PICTURES.resolve((scene + "-" + width + "-" + scheme + ".png").toLowerCase(Locale.ROOT))));
    }

    @ParameterizedTest
    @EnumSource(names = {"LIGHT", "DARK"})
    void dialogTokenFormAndNoticeCanBePerceivedToo(ColorScheme scheme) throws IOException {
        show(Scene.FRESH, 360, scheme);
        button(provider("default"), "Purge…").click();
        assertThat(Looks.overflow(page)).isZero();
        assertThat(Looks.violations(page)).isEmpty();
        picture("purge", scheme);
        page.keyboard().press("Escape");

        management.goDown();
        assertThat(page.locator("#notice")).isVisible();
        assertThat(Looks.overflow(page)).isZero();
        assertThat(Looks.violations(page)).isEmpty();
        picture("lost", scheme);

        management.comeBack();
        management.wants("a token");
        page.reload();
        assertThat(page.getByLabel("Management token")).isVisible();
        assertThat(Looks.overflow(page)).isZero();
        assertThat(Looks.violations(page)).isEmpty();
        picture("token", scheme);
        complaints.clear();
    }

    @Test
    void darkIsDarkAndLightIsLight() {
        show(Scene.FRESH, 1280, ColorScheme.DARK);
        assertThat(brightness("background-color")).isLessThan(64);
        assertThat(brightness("color")).isGreaterThan(192);
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
        assertThat(brightness("background-color")).isGreaterThan(192);
        assertThat(brightness("color")).isLessThan(64);
        assertThat(page.locator("canvas")).hasCount(1);
    }

    @Test
    void nothingMovesForThoseWhoWantNoMotion() {
        String moving = "document.getAnimations().length";
        management.says(Scene.FRESH.status.get());
        open();
        assertThat((int) page.evaluate(moving)).isPositive();

        openTab(new Browser.NewContextOptions().setReducedMotion(ReducedMotion.REDUCE));
        open();
        assertThat((int) page.evaluate(moving)).isZero();
    }

    private void show(Scene scene, int width, ColorScheme scheme) {
        management.says(scene.status.get());
        openTab(width, scheme);
        open();
        page.waitForFunction("document.fonts.status === 'loaded' && document.querySelectorAll('details[open]').length"
                + " === document.querySelectorAll('canvas').length");
    }

    private void picture(String name, ColorScheme scheme) {
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(PICTURES.resolve((name + "-360-" + scheme + ".png").toLowerCase(Locale.ROOT))));
    }

    private double brightness(String property) {
        return ((Number) page.evaluate(
                        "(name) => getComputedStyle(document.documentElement).getPropertyValue(name).match(/\\d+/g)"
                                + ".slice(0, 3).reduce((sum, part) => sum + Number(part) / 3, 0)",
                        property))
                .doubleValue();
    }
}
