package dev.jwkscache.sidecar.demo;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static com.microsoft.playwright.assertions.PlaywrightAssertions.setDefaultAssertionTimeout;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import dev.jwkscache.sidecar.management.Chromium;
import dev.jwkscache.sidecar.management.Looks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The page of the demonstration in a real browser, before the real thing: each button, and what is then to be seen. */
class DemoPageIT {
    private static final Path PICTURES = Path.of("target", "screenshots");
    /** More than a lead, a refresh of the sidecar and one of a service on a busy machine. */
    private static final double PATIENCE_MILLIS = 60_000;

    private static Chromium chromium;
    private static BrowserDemo demo;

    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private BrowserContext context;
    private Page page;

    @BeforeAll
    static void start() throws Exception {
        chromium = Chromium.start();
        setDefaultAssertionTimeout(PATIENCE_MILLIS);
        demo = BrowserDemo.start(false);
    }

    @AfterAll
    static void end() {
        if (demo != null) {
            demo.close();
        }
        if (chromium != null) {
            chromium.close();
        }
    }

    @BeforeEach
    void open() {
        open(1280, ColorScheme.LIGHT);
    }

    private void open(int width, ColorScheme scheme) {
        if (context != null) {
            context.close();
        }
        // Tools may add scripts of their own; that the server's policy lets the page work is seen by the other tests.
        context = chromium.browser()
                .newContext(new Browser.NewContextOptions()
                        .setViewportSize(width, 900)
                        .setColorScheme(scheme)
                        .setBypassCSP(scheme == ColorScheme.DARK)
                        .setTimezoneId("UTC")
                        .setLocale("en-GB"));
        page = context.newPage();
        page.onConsoleMessage(message -> {
            if (List.of("error", "warning").contains(message.type())) {
                complaints.add(message.text());
            }
        });
        page.onPageError(complaints::add);
        page.navigate(demo.page().toString());
        assertThat(page.locator("#connection")).hasText("Live");
        assertThat(section()).isVisible();
    }

    @AfterEach
    void nobodyWasRefusedAndTheBrowserHadNothingToComplainOf() {
        press("Healthy again");
        assertThat(conduct()).hasText("answers at once");
        assertThat(keySet().locator(".state")).containsText("Fresh");
        assertThat(keySet().locator(".failing")).isHidden();
        for (String zero : List.of("goodRefused", "forgedAccepted", "withdrawnAccepted")) {
            assertThat(figure(zero)).hasText("0");
        }
        assertThat(demo.summary()).contains("; 0 good ones refused");
        context.close();
        assertThat(complaints).as("what the browser complained about").isEmpty();
    }

    @Test
    void callersVerifyAllTheTimeAndTheSpansAreSaid() {
        assertThat(section()).containsText("9 callers in 3 services");
        assertThat(section())
                .containsText("Sidecar: time to live 10 s, refresh every 5 s, max staleness 60 s, miss cooldown 3 s.");
        assertThat(section()).containsText("time to live 6 s, refresh every 2 s, max staleness 15 s");
        assertThat(section()).containsText("later than 15 s after the next fetch, or 75 s if none is good");
        assertThat(section().locator(".demo-waits dd")).containsText(Pattern.compile("[µm]?s for half of them"));
        String before = figure("verified").textContent();
        assertThat(figure("verified")).not().hasText(before);
        for (Button button : Button.values()) {
            assertThat(button(button.label())).hasAccessibleDescription(button.deed() + " Watch: " + button.watch());
        }
    }

    @Test
    void aRotationComesToThePageAndThenSigns() {
        int published = keySet().getByRole(AriaRole.ROWHEADER).count();
        press("Rotate");

        assertThat(told()).containsText("Rotate: done. Watch: the new kid");
        Locator coming = section().locator("[data-key=coming]");
        assertThat(coming).containsText(Pattern.compile("published, signs in \\d+ s"));
        String kid = String.valueOf(coming.locator("code").first().textContent());
        assertThat(keySet().getByRole(AriaRole.ROWHEADER)).hasCount(published + 1);
        assertThat(keySet().locator(".keys")).containsText(kid);
        assertThat(keySet().locator(".events")).containsText("added " + cut(kid));
        assertThat(section().locator("[data-key=signing]").first()).containsText(kid);
    }

    @Test
    void slownessIsSeenInFetchesAndNotByCallers() {
        press("Slow");

        assertThat(conduct()).hasText("takes 3 s for each answer");
        assertThat(keySet().locator(".events")).containsText(Pattern.compile("\\(\\w+, 3\\.\\d s\\)"));
        assertThat(section().locator(".demo-waits dd")).containsText(Pattern.compile("^[\\d.]+ µs for half of them"));
    }

    @Test
    void anOutageMakesKeysStaleAndTheyServeOn() {
        press("Down");

        assertThat(conduct()).hasText("refuses connections");
        assertThat(keySet().locator(".failing")).containsText("Fetches fail since");
        assertThat(keySet().locator(".state")).containsText("Stale");
        String before = figure("verified").textContent();
        assertThat(figure("verified")).not().hasText(before);
        picture("demo-down-1280-light");
    }

    @Test
    void garbageFailsFetchesAndCostsNoKey() {
        press("Garbage");
        assertThat(conduct()).hasText("answers 200 with a login page (HTML)");
        assertThat(keySet().locator(".failing")).containsText("it looks like HTML");
        press("Garbage");
        assertThat(conduct()).hasText("answers 200 with an empty set");
        assertThat(keySet().locator(".failing")).containsText("the set is empty");
        assertThat(keySet().getByRole(AriaRole.ROWHEADER)).not().hasCount(0);
    }

    @Test
    void aFloodIsRefused() {
        press("Flood");

        assertThat(section().locator(".demo-flood")).containsText(Pattern.compile("pour in for \\d+ s more"));
        assertThat(figure("forgedRefused")).hasText(Pattern.compile("[\\d,]{3,}"));
        press("Healthy again");
        assertThat(section().locator(".demo-flood")).isHidden();
    }

    @Test
    void aWithdrawnKeyLeavesAndItsTokensAreRefused() {
        String oldest = String.valueOf(
                section().locator("[data-key=signing] code").last().textContent());
        press("Withdraw");

        assertThat(section().locator("[data-key=withdrawn]").first()).containsText(oldest);
        assertThat(keySet().locator(".keys")).not().containsText(oldest);
        assertThat(keySet().locator(".events"))
                .containsText(Pattern.compile("Withdrawn by the provider .*" + cut(oldest)));
        assertThat(figure("withdrawnRefused")).not().hasText("0");
        assertThat(section().locator("[data-key=withdrawn]").filter(new Locator.FilterOptions().setHasText(oldest)))
                .containsText(Pattern.compile("withdrawn; \\d+ s later its tokens were refused"));
    }

    @Test
    void whatCannotBeDoneIsSaid() {
        page.route(
                "**/demo/withdraw",
                route -> route.fulfill(new com.microsoft.playwright.Route.FulfillOptions()
                        .setStatus(409)
                        .setContentType("application/json")
                        .setBody("{\"error\":\"only one key signs: <b>rotate</b> first\"}")));
        press("Withdraw");

        assertThat(told()).containsText("Withdraw was not done: only one key signs: <b>rotate</b> first.");
        complaints.removeIf(complaint -> complaint.contains("409"));
    }

    @ParameterizedTest
    @CsvSource({"1280, LIGHT", "1280, DARK", "360, LIGHT", "360, DARK"})
    void everythingFitsAndCanBePerceived(int width, ColorScheme scheme) throws IOException {
        open(width, scheme);
        page.waitForFunction("document.fonts.status === 'loaded'"
                + " && getComputedStyle(document.querySelector('.demo-parts')).display === 'grid'"
                + " && document.querySelectorAll('canvas').length === 1");

        assertThat(Looks.overflow(page)).as("horizontal overflow in pixels").isZero();
        if (scheme == ColorScheme.DARK) {
            assertThat(Looks.violations(page)).isEmpty();
        }
        picture("demo-" + width + "-" + scheme);
    }

    /** As the list of events cuts it. */
    private static String cut(String kid) {
        return kid.substring(0, Math.min(kid.length(), 39));
    }

    private Locator section() {
        return page.getByRole(
                AriaRole.REGION,
                new Page.GetByRoleOptions().setName("Demonstration").setExact(true));
    }

    private Locator keySet() {
        return page.getByRole(
                AriaRole.ARTICLE,
                new Page.GetByRoleOptions().setName(BrowserDemo.NAME).setExact(true));
    }

    private Locator button(String label) {
        return section()
                .getByRole(
                        AriaRole.BUTTON,
                        new Locator.GetByRoleOptions().setName(label).setExact(true));
    }

    private void press(String label) {
        button(label).click();
        assertThat(told()).containsText(label);
    }

    private Locator told() {
        return section().locator(".demo-told");
    }

    private Locator conduct() {
        return section().locator(".demo-conduct");
    }

    private Locator figure(String name) {
        return section().locator("#demo-" + name + " .demo-value");
    }

    private void picture(String name) {
        page.screenshot(new Page.ScreenshotOptions()
                .setFullPage(true)
                .setPath(PICTURES.resolve(name.toLowerCase(Locale.ROOT) + ".png")));
    }
}
