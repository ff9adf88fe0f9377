package dev.jwkscache.sidecar.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jwkscache.CacheState;
import dev.jwkscache.sidecar.Cli;
import dev.jwkscache.sidecar.Cli.Run;
import dev.jwkscache.sidecar.demo.Tally;
import dev.jwkscache.sidecar.story.Promises.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StoryTest {
    private static final Pattern ROW = Pattern.compile(
            "(\\w+) +(\\S.*?\\S) +([\\d,]+) +([\\d,]+) +([\\d,]+) +([\\d.,]+ ms) +([\\d,]+) +(fresh|stale|expired|empty)");
    private static final Pace PACE = Pace.forStoryOf(Duration.ofMinutes(1));

    @Test
    void playsTheWholeStoryAndEveryPromiseHolds() {
        Run run = Cli.run("demo", "--seconds", "6", "--plain");

        assertThat(run.err()).isEmpty();
        assertThat(run.out()).doesNotContain("✗", "first wrong", "\u001b");
        assertThat(run.status()).isZero();
        List<Matcher> rows = rows(run);
        assertThat(rows)
                .extracting(row -> row.group(1))
                .containsExactly("steady", "rotation", "slow", "outage", "garbage", "flood", "recovery", "withdrawal");
        assertThat(rows).allSatisfy(row -> {
            assertThat(number(row, 3))
                    .as("good tokens verified in %s", row.group(1))
                    .isPositive();
            assertThat(number(row, 4))
                    .as("good tokens refused in %s", row.group(1))
                    .isZero();
            assertThat(number(row, 5) > 0)
                    .as("forged tokens refused in %s", row.group(1))
                    .isEqualTo(row.group(1).equals("flood"));
        });
        assertThat(rows.get(1).group(8)).isEqualTo("fresh");
        assertThat(rows.get(7).group(8)).isEqualTo("fresh");
        assertThat(run.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(120));
        assertThat(run.out())
                .contains("provider refuses connections")
                .contains("refresh failed (")
                .containsPattern("cache refreshed \\(\\w+\\): \\+1 -0 keys")
                .containsPattern("cache refreshed \\(\\w+\\): \\+0 -1 keys")
                .containsPattern("✓ [\\d,]+ tokens? of the withdrawn key refused, 0 accepted after the refresh");
        assertThat(Thread.getAllStackTraces().keySet())
                .as("threads of callers, forgers and the provider")
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("jwks-cache-demo") || name.startsWith("jwks-testkit"));
    }

    @Test
    void theTableFitsATerminal() {
        List<ChapterResult> results = List.of(result("withdrawal", "refuses, hangs", tally(99_999, 0, 99_999)));
        assertThat(Summary.lines(results, Promises.of(results, PACE), null))
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(Picture.WIDTH));
    }

    @ParameterizedTest
    @CsvSource({
        // The parameters in order; the last says how many promises are broken.
        "9, 0, 9, 0, 9, 0, 4, 0",
        "9, 1, 9, 0, 9, 0, 4, 1",
        "0, 0, 9, 0, 9, 0, 4, 1",
        "9, 0, 9, 1, 9, 0, 4, 1",
        "9, 0, 9, 0, 9, 1, 4, 1",
        "9, 0, 9, 0, 0, 0, 4, 1",
        "9, 0, 9, 0, 9, 0, 5, 1",
        "9, 1, 9, 1, 9, 1, 5, 4"
    })
    void aBrokenPromiseIsSeen(
            long verified,
            long refused,
            long forgedRefused,
            long forgedAccepted,
            long withdrawnRefused,
            long withdrawnAccepted,
            long misses,
            int broken) {
        Tally tally = tally(verified, refused, forgedRefused);
        tally.forgedAccepted.add(forgedAccepted);
        tally.withdrawnRefused.add(withdrawnRefused);
        tally.withdrawnAccepted.add(withdrawnAccepted);
        ChapterResult result = new ChapterResult(
                chapter("flood", "503"), tally, 9, misses, PACE.missCooldown().multipliedBy(3), CacheState.FRESH);
        List<Promise> promises = Promises.of(List.of(result), PACE);
        assertThat(promises).filteredOn(promise -> !promise.kept()).hasSize(broken);
        assertThat(Summary.lines(List.of(result), promises, null))
                .filteredOn(line -> line.startsWith("✗"))
                .hasSize(broken);
    }

    @Test
    void aCacheThatDoesNotRecoverBreaksAPromise() {
        ChapterResult result = new ChapterResult(
                chapter("recovery", "answers"), tally(9, 0, 9), 1, 0, Duration.ofSeconds(1), CacheState.STALE);
        assertThat(Promises.of(List.of(result), PACE))
                .filteredOn(promise -> !promise.kept())
                .extracting(Promise::text)
                .contains("recovered without a restart");
    }

    @ParameterizedTest
    @CsvSource({"1", "6", "60", "600", "3600"})
    void settingsFitEachOtherAtEveryPace(int seconds) {
        Pace pace = Pace.forStoryOf(Duration.ofSeconds(seconds));
        assertThat(pace.fetchTimeout()).isLessThanOrEqualTo(pace.refreshInterval());
        assertThat(pace.refreshInterval()).isLessThanOrEqualTo(pace.timeToLive());
        assertThat(pace.timeToLive()).isLessThan(pace.maxStaleness());
        Duration trouble = pace.of(12 + 9 + 7).plus(pace.refreshInterval().multipliedBy(2));
        assertThat(pace.maxStaleness())
                .as("more than the provider is in trouble")
                .isGreaterThan(trouble);
    }

    private static ChapterResult result(String name, String provider, Tally tally) {
        return new ChapterResult(chapter(name, provider), tally, 99, 1, Duration.ofSeconds(6), CacheState.FRESH);
    }

    private static Chapter chapter(String name, String provider) {
        return Chapter.of(name, provider, "shows", Duration.ofSeconds(1));
    }

    private static Tally tally(long verified, long refused, long forged) {
        Tally tally = new Tally();
        tally.verified.add(verified);
        tally.goodRefused.add(refused);
        tally.forgedRefused.add(forged);
        tally.waited(1_234_567_890);
        return tally;
    }

    private static List<Matcher> rows(Run run) {
        List<Matcher> rows = new ArrayList<>();
        for (String line : run.lines()) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                rows.add(row);
            }
        }
        return rows;
    }

    private static long number(Matcher row, int group) {
        return Long.parseLong(row.group(group).replace(",", "").toLowerCase(Locale.ROOT));
    }
}
