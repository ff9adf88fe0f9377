package dev.jwkscache.sidecar.story;

import dev.jwkscache.CacheState;
import dev.jwkscache.CacheStatus;
import dev.jwkscache.sidecar.KeyTable;
import dev.jwkscache.sidecar.Printable;
import dev.jwkscache.sidecar.Spans;
import dev.jwkscache.sidecar.demo.Tally.Counts;
import dev.jwkscache.sidecar.story.Scene.ShownKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Draws a scene in 80 columns and 22 lines. */
final class Picture {
    static final int WIDTH = 80;
    private static final int LABEL_WIDTH = 10;
    private static final int BAR_WIDTH = 52;
    private static final int KID_WIDTH = 16;
    private static final int KEY_LINES = 4;
    private static final int EVENT_LINES = 4;

    private final Style style;

    Picture(boolean colours) {
        style = new Style(colours);
    }

    List<String> lines(Scene scene) {
        List<String> lines = new ArrayList<>();
        lines.add(title(scene));
        lines.add(" " + style.dim(progress(scene)));
        lines.add("");
        lines.add(" " + style.strong(Printable.cut(scene.chapter().shows(), WIDTH - 2)));
        lines.add("");
        lines.add(labelled("provider", scene.provider()));
        lines.add(labelled("cache", cache(scene)));
        lines.add(labelled("", bar(scene)));
        lines.add(labelled("", style.dim(scale(scene.pace()))));
        for (int i = 0; i < KEY_LINES; i++) {
            String key = i < scene.keys().size() ? key(scene.keys().get(i)) : "";
            lines.add(labelled(i == 0 ? "keys" : "", key));
        }
        lines.add("");
        lines.add(style.dim(tokensHead()));
        lines.add(tokens("chapter", scene.chapterCounts(), scene.chapterFetches()));
        lines.add(tokens("so far", scene.totalCounts(), scene.status().fetches()));
        lines.add("");
        for (int i = 0; i < EVENT_LINES; i++) {
            String event = i < scene.events().size() ? scene.events().get(i) : "";
            lines.add(" " + style.dim(Printable.cut(event, WIDTH - 2)));
        }
        return lines;
    }

    private String title(Scene scene) {
        String left = " jwks-cache demo  " + scene.number() + "/" + scene.chapters() + "  ";
        String name = scene.chapter().name().toUpperCase(Locale.ROOT);
        String right = EventLog.clock(scene.elapsed()) + " of " + EventLog.clock(scene.length()) + " ";
        int gap = Math.max(1, WIDTH - left.length() - name.length() - right.length());
        return style.dim(left) + style.strong(name) + " ".repeat(gap) + style.dim(right);
    }

    private static String progress(Scene scene) {
        double done = Math.min(1, Spans.seconds(scene.elapsed()) / Spans.seconds(scene.length()));
        int full = (int) Math.round(done * (WIDTH - 2));
        return "█".repeat(full) + "░".repeat(WIDTH - 2 - full);
    }

    private String cache(Scene scene) {
        CacheStatus status = scene.status();
        CacheState state = status.state();
        String age = status.age()
                .map(Spans::seconds)
                .map(s -> String.format(Locale.ROOT, "%.1f s", s))
                .orElse("–");
        String failures = status.lastFailure()
                .map(failure -> "  failing: " + failure.reason().label().replace('_', ' '))
                .orElse("");
        return state(state) + "  age " + age + style.dim(failures);
    }

    private String state(CacheState state) {
        String name = String.format("%-7s", state.name());
        return switch (state) {
            case FRESH -> style.good(name);
            case STALE -> style.fair(name);
            case EMPTY, EXPIRED -> style.bad(name);
        };
    }

    /** The age on the way to max staleness, with a mark where the time to live ends. */
    private String bar(Scene scene) {
        double most = Spans.seconds(scene.pace().maxStaleness());
        int mark = mark(scene.pace());
        double age = scene.status().age().map(Spans::seconds).orElse(0.0);
        int full = (int) Math.min(BAR_WIDTH, Math.ceil(age / most * BAR_WIDTH));
        StringBuilder cells = new StringBuilder();
        for (int i = 0; i < BAR_WIDTH; i++) {
            cells.append(i < full ? '█' : i == mark ? '│' : '·');
        }
        String filled = cells.substring(0, full);
        String coloured = switch (scene.status().state()) {
            case FRESH -> style.good(filled);
            case STALE -> style.fair(filled);
            case EMPTY, EXPIRED -> style.bad(filled);
        };
        return coloured + style.dim(cells.substring(full));
    }

    private static String scale(Pace pace) {
        String ttl = "│ TTL " + Spans.text(pace.timeToLive());
        String most = "max staleness " + Spans.text(pace.maxStaleness());
        int mark = mark(pace);
        int gap = Math.max(2, BAR_WIDTH - mark - ttl.length() - most.length());
        return " ".repeat(mark) + ttl + " ".repeat(gap) + most;
    }

    private static int mark(Pace pace) {
        return (int) (Spans.seconds(pace.timeToLive()) / Spans.seconds(pace.maxStaleness()) * BAR_WIDTH);
    }

    private String key(ShownKey shown) {
        String kid = Printable.cut(KeyTable.kid(shown.key()), KID_WIDTH);
        String text = String.format("%-8s %-" + KID_WIDTH + "s  ", KeyTable.algorithm(shown.key()), kid);
        return text + (shown.remark().equals("withdrawn") ? style.bad(shown.remark()) : style.dim(shown.remark()));
    }

    private static String tokensHead() {
        return String.format(
                " %-9s%11s%11s%11s%13s%12s%10s",
                "tokens", "verified", "refused", "forged", "withdrawn", "slowest", "fetches");
    }

    private String tokens(String label, Counts counts, long fetches) {
        String refused = String.format(Locale.ROOT, "%,11d", counts.goodRefused());
        return style.dim(String.format(" %-9s", label))
                + String.format(Locale.ROOT, "%,11d", counts.verified())
                + (counts.goodRefused() == 0 ? style.good(refused) : style.bad(refused))
                + String.format(
                        Locale.ROOT,
                        "%,11d%,13d%12s%,10d",
                        counts.forgedRefused(),
                        counts.withdrawnRefused(),
                        Spans.millis(counts.slowestNanos()),
                        fetches);
    }

    private String labelled(String label, String text) {
        return " " + style.dim(String.format("%-" + LABEL_WIDTH + "s", label)) + text;
    }
}
