package dev.jwkscache.sidecar.management;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.jwkscache.sidecar.management.ScriptedManagement.Action;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The status page while time passes, connections break and tokens are asked for. The browser's time is under the test's hand. */
class StatusPageConnectionIT extends PageTests {

    @Test
    void keysGrowOldWithoutNewsFromTheServer() {
        page.clock().install();
        management.says(Facts.status(
                Facts.provider("default").put("ageSeconds", 590),
                Facts.stale("partner").put("ageSeconds", 3590).put("timeToExpirySeconds", 10)));
        open();
        assertThat(provider("default").locator(".state")).containsText("Fresh");
        assertThat(provider("partner").locator(".state")).containsText("Stale");

        page.clock().runFor(15_000);

        assertThat(provider("default").locator(".state")).containsText("Stale");
        assertThat(provider("default").locator(".age-text")).containsText(Pattern.compile("Age 10 min"));
        assertThat(provider("default").getByRole(AriaRole.METER))
                .hasAttribute(
                        "aria-valuetext", Pattern.compile("Age 10 min.*; time to live 10 min, max staleness 60 min"));
        assertThat(provider("partner").locator(".state")).containsText("Expired");
        assertThat(page).hasTitle("1 expired · jwks-cache");
    }

    @Test
    void whatIsNotLiveDoesNotLookLive() {
        page.clock().install();
        management.says(Facts.status(Facts.provider("default")));
        open();

        management.goDown();
        assertThat(page.getByRole(AriaRole.ALERT))
                .containsText(Pattern.compile("Not connected since \\d\\d:\\d\\d:\\d\\d"));
        assertThat(page.getByRole(AriaRole.ALERT)).containsText("What you see is what was known then.");
        assertThat(page.locator("#connection")).containsText("Not connected since");
        assertThat(provider("default").locator(".known")).isVisible();
        assertThat(page.locator("#readiness")).isHidden();
        assertThat(page).hasTitle("Not connected · jwks-cache");
        String age = provider("default").locator(".age-text").innerText();
        String since = page.locator("#notice-text").innerText();
        page.clock().runFor(60_000);
        assertThat(provider("default").locator(".age-text")).hasText(age);
        assertThat(page.locator("#notice-text"))
                .containsText(since.substring(0, "Not connected since 00:00:00".length()));

        button(provider("default"), "Refresh").click();
        assertThat(announcements()).hasText("Not connected: default was not asked to refresh.");

        management.says(Facts.status(Facts.expired("default")));
        management.comeBack();
        page.getByText("Try now").click();
        assertLive();
        assertThat(page.locator("#notice")).isHidden();
        assertThat(provider("default").locator(".known")).isHidden();
        assertThat(provider("default").locator(".state")).containsText("Expired");
        assertThat(complaints).isNotEmpty().allMatch(complaint -> complaint.contains("ERR_"));
        complaints.clear();
    }

    @Test
    void itConnectsAgainByItself() {
        page.clock().install();
        management.says(Facts.status(Facts.provider("default")));
        open();

        management.goDown();
        assertThat(page.locator("#notice")).isVisible();
        management.comeBack();
        page.clock().runFor(11_000);

        assertLive();
        assertThat(management.connections()).isEqualTo(2);
        complaints.clear();
    }

    @Test
    void aConnectionThatWentSilentIsMadeAgain() {
        page.clock().install();
        management.says(Facts.status(Facts.provider("default")));
        open();

        page.clock().runFor(50_000);
        page.clock().runFor(2_000);

        assertLive();
        assertThat(management.connections()).isGreaterThanOrEqualTo(2);
    }

    @Test
    void theTokenIsAskedForAndSentWithEverything() {
        management.wants("open sesame").says(Facts.status(Facts.provider("default")));
        page.navigate(management.address().toString());
        assertThat(page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setName("Token needed")))
                .isVisible();
        assertThat(page.getByRole(AriaRole.ARTICLE)).hasCount(0);
        assertThat(page.getByLabel("Management token")).isFocused();

        page.getByLabel("Management token").fill("wrong");
        page.keyboard().press("Enter");
        assertThat(page.locator("#token-error")).hasText("The server refuses this token.");
        page.getByLabel("Management token").fill("open sesame");
        page.getByText("Show the status").click();
        assertLive();
        assertThat(page.locator("#token")).isHidden();
        button(provider("default"), "Refresh").click();
        assertThat(announcements()).containsText("Refreshed");
        assertThat(management.actions()).containsExactly(new Action("/api/default/refresh", "1", "Bearer open sesame"));

        page.reload();
        assertLive();
        assertThat(page.evaluate("localStorage.length + document.cookie.length"))
                .isEqualTo(0);
        assertThat(requests).noneMatch(request -> request.toString().contains("sesame"));

        page.getByText("Forget the token").click();
        assertThat(page.getByLabel("Management token")).isVisible();
        assertThat(complaints).isNotEmpty().allMatch(complaint -> complaint.contains("401"));
        complaints.clear();
    }
}
