package dev.jwkscache.bench.trouble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.Gson;
import dev.jwkscache.bench.trouble.TroubleResult.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is made of the logs of callers: who pays for waiting, and who does not. */
class TroubleSummaryTest {
    private static final long MILLI = 1_000_000;
    /** One caller, ten lookups in a second. */
    private static final Scenario SCENARIO =
            new Scenario("ten lookups", "", Duration.ofSeconds(1), false, 1, Duration.ofMillis(100), List.of(), null);

    private final CallerLog log = new CallerLog(SCENARIO, 0);

    @Test
    void lookupsThatAnEarlierOneHeldUpCountFromWhenTheyWereDue() {
        log.succeeded(250 * MILLI);
        succeed(9);

        Outcome outcome = outcome();

        // 250 ms, then 151 ms and 52 ms late, and from then on in time.
        assertThat(millis(outcome.maxNanos())).isEqualTo(250);
        assertThat(outcome.series().maxNanos().stream().map(TroubleSummaryTest::millis))
                .containsExactly(250L, 151L, 52L, 1L, 1L, 1L, 1L, 1L, 1L, 1L);
    }

    @Test
    void lookupsWithoutAnAnswerCountWithTheirAge() {
        succeed(8);

        Outcome outcome = outcome();

        assertThat(outcome.lookups()).isEqualTo(10);
        assertThat(outcome.unanswered()).isEqualTo(2);
        assertThat(outcome.failures()).isZero();
        assertThat(millis(outcome.maxNanos())).isEqualTo(200);
    }

    @Test
    void failuresCountWhereTheyWereDue() {
        succeed(3);
        log.failed(2 * MILLI);
        log.explain(log.due(3), "no key");
        succeed(6);

        Outcome outcome = outcome();

        assertThat(outcome.failures()).isEqualTo(1);
        assertThat(outcome.firstFailure()).isEqualTo("no key");
        assertThat(outcome.series().failures()).containsExactly(0L, 0L, 0L, 1L, 0L, 0L, 0L, 0L, 0L, 0L);
        assertThat(outcome.series().lookups()).containsOnly(1L);
    }

    @Test
    void theEarliestFailureOfAllCallersIsTold() {
        CallerLog other = new CallerLog(SCENARIO, 0);
        log.failed(MILLI);
        log.explain(5, "second");
        other.failed(MILLI);
        other.explain(4, "first");

        assertThat(Summary.of(SCENARIO, "", List.of(log, other), 0).firstFailure())
                .isEqualTo("first");
    }

    @Test
    void percentilesAreOfAllLookups() {
        succeed(9);
        log.succeeded(50 * MILLI);

        Outcome outcome = outcome();

        assertThat(outcome.p50Nanos()).isCloseTo(MILLI, within(MILLI / 1_000));
        assertThat(millis(outcome.p99Nanos())).isEqualTo(50);
        assertThat(millis(outcome.p999Nanos())).isEqualTo(50);
    }

    @Test
    void aResultSurvivesJson() {
        succeed(10);
        TroubleResult result = new TroubleResult(
                "2026-01-01T00:00:00Z",
                Map.of("java", "17"),
                List.of(new TroubleResult.SubjectInfo("a", "1", Map.of("lifetime", "2000 ms"))),
                List.of(new TroubleResult.ScenarioInfo("s", "about", 1_000, 0, 0, 1, 100, 0, 1)),
                List.of(outcome()),
                List.of("a note"));
        Gson gson = new Gson();

        assertThat(gson.fromJson(gson.toJson(result), TroubleResult.class)).isEqualTo(result);
    }

    private void succeed(int times) {
        for (int i = 0; i < times; i++) {
            log.succeeded(MILLI);
        }
    }

    private Outcome outcome() {
        return Summary.of(SCENARIO, "subject", List.of(log), 0);
    }

    private static long millis(long nanos) {
        return Math.round(nanos / 1e6);
    }
}
