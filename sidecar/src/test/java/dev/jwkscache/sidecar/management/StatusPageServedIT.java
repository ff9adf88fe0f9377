package dev.jwkscache.sidecar.management;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.PlaywrightException;
import com.microsoft.playwright.options.AriaRole;
import dev.jwkscache.sidecar.configuration.ProviderConfiguration;
import dev.jwkscache.sidecar.configuration.ProviderConfiguration.Kind;
import dev.jwkscache.testkit.Behaviour;
import dev.jwkscache.testkit.ScriptedProvider;
import dev.jwkscache.testkit.SigningKey;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The status page as the real management server serves it, with real caches and a provider under the test's hand behind it. */
class StatusPageServedIT extends PageTests {
    private final ScriptedProvider idp = ScriptedProvider.start("RS256", "ES256");
    private Running running;

    @AfterEach
    void stop() {
        if (running != null) {
            running.close();
        }
        idp.close();
    }

    @Test
    void whatTheServerTellsIsShown() {
        start(Running.told().provider("default", idp.issuer(), Kind.ISSUER));

        Locator shown = provider("default");
        assertThat(shown.locator(".address")).hasText(idp.issuer() + " issuer");
        assertThat(shown.locator(".state")).containsText("Fresh");
        assertThat(shown.locator("code"))
                .hasText(idp.keys().stream().map(SigningKey::kid).toArray(String[]::new));
        assertThat(shown.getByRole(AriaRole.TABLE)).containsText("RSA 2048 bits");
        assertThat(shown.getByRole(AriaRole.TABLE)).containsText("EC P-256");
        assertThat(shown.locator(".events li")).hasCount(1);
        assertThat(shown.locator(".events")).containsText(Pattern.compile("Loaded 2 keys \\(\\w+, .*\\)"));
        assertThat(page.locator("#readiness")).hasText("Ready");
    }

    @Test
    void aRotationShowsInEveryTabByItself() {
        start(Running.told().provider("default", idp.jwksUri()));
        Page other = context.newPage();
        other.navigate(running.address("/").toString());
        assertThat(other.locator("#connection")).hasText("Live");
        SigningKey added = idp.rotate();

        button(provider("default"), "Refresh").click();

        assertThat(announcements()).hasText("default: Refreshed: 3 keys at hand.");
        assertThat(provider("default").locator("code")).hasCount(3);
        assertThat(other.locator("tbody")).containsText(added.kid());
        assertThat(other.locator(".events li").first()).containsText("added " + added.kid());
    }

    @Test
    void aWithdrawalShows() {
        start(Running.told().provider("default", idp.jwksUri()));
        SigningKey gone = idp.keys().get(0);
        idp.withdraw(gone);

        button(provider("default"), "Refresh").click();

        assertThat(provider("default").locator("code")).hasCount(1);
        assertThat(provider("default").locator(".events li").first()).containsText("Withdrawn by the provider");
        assertThat(provider("default").locator(".events li").first()).containsText(gone.kid());
    }

    @Test
    void anOutageShowsAndEnds() {
        start(Running.told().provider("default", idp.jwksUri()));
        idp.behave(Behaviour.status(503));

        button(provider("default"), "Refresh").click();
        assertThat(announcements()).containsText("default: The refresh failed:");
        assertThat(provider("default").locator(".failing")).containsText("503");
        assertThat(provider("default").locator(".events li").first()).containsText("503");
        assertThat(provider("default").locator(".facts")).containsText("2, 1 failed");

        idp.behave(Behaviour.healthy());
        button(provider("default"), "Refresh").click();
        assertThat(announcements()).containsText("Refreshed");
        assertThat(provider("default").locator(".failing")).isHidden();
        complaints.removeIf(complaint -> complaint.contains("503"));
    }

    @Test
    void keysThatExpireAreLoud() {
        start(Running.told()
                .provider(
                        "default", idp.jwksUri(), "time-to-live", "1", "refresh-interval", "1", "max-staleness", "2"));
        idp.behave(Behaviour.status(500));

        assertThat(provider("default").locator(".state")).containsText("Expired");
        assertThat(provider("default")).containsText("no key is served, callers get 503");
        assertThat(page.locator("#readiness")).hasText("Not ready");
        assertThat(page).hasTitle("1 expired · jwks-cache");
    }

    @Test
    void purgeEmptiesUntilKeysAreLoaded() {
        start(Running.told().provider("default", idp.jwksUri()));
        idp.behave(Behaviour.status(503));

        button(provider("default"), "Purge…").click();
        button(page.getByRole(AriaRole.DIALOG), "Purge").click();

        assertThat(announcements()).containsText("Purged.");
        assertThat(provider("default").locator(".state")).containsText("Empty");
        assertThat(provider("default").locator(".events")).containsText("Purged");
        assertThat(page.locator("#readiness")).hasText("Not ready");
    }

    @Test
    void aReloadAddsAndRemoves() {
        start(Running.told().provider("default", idp.jwksUri()));

        running.providers.keep(List.of(new ProviderConfiguration("partner", idp.jwksUri(), Kind.JWKS_URI, Map.of())));

        assertThat(provider("partner").locator(".state")).containsText("Fresh");
        assertThat(provider("default")).hasCount(0);
    }

    @Test
    void theTokenIsAskedFor() {
        running = Running.told()
                .provider("default", idp.jwksUri())
                .token("open sesame")
                .reachable()
                .start();
        page.navigate(running.address("/").toString());

        page.getByLabel("Management token").fill("wrong");
        page.keyboard().press("Enter");
        assertThat(page.locator("#token-error")).hasText("The server refuses this token.");
        page.getByLabel("Management token").fill("open sesame");
        page.keyboard().press("Enter");
        assertLive();
        button(provider("default"), "Refresh").click();
        assertThat(announcements()).hasText("default: Refreshed: 2 keys at hand.");
        complaints.removeIf(complaint -> complaint.contains("401"));
    }

    @Test
    void aServerThatIsGoneIsToldAtOnce() {
        start(Running.told().provider("default", idp.jwksUri()));

        running.close();
        running = null;

        assertThat(page.getByRole(AriaRole.ALERT)).containsText("What you see is what was known then.");
        assertThat(provider("default").locator(".known")).isVisible();
        complaints.removeIf(complaint -> complaint.contains("ERR_"));
    }

    @Test
    void kidsAreTextAndTheServersPolicyWouldNotLetThemBeMore() {
        String markup = "<img src=x onerror=\"document.title='owned'\">";
        idp.addKey("RS256", markup);
        start(Running.told().provider("default", idp.jwksUri()));

        assertThat(provider("default").locator("code").last()).hasText(markup);
        assertThat(page.locator("img")).hasCount(0);
        assertThatThrownBy(() -> page.evaluate("document.body.insertAdjacentHTML('beforeend', '<b>bold</b>')"))
                .isInstanceOf(PlaywrightException.class)
                .hasMessageContaining("TrustedHTML");
        page.evaluate("document.body.append(Object.assign(document.createElement('img'),"
                + " {src: 'http://127.0.0.2:9/elsewhere.png'}))");
        page.waitForCondition(() -> complaints.stream().anyMatch(complaint -> complaint.contains("elsewhere.png")));
        assertThat(complaints)
                .allMatch(complaint -> complaint.contains("Security Policy") || complaint.contains("TrustedHTML"));
        complaints.clear();
    }

    @Test
    void allOfItFitsOnAPhone() {
        openTab(new Browser.NewContextOptions().setViewportSize(360, 740));
        start(Running.told().provider("default", idp.issuer(), Kind.ISSUER));

        assertThat(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
                .isEqualTo(0);
    }

    private void start(Running.Told told) {
        running = told.start();
        page.navigate(running.address("/").toString());
        assertLive();
    }
}
