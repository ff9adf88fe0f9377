package dev.jwkscache.sidecar.story;

import dev.jwkscache.sidecar.Spans;
import dev.jwkscache.sidecar.demo.Tally.Counts;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/** The demonstration as lines: each event, and about once a second how things stand. */
final class PlainView implements View {
    private static final long BETWEEN_NANOS = 1_000_000_000L;

    private final PrintWriter out;
    private boolean closed;
    private long shownNanos = -BETWEEN_NANOS;

    PlainView(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void open() {}

    @Override
    public synchronized void chapter(Duration at, Chapter chapter, int number, int chapters) {
        line(at, "== " + number + "/" + chapters + " " + chapter.name() + ": " + chapter.shows());
    }

    @Override
    public synchronized void event(Duration at, String text) {
        line(at, text);
    }

    @Override
    public synchronized void show(Scene scene) {
        if (scene.elapsed().toNanos() - shownNanos < BETWEEN_NANOS) {
            return;
        }
        shownNanos = scene.elapsed().toNanos();
        Counts counts = scene.chapterCounts();
        line(
                scene.elapsed(),
                String.format(
                        Locale.ROOT,
                        "%s, age %s; verified %,d, good refused %d, forged refused %,d, slowest %s, fetches %d",
                        scene.status().state().name().toLowerCase(Locale.ROOT),
                        scene.status().age().map(Spans::text).orElse("none"),
                        counts.verified(),
                        counts.goodRefused(),
                        counts.forgedRefused(),
                        Spans.millis(counts.slowestNanos()),
                        scene.chapterFetches()));
    }

    @Override
    public synchronized void close() {
        closed = true;
    }

    private void line(Duration at, String text) {
        if (closed) {
            return;
        }
        out.println(String.format(Locale.ROOT, "%5.1f  %s", Spans.seconds(at), text));
    }
}
