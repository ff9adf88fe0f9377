package dev.jwkscache.sidecar.demo;

import dev.jwkscache.sidecar.Spans;
import java.util.Locale;

/** What visitors can do to the provider, in the order in which the page offers it. */
enum Button {
    ROTATE(
            "Rotate",
            "Publishes a new key now, and signs with it " + Spans.text(DemoSpans.LEAD) + " later.",
            "the new kid comes to «Keys at hand» and a rotation to the timeline; nobody is refused."),
    SLOW(
            "Slow",
            "Takes " + Spans.text(DemoSpans.SLOW) + " for each answer.",
            "the fetches in «What happened last» take their time, and the waiting of callers stays what it was."),
    DOWN(
            "Down",
            "Refuses connections.",
            "the keys turn stale and serve on; past max staleness, after " + Spans.text(DemoSpans.MAX_STALENESS)
                    + ", nothing is trusted any more, and callers are told so."),
    GARBAGE(
            "Garbage",
            "Answers 200 with a login page; pressed again, with an empty set, then with half a document.",
            "every fetch fails and says why, and no key is lost to it."),
    FLOOD(
            "Flood",
            "Forged tokens pour in for " + Spans.text(DemoSpans.FLOOD) + ", most with kids that nobody has.",
            "all are refused, and the provider hardly sees more fetches than before."),
    WITHDRAW(
            "Withdraw",
            "Takes its oldest key out of the set.",
            "its kid leaves «Keys at hand» at the next refresh, and its tokens are refused a moment later."),
    HEALTHY(
            "Healthy again",
            "Answers at once, and ends the flood.",
            "the next attempt, at most " + Spans.text(DemoSpans.REFRESH_INTERVAL)
                    + " away, makes the keys fresh, without a restart.");

    private final String label;
    private final String deed;
    private final String watch;

    Button(String label, String deed, String watch) {
        this.label = label;
        this.deed = deed;
        this.watch = watch;
    }

    /** Its name in addresses. */
    String path() {
        return name().toLowerCase(Locale.ROOT);
    }

    String label() {
        return label;
    }

    /** What it does, as a sentence. */
    String deed() {
        return deed;
    }

    /** What to watch on the page, as the rest of a sentence. */
    String watch() {
        return watch;
    }
}
