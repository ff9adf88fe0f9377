package dev.jwkscache.sidecar.story;

import dev.jwkscache.CacheStatus;
import dev.jwkscache.Jwk;
import dev.jwkscache.JwkSet;
import dev.jwkscache.sidecar.demo.Tally;
import dev.jwkscache.sidecar.demo.Token.Issuer;
import dev.jwkscache.sidecar.story.Chapter.Act;
import dev.jwkscache.sidecar.story.Scene.ShownKey;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Plays the story on a stage, before a view; in one thread, chapter after chapter. */
final class Play {
    /** Seven pictures in a second: smooth enough to watch, slow enough to read. */
    private static final long PICTURE_MILLIS = 140;

    private final Stage stage;
    private final View view;
    private final EventLog log;
    private final CountDownLatch end;
    private final List<Chapter> chapters;
    private final Duration length;
    private String provider = "";

    Play(Stage stage, View view, EventLog log, CountDownLatch end) {
        this.stage = stage;
        this.view = view;
        this.log = log;
        this.end = end;
        this.chapters = new Story(stage).chapters();
        this.length = chapters.stream().map(Chapter::length).reduce(Duration.ZERO, Duration::plus);
    }

    /** Plays all chapters, or up to where the end was asked for. */
    List<ChapterResult> play() throws InterruptedException {
        List<ChapterResult> results = new ArrayList<>();
        for (int i = 0; i < chapters.size() && end.getCount() > 0; i++) {
            results.add(play(chapters.get(i), i + 1));
        }
        return results;
    }

    private ChapterResult play(Chapter chapter, int number) throws InterruptedException {
        Tally tally = stage.score().turn();
        long fetchesBefore = stage.cache().status().fetches();
        long missesBefore = stage.missFetches();
        view.chapter(log.elapsed(), chapter, number, chapters.size());
        Deque<Act> acts = new ArrayDeque<>(chapter.acts());
        long begun = System.nanoTime();
        do {
            double done =
                    (double) (System.nanoTime() - begun) / chapter.length().toNanos();
            while (!acts.isEmpty() && acts.element().at() <= done) {
                perform(acts.remove());
            }
            view.show(scene(chapter, number, tally, fetchesBefore));
        } while (!end.await(PICTURE_MILLIS, TimeUnit.MILLISECONDS) && !isOver(chapter, begun, acts, tally));
        chapter.ending().run();
        CacheStatus status = stage.cache().status();
        return new ChapterResult(
                chapter,
                tally,
                status.fetches() - fetchesBefore,
                stage.missFetches() - missesBefore,
                Duration.ofNanos(System.nanoTime() - begun),
                status.state());
    }

    /** After its time, when it has shown what it shows; a chapter that cannot is ended by patience. */
    private boolean isOver(Chapter chapter, long begun, Deque<Act> acts, Tally tally) {
        long late = System.nanoTime() - begun - chapter.length().toNanos();
        boolean shown =
                acts.isEmpty() && tally.verified.sum() > 0 && chapter.complete().getAsBoolean();
        return late >= 0 && (shown || late > stage.patience().toNanos());
    }

    private void perform(Act act) {
        if (!act.provider().equals(provider)) {
            provider = act.provider();
            log.add("provider " + provider);
        }
        act.deed().run();
    }

    private Scene scene(Chapter chapter, int number, Tally tally, long fetchesBefore) {
        CacheStatus status = stage.cache().status();
        return new Scene(
                chapter,
                number,
                chapters.size(),
                log.elapsed(),
                length,
                provider,
                status,
                stage.pace(),
                tally.counts(),
                stage.score().total(),
                status.fetches() - fetchesBefore,
                shownKeys(),
                log.last());
    }

    private List<ShownKey> shownKeys() {
        JwkSet keys = stage.keys();
        List<ShownKey> shown = new ArrayList<>();
        for (Jwk key : keys == null ? List.<Jwk>of() : keys.keys()) {
            shown.add(new ShownKey(key, remark(key)));
        }
        return shown;
    }

    private String remark(Jwk key) {
        List<Issuer> issuers = stage.tokens().issuers();
        Issuer newest = issuers.get(issuers.size() - 1);
        for (Issuer issuer : issuers) {
            if (key.kid().filter(issuer.kid()::equals).isEmpty()) {
                continue;
            }
            if (issuer.withdrawn()) {
                return "withdrawn";
            }
            boolean rotated = !issuer.equals(newest)
                    && newest.key().algorithm().equals(issuer.key().algorithm());
            return rotated ? "old tokens only" : "signs";
        }
        return "";
    }
}
