package dev.jwkscache.sidecar.story;

import dev.jwkscache.CacheState;
import dev.jwkscache.sidecar.Spans;
import dev.jwkscache.sidecar.demo.Tally.Counts;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** What the library promises, held against what came of the story. */
final class Promises {

    /** A promise in words, with the numbers of this time. */
    record Promise(boolean kept, String text) {}

    private Promises() {}

    static List<Promise> of(List<ChapterResult> results, Pace pace) {
        Counts all = results.stream().map(ChapterResult::counts).reduce(Counts.NONE, Counts::plus);
        boolean always = results.stream().allMatch(result -> result.counts().verified() > 0);
        return List.of(
                new Promise(
                        always && all.goodRefused() == 0,
                        number(all.verified()) + " good tokens verified in all chapters, " + number(all.goodRefused())
                                + " refused"),
                new Promise(
                        all.forgedAccepted() == 0 && all.forgedRefused() > 0,
                        number(all.forgedRefused()) + " forged tokens refused, " + number(all.forgedAccepted())
                                + " accepted"),
                flood(results, pace.missCooldown()),
                new Promise(
                        all.withdrawnAccepted() == 0 && all.withdrawnRefused() > 0,
                        number(all.withdrawnRefused()) + " tokens of the withdrawn key refused, "
                                + number(all.withdrawnAccepted()) + " accepted after the refresh"),
                new Promise(
                        !results.isEmpty() && results.get(results.size() - 1).state() == CacheState.FRESH,
                        "recovered without a restart"));
    }

    private static Promise flood(List<ChapterResult> results, Duration cooldown) {
        long fetches = 0;
        boolean kept = true;
        for (ChapterResult result : results) {
            if (result.counts().forgedRefused() > 0) {
                fetches += result.missFetches();
                kept &= result.missFetches() <= result.lasted().dividedBy(cooldown) + 1;
            }
        }
        String count = fetches == 1 ? "1 fetch" : number(fetches) + " fetches";
        return new Promise(kept, count + " for forged kids, at most one each " + Spans.text(cooldown));
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }
}
