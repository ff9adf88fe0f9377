package dev.jwkscache.sidecar.story;

import dev.jwkscache.sidecar.Spans;
import dev.jwkscache.sidecar.TextTable;
import dev.jwkscache.sidecar.demo.Tally.Counts;
import dev.jwkscache.sidecar.story.Promises.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The end of the demonstration: a table of what happened, and which promises held. */
final class Summary {
    private Summary() {}

    static List<String> lines(List<ChapterResult> results, List<Promise> promises, @Nullable String firstWrong) {
        List<String> lines = new ArrayList<>();
        TextTable table = new TextTable(
                "chapter", "provider", "verified>", "refused>", "forged>", "slowest>", "fetches>", "state");
        for (ChapterResult result : results) {
            Counts counts = result.counts();
            table.row(
                    result.chapter().name(),
                    result.chapter().provider(),
                    number(counts.verified()),
                    number(counts.goodRefused()),
                    number(counts.forgedRefused()),
                    Spans.millis(counts.slowestNanos()),
                    number(result.fetches()),
                    result.state().name().toLowerCase(Locale.ROOT));
        }
        lines.addAll(table.lines());
        lines.add("");
        lines.add("verified, refused: good tokens; forged: forged tokens, all that were refused;");
        lines.add("slowest: the longest wait of a good token for its key");
        lines.add("");
        for (Promise promise : promises) {
            lines.add((promise.kept() ? "✓ " : "✗ ") + promise.text());
        }
        if (firstWrong != null) {
            lines.add("  first wrong: " + firstWrong);
        }
        return lines;
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }
}
