package dev.jwkscache.sidecar.story;

import dev.jwkscache.sidecar.Spans;
import dev.jwkscache.sidecar.demo.Token.Issuer;
import dev.jwkscache.sidecar.story.Chapter.Act;
import dev.jwkscache.testkit.Behaviour;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The chapters of the demonstration: what happens to an identity provider in its worst year, in a minute. */
final class Story {
    private final Stage stage;
    private final Pace pace;
    private final Issuer oldest;
    private final AtomicReference<@Nullable Issuer> newest = new AtomicReference<>();
    private final AtomicLong refreshesBeforeRecovery = new AtomicLong();

    Story(Stage stage) {
        this.stage = stage;
        this.pace = stage.pace();
        this.oldest = stage.tokens().issuers().get(0);
    }

    List<Chapter> chapters() {
        return List.of(steady(), rotation(), slow(), outage(), garbage(), flood(), recovery(), withdrawal());
    }

    private Chapter steady() {
        return Chapter.of(
                "steady",
                "answers",
                Stage.CALLERS + " callers verify tokens. The keys are at hand, refreshed behind their backs.",
                pace.of(6),
                behaves(0, "answers at once", Behaviour.healthy()));
    }

    private Chapter rotation() {
        return Chapter.of(
                        "rotation",
                        "a new key",
                        "A new key signs at once: its first token makes one fetch, nobody is refused.",
                        pace.of(8),
                        new Act(0.2, "has a new key, and signs with it", () -> newest.set(stage.rotate())))
                .until(() -> {
                    Issuer issuer = newest.get();
                    return issuer != null && stage.hasKey(issuer);
                });
    }

    private Chapter slow() {
        Duration delay = pace.fetchTimeout().multipliedBy(8).dividedBy(10);
        return Chapter.of(
                "slow",
                "takes " + Spans.text(delay),
                "Each answer takes long. No caller notices: known keys never wait for a fetch.",
                pace.of(7),
                behaves(
                        0,
                        "takes " + Spans.text(delay) + " for each answer",
                        Behaviour.healthy().slow(delay)));
    }

    private Chapter outage() {
        return Chapter.of(
                "outage",
                "refuses, hangs",
                "The provider is down. The keys grow stale and serve on, up to max staleness.",
                pace.of(12),
                behaves(0, "refuses connections", Behaviour.refuse()),
                behaves(0.5, "takes connections and says nothing", Behaviour.hangBeforeHeaders()));
    }

    private Chapter garbage() {
        return Chapter.of(
                "garbage",
                "HTML, no keys",
                "Status 200, but no keys in it. Nothing of that replaces a good set.",
                pace.of(9),
                behaves(0, "answers 200 with a login page (HTML)", Behaviour.html()),
                behaves(1.0 / 3, "answers 200 with an empty set", Behaviour.emptySet()),
                behaves(2.0 / 3, "answers 200 with half a document", Behaviour.truncated()));
    }

    private Chapter flood() {
        return Chapter.of(
                        "flood",
                        "503",
                        "Forged tokens pour in: all refused, and at most one fetch for them each "
                                + Spans.text(pace.missCooldown()) + ".",
                        pace.of(7),
                        new Act(0, "answers 503, while forged tokens pour in", this::pourIn))
                .until(() -> stage.score().current().forgedRefused.sum() > 0)
                .endingWith(stage::stopForging);
    }

    private Chapter recovery() {
        return Chapter.of(
                        "recovery",
                        "answers again",
                        "The provider is back: the next attempt brings fresh keys, without a restart.",
                        pace.of(5),
                        new Act(0, "answers again", this::recover))
                .until(() -> stage.refreshes() > refreshesBeforeRecovery.get());
    }

    private Chapter withdrawal() {
        return Chapter.of(
                        "withdrawal",
                        "withdraws one",
                        "The oldest key is withdrawn: from the next refresh on its tokens are refused.",
                        pace.of(6),
                        new Act(0.15, "has withdrawn its oldest key", () -> stage.withdraw(oldest)))
                .until(() -> oldest.refreshedAway()
                        && stage.score().current().withdrawnRefused.sum() > 0);
    }

    private void pourIn() {
        stage.behave(Behaviour.status(503));
        stage.startForging();
    }

    private void recover() {
        refreshesBeforeRecovery.set(stage.refreshes());
        stage.behave(Behaviour.healthy());
    }

    private Act behaves(double at, String provider, Behaviour behaviour) {
        return new Act(at, provider, () -> stage.behave(behaviour));
    }
}
