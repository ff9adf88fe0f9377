package dev.jwkscache.sidecar.story;

import dev.jwkscache.JwksCacheListener;
import dev.jwkscache.KeySetChange;
import dev.jwkscache.sidecar.Spans;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What happened in the demonstration, with the time since its beginning; told to the view as it happens. */
final class EventLog implements JwksCacheListener {
    private static final int KEPT = 4;

    private final View view;
    private final Deque<String> last = new ArrayDeque<>();
    /** Null before the story begins. */
    private volatile @Nullable Long begun;

    EventLog(View view) {
        this.view = view;
    }

    /** Time counts from now. */
    void begin() {
        begun = System.nanoTime();
    }

    Duration elapsed() {
        Long since = begun;
        return since == null ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - since);
    }

    synchronized void add(String text) {
        Duration at = elapsed();
        last.addLast(clock(at) + "  " + text);
        if (last.size() > KEPT) {
            last.removeFirst();
        }
        view.event(at, text);
    }

    synchronized List<String> last() {
        return List.copyOf(last);
    }

    /** A time as minutes and seconds. */
    static String clock(Duration at) {
        return String.format(Locale.ROOT, "%d:%02d", at.toMinutes(), at.toSecondsPart());
    }

    @Override
    public void refreshed(Refreshed event) {
        KeySetChange change = event.change();
        String keys = change.isEmpty()
                ? "no change"
                : "+" + change.added().size() + " -" + change.removed().size() + " keys";
        add("cache refreshed (" + event.trigger().label() + "): " + keys + ", "
                + Spans.millis(event.took().toNanos()));
    }

    @Override
    public void refreshFailed(RefreshFailed event) {
        add("refresh failed (" + event.trigger().label() + "): "
                + event.failure().reason().label().replace('_', ' ') + "; the keys stay");
    }
}
