package dev.jwkscache.sidecar.management;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.jwkscache.sidecar.management.ScriptedManagement.Action;
import dev.jwkscache.sidecar.management.ScriptedManagement.Reply;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the status page says and what its buttons do. */
class StatusPageIT extends PageTests {

    @Test
    void everyProviderIsDescribed() {
        management.says(Facts.status(
                Facts.provider("default"),
                Facts.stale("partner").put("kind", "jwks_uri").put("address", "https://partner.example/keys")));
        open();

        Locator first = provider("default");
        assertThat(first.locator(".address")).hasText("https://idp.example/realms/default issuer");
        assertThat(first.locator(".state")).containsText("Fresh");
        assertThat(first.locator(".scale")).hasText("time to live 10 min · max staleness 60 min");
        assertThat(first.locator(".facts")).containsText(Pattern.compile("Next attempt ?in \\d"));
        assertThat(first.locator(".facts")).containsText("38, 2 failed");
        assertThat(first.locator(".facts")).containsText("1 not-for-signatures");
        assertThat(first.locator(".failing")).isHidden();

        Locator second = provider("partner");
        assertThat(second.locator(".address")).hasText("https://partner.example/keys jwks_uri");
        assertThat(second.locator(".state")).containsText("Stale");
        assertThat(second.locator(".failing")).containsText("status 503 instead of 200");
        assertThat(second.locator(".failing")).containsText("Fetches fail since");
        assertThat(page.locator("#counts li")).hasText(new String[] {"1 stale", "1 fresh"});
        assertThat(page.locator("#attention-list li"))
                .hasText(new String[] {"partner is stale: status 503 instead of 200"});
        assertThat(page).hasTitle("1 stale · jwks-cache");
    }

    @Test
    void everyKeyIsInTheTable() {
        management.says(Facts.status(Facts.provider("default")
                .put(
                        "keys",
                        Facts.array(
                                Facts.key("soon").put("certificateExpiry", Facts.at(Duration.ofDays(12))),
                                Facts.curveKey("gone").put("certificateExpiry", Facts.at(Duration.ofDays(-2))),
                                Facts.key("used").put("lastUsed", "2026-01-02T03:04:05Z"),
                                Facts.key("later").put("certificateExpiry", "2099-03-04T00:00:00Z"),
                                Facts.key("none").putNull("kid")))));
        open();

        Locator table = provider("default").getByRole(AriaRole.TABLE);
        assertThat(table.getByRole(AriaRole.COLUMNHEADER)).hasText(new String[] {
            "kid", "Algorithms", "Size or curve", "First seen", "Certificate until", "Last seen in use"
        });
        assertThat(table.getByRole(AriaRole.ROWHEADER).locator(".value"))
                .hasText(new String[] {"soon", "gone", "used", "later", "none"});
        assertThat(row(table, "soon")).containsText("RS256, RS384, RS512, PS256, PS384, PS512");
        assertThat(row(table, "soon")).containsText("RSA 2048 bits");
        assertThat(row(table, "soon").locator(".warn")).containsText(Pattern.compile("expires in 1[12] days"));
        assertThat(row(table, "soon")).containsText("not yet");
        assertThat(row(table, "gone")).containsText("EC P-256");
        assertThat(row(table, "gone").locator(".bad")).containsText("expired");
        assertThat(row(table, "used")).containsText("2026-01-02 03:04:05");
        assertThat(row(table, "later")).containsText("2099-03-04");
        assertThat(row(table, "later").locator(".warn, .bad")).hasCount(0);
    }

    private static Locator row(Locator table, String kid) {
        return table.getByRole(
                AriaRole.ROW, new Locator.GetByRoleOptions().setName(Pattern.compile("^(kid )?" + kid + " ")));
    }

    @Test
    void theLastEventsAreListedNewestFirst() {
        management.says(Facts.status(Facts.provider("default")
                .put(
                        "timeline",
                        Facts.array(
                                Facts.refreshed(Duration.ofMinutes(-50), List.of("a"), List.of()),
                                Facts.refreshed(Duration.ofMinutes(-40), List.of(), List.of()),
                                Facts.refreshed(Duration.ofMinutes(-35), List.of(), List.of()),
                                Facts.failed(Duration.ofMinutes(-30), "no answer within 5 s"),
                                Facts.refreshed(Duration.ofMinutes(-20), List.of("b"), List.of("a")),
                                Facts.purged(Duration.ofMinutes(-10)),
                                Facts.refreshed(Duration.ofMinutes(-9), List.of("b"), List.of())))));
        open();

        assertThat(provider("default").locator(".events li > span")).hasText(new Pattern[] {
            Pattern.compile("Loaded 1 key \\(schedule, 21 ms\\): b"),
            Pattern.compile("Purged"),
            Pattern.compile("Withdrawn by the provider \\(schedule, 21 ms\\): a"),
            Pattern.compile("Rotated \\(schedule, 21 ms\\): added b"),
            Pattern.compile("Failed: no answer within 5 s \\(schedule\\)"),
            Pattern.compile("Unchanged \\(schedule, 21 ms\\) — 2 times since .*"),
            Pattern.compile("Loaded 1 key \\(schedule, 21 ms\\): a")
        });
        assertThat(provider("default").getByRole(AriaRole.SLIDER))
                .hasAttribute(
                        "aria-valuetext", "The last 60 min: 4 fetched, 1 failed, 1 rotated, 1 withdrawn, 1 purged");
    }

    @Test
    void aRotationShowsByItself() {
        management.says(Facts.status(Facts.provider("default")));
        open();
        JsonObject after = Facts.provider("default");
        after.getJsonArray("keys").add(Facts.curveKey("brand-new"));
        after.getJsonArray("timeline").add(Facts.refreshed(Duration.ZERO, List.of("brand-new"), List.of()));

        management.tell("provider", after);

        assertThat(provider("default").getByRole(AriaRole.ROWHEADER)).hasCount(3);
        assertThat(provider("default").locator(".events li").first())
                .containsText("Rotated (schedule, 21 ms): added brand-new");
    }

    @Test
    void aChangeOfStateIsAnnouncedAndOthersAreNot() {
        management.says(Facts.status(Facts.provider("default"), Facts.provider("partner")));
        open();

        management.tell("provider", Facts.provider("partner").put("fetches", 39));
        assertThat(provider("partner").locator(".facts")).containsText("39, 2 failed");
        assertThat(announcements()).hasText("");
        management.tell("provider", Facts.expired("partner"));
        assertThat(announcements()).hasText("partner is expired");
    }

    @Test
    void whatIsNotServedIsLoud() {
        management.says(Facts.status(Facts.expired("default"), Facts.empty("new-one"))
                .put("ready", false)
                .put("notReady", Facts.array("default: keys expired")));
        open();

        assertThat(provider("default").locator(".state")).containsText("Expired");
        assertThat(provider("default")).containsText("Past max staleness: no key is served, callers get 503.");
        assertThat(provider("default").locator(".age-text")).containsText(Pattern.compile("expired 3 min"));
        assertThat(provider("new-one").locator(".state")).containsText("Empty");
        assertThat(provider("new-one")).containsText("No keys yet: callers get 503.");
        assertThat(provider("new-one")).containsText("There are no keys at hand.");
        assertThat(page.locator("#readiness")).hasText("Not ready");
        assertThat(page).hasTitle("1 expired · jwks-cache");
    }

    @Test
    void readinessIsAskedForWhenSomethingHappened() {
        management.says(Facts.status(Facts.provider("default")));
        open();
        assertThat(page.locator("#readiness")).hasText("Ready");

        management.says(Facts.status(Facts.expired("default")).put("ready", false));
        management.tell("provider", Facts.expired("default"));

        assertThat(page.locator("#readiness")).hasText("Not ready");
    }

    @Test
    void providersComeAndGo() {
        management.says(Facts.status(Facts.provider("default"), Facts.provider("partner")));
        open();

        management.tell("removed", new JsonObject().put("name", "partner"));
        assertThat(provider("partner")).hasCount(0);
        management.tell("provider", Facts.provider("third"));
        assertThat(provider("third")).isVisible();
        management.tell("removed", new JsonObject().put("name", "default"));
        management.tell("removed", new JsonObject().put("name", "third"));
        assertThat(page.locator("#none")).hasText("No key sets are configured.");
    }

    @Test
    void refreshAsksTheServerAndTellsWhatCameOfIt() {
        management.says(Facts.status(Facts.stale("default"), Facts.provider("partner")));
        management.answersActions(new Reply(200, Facts.provider("default"), null));
        open();

        button(provider("default"), "Refresh").click();

        assertThat(announcements()).hasText("default: Refreshed: 2 keys at hand.");
        assertThat(provider("default").locator(".result")).containsText("Refreshed: 2 keys at hand.");
        assertThat(provider("default").locator(".state")).containsText("Fresh");
        assertThat(management.actions()).containsExactly(new Action("/api/default/refresh", "1", null));
    }

    @Test
    void aRefreshThatFailsTellsWhyAndWhenToTryAgain() {
        management.says(Facts.status(Facts.provider("default")));
        management.answersActions(new Reply(503, new JsonObject().put("error", "no answer within 5 s"), "12"));
        open();

        button(provider("default"), "Refresh").click();

        assertThat(announcements()).hasText("default: The refresh failed: no answer within 5 s; try again in 12 s.");
        assertThat(button(provider("default"), "Refresh")).hasAttribute("aria-disabled", "false");
        assertThat(complaints).hasSize(1).allMatch(complaint -> complaint.contains("503"));
        complaints.clear();
    }

    @Test
    void purgeAsksFirst() {
        management.says(Facts.status(Facts.provider("default")));
        management.answersActions(new Reply(200, Facts.empty("default"), null));
        open();
        Locator purge = button(provider("default"), "Purge…");
        Locator dialog = page.getByRole(AriaRole.DIALOG);

        purge.click();
        assertThat(dialog).hasAccessibleName("Purge default?");
        assertThat(dialog).containsText("2 keys will be trusted no more");
        assertThat(button(dialog, "Keep them")).isFocused();
        button(dialog, "Keep them").click();
        assertThat(dialog).isHidden();
        assertThat(purge).isFocused();
        purge.press("Enter");
        page.keyboard().press("Escape");
        assertThat(dialog).isHidden();
        assertThat(management.actions()).isEmpty();

        purge.click();
        button(dialog, "Purge").click();
        assertThat(announcements()).containsText("default: Purged.");
        assertThat(dialog).isHidden();
        assertThat(provider("default").locator(".state")).containsText("Empty");
        assertThat(management.actions()).containsExactly(new Action("/api/default/purge", "1", null));
    }

    @Test
    void whatProvidersWriteStaysText() {
        String markup = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>";
        String turned = "abc\u202edef\u0000";
        management.says(Facts.status(Facts.provider("default")
                .put("address", "https://idp.example/" + markup)
                .put("failing", Facts.failing(Duration.ofSeconds(9)).put("detail", markup))
                .put("skippedKeys", new JsonObject().put(markup, 1))
                .put(
                        "keys",
                        Facts.array(
                                Facts.key(markup)
                                        .put("algorithms", Facts.array(markup))
                                        .put("keyType", markup),
                                Facts.curveKey(turned).put("curve", markup)))
                .put(
                        "timeline",
                        Facts.array(
                                Facts.refreshed(Duration.ofMinutes(-3), List.of(markup), List.of(markup)),
                                Facts.failed(Duration.ofMinutes(-2), markup)))));
        open();

        assertThat(provider("default").locator("code")).hasText(new String[] {markup, "abc\\u{202e}def\\u{0}"});
        assertThat(page.locator("img, main script")).hasCount(0);
        Locator chart = provider("default").getByRole(AriaRole.SLIDER);
        chart.press("Home");
        assertThat(chart.locator(".tip")).containsText("<img src=x");
        assertThat(page.locator("img, main script")).hasCount(0);
        assertThat(page).hasTitle("jwks-cache");
    }

    @Test
    void nothingIsRequestedFromElsewhere() {
        management.says(Facts.status(Facts.provider("default")));
        page.route("**/*", route -> {
            if (route.request().url().startsWith(management.address().toString())) {
                route.resume();
            } else {
                route.abort();
            }
        });
        open();
        assertThat(provider("default").locator("canvas")).isVisible();

        assertThat(requests)
                .allMatch(request ->
                        request.getAuthority().equals(management.address().getAuthority()))
                .extracting(URI::getPath)
                .containsExactlyInAnyOrder(
                        "/",
                        "/page/icon.svg",
                        "/page/page.css",
                        "/page/page.js",
                        "/page/actions.js",
                        "/page/keys.js",
                        "/page/provider.js",
                        "/page/happenings.js",
                        "/page/timeline.js",
                        "/page/stream.js",
                        "/page/text.js",
                        "/page/lib/uplot/uPlot.esm.js",
                        "/page/lib/uplot/uPlot.min.css",
                        "/api/events");
    }

    @Test
    void theChartTellsWhatHappenedToThePointerAndToTheKeyboard() {
        management.says(Facts.status(Facts.provider("default")));
        open();
        Locator chart = provider("default").getByRole(AriaRole.SLIDER);
        assertThat(chart.locator("canvas")).isVisible();

        chart.focus();
        chart.press("End");
        assertThat(chart.locator(".tip")).containsText("Unchanged");
        chart.press("ArrowLeft");
        assertThat(chart).hasAttribute("aria-valuetext", Pattern.compile("\\d\\d:\\d\\d:\\d\\d Loaded 2 keys .*"));
        chart.press("ArrowLeft");
        assertThat(chart.locator(".tip")).containsText("Purged");
        chart.press("Escape");
        assertThat(chart.locator(".tip")).isHidden();

        chart.press("Home");
        chart.press("ArrowRight");
        double x = number("(() => { const ring = document.querySelector('.ring').getBoundingClientRect();"
                + " return ring.left + ring.width / 2 })()");
        double y = number("(() => { const ring = document.querySelector('.ring').getBoundingClientRect();"
                + " return ring.top + ring.height / 2 })()");
        chart.press("Escape");
        assertThat(chart.locator(".tip")).isHidden();
        page.mouse().move(x, y);
        assertThat(chart.locator(".tip")).isVisible();
        assertThat(chart.locator(".tip")).containsText("Unchanged");
        page.mouse().move(x, y + 300);
        assertThat(chart.locator(".tip")).isHidden();
    }

    private double number(String expression) {
        return ((Number) page.evaluate(expression)).doubleValue();
    }

    @Test
    void manyProvidersAreShortUntilTheyAreOpened() {
        management.says(Facts.status(IntStream.range(0, 50)
                .mapToObj(i -> i == 23 ? Facts.expired("tenant-23") : Facts.provider("tenant-" + i))
                .toArray(JsonObject[]::new)));
        open();

        assertThat(page.getByRole(AriaRole.ARTICLE)).hasCount(50);
        assertThat(page.locator("#counts li")).hasText(new String[] {"1 expired", "49 fresh"});
        assertThat(page.locator("canvas")).hasCount(0);
        page.locator("#attention-list a").click();
        assertThat(provider("tenant-23")).isInViewport();
        provider("tenant-23").locator("summary").press("Enter");
        assertThat(provider("tenant-23").locator("canvas")).isVisible();

        page.getByLabel("Name or address").fill("tenant-4");
        assertThat(page.locator("article:visible")).hasCount(11);
        page.getByLabel("Name or address").fill("nobody");
        assertThat(page.locator("#none")).hasText("No key set has this in its name or address.");
    }

    @Test
    void everythingCanBeReachedWithTheKeyboard() {
        management.says(Facts.status(Facts.provider("default")));
        open();

        List<String> reached = IntStream.range(0, 7)
                .mapToObj(i -> {
                    page.keyboard().press("Tab");
                    return (String) page.evaluate("(({activeElement: at}) => at.getAttribute('role') ?? at.localName"
                            + " + ' ' + at.textContent.trim().split('\\n')[0])(document)");
                })
                .toList();

        assertThat(reached)
                .containsExactly(
                        "a Skip to the key sets",
                        "select as far as it goes",
                        "button Refresh",
                        "button Purge…",
                        "summary 2 keys, timeline and last events",
                        "slider",
                        "body Skip to the key sets");
    }

    @Test
    void theTimelineShowsTheSpanThatIsChosen() {
        management.says(Facts.status(Facts.provider("default")
                .put(
                        "timeline",
                        new JsonArray()
                                .add(Facts.refreshed(Duration.ofHours(-3), List.of("a"), List.of()))
                                .add(Facts.refreshed(Duration.ofMinutes(-2), List.of(), List.of())))));
        open();
        Locator chart = provider("default").getByRole(AriaRole.SLIDER);
        assertThat(chart).hasAttribute("aria-valuetext", Pattern.compile("The last 6 h: 2 fetched"));

        page.getByLabel("Timeline", new Page.GetByLabelOptions().setExact(true)).selectOption("15 min");

        assertThat(chart).hasAttribute("aria-valuetext", "The last 15 min: 1 fetched");
    }
}
