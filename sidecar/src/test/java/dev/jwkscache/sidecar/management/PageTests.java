package dev.jwkscache.sidecar.management;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static com.microsoft.playwright.assertions.PlaywrightAssertions.setDefaultAssertionTimeout;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** What all tests of the status page have: a browser, a tab that has seen nothing before, and a server that says what it is told to. */
abstract class PageTests {
    private static Chromium chromium;

    final ScriptedManagement management = new ScriptedManagement();
    /** What the browser complains about; a test that causes complaints clears it. */
    final List<String> complaints = new CopyOnWriteArrayList<>();

    final List<URI> requests = new CopyOnWriteArrayList<>();
    BrowserContext context;
    Page page;

    @BeforeAll
    static void startBrowser() {
        chromium = Chromium.start();
        setDefaultAssertionTimeout(20_000);
    }

    @AfterAll
    static void closeBrowser() {
        if (chromium != null) {
            chromium.close();
        }
    }

    @BeforeEach
    void openTab() {
        openTab(new Browser.NewContextOptions().setViewportSize(1280, 800));
    }

    @AfterEach
    void closeTab() {
        context.close();
        management.close();
        assertThat(complaints).as("what the browser complained about").isEmpty();
    }

    void openTab(Browser.NewContextOptions options) {
        if (context != null) {
            context.close();
        }
        context = chromium.browser().newContext(options.setTimezoneId("UTC").setLocale("en-GB"));
        context.onRequest(request -> requests.add(URI.create(request.url())));
        page = context.newPage();
        page.onConsoleMessage(message -> {
            if (List.of("error", "warning").contains(message.type())) {
                complaints.add(message.text());
            }
        });
        page.onPageError(complaints::add);
    }

    /** A tab of a width, in a colour scheme, in which tools may add scripts of their own. */
    void openTab(int width, ColorScheme scheme) {
        openTab(new Browser.NewContextOptions()
                .setViewportSize(width, 800)
                .setColorScheme(scheme)
                .setBypassCSP(true));
    }

    /** Opens the page and waits until it is live. */
    void open() {
        page.navigate(management.address().toString());
        assertLive();
    }

    void assertLive() {
        assertThat(page.locator("#connection")).hasText("Live");
    }

    Locator provider(String name) {
        return page.getByRole(
                AriaRole.ARTICLE, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    Locator button(Locator within, String name) {
        return within.getByRole(
                AriaRole.BUTTON, new Locator.GetByRoleOptions().setName(name).setExact(true));
    }

    /** What screen readers are told without being asked. */
    Locator announcements() {
        return page.locator("#announcements");
    }
}
