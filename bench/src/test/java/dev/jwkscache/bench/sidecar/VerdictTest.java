package dev.jwkscache.bench.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jwkscache.bench.sidecar.Client.Answer;
import dev.jwkscache.bench.sidecar.Scenario.Measure;
import dev.jwkscache.bench.sidecar.SidecarResult.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What callers got is counted and timed as it happened. */
class VerdictTest {
    private static final long TROUBLE = TimeUnit.SECONDS.toNanos(100);
    private static final String OTHER = "other";
    private static final Subject SUBJECT = new Nginx(false);

    @Test
    void whatIsNoKeySetCountsByItsKindAndOnlyFromTheTroubleOn() {
        Outcome outcome = verdict(
                Measure.FAILURES,
                answer(-10, 500),
                answer(10, 200, OTHER),
                answer(20, 200),
                answer(30, 502),
                answer(40, 0));

        assertThat(outcome.asked()).isEqualTo(4);
        assertThat(outcome.nonsense()).isEqualTo(1);
        assertThat(outcome.refused()).isEqualTo(1);
        assertThat(outcome.silent()).isEqualTo(1);
        assertThat(outcome.failed()).isEqualTo(3);
    }

    @Test
    void aNewKeyArrivesWithTheFirstAnswerThatHasIt() {
        assertThat(verdict(Measure.ARRIVAL, answer(10, 200, OTHER), answer(30, 200, Scenario.NEW_KID)).nanos())
                .isEqualTo(millis(31));
        assertThat(verdict(Measure.ARRIVAL, answer(10, 200, OTHER)).nanos()).isNull();
    }

    @Test
    void anOldKeyHasGoneAfterTheLastAnswerThatHadIt() {
        assertThat(verdict(
                                Measure.DEPARTURE,
                                answer(10, 200, Scenario.OLD_KID),
                                answer(30, 200, Scenario.OLD_KID, OTHER),
                                answer(50, 200, OTHER))
                        .nanos())
                .isEqualTo(millis(30));
        assertThat(verdict(Measure.DEPARTURE, answer(10, 200, OTHER)).nanos()).isZero();
        assertThat(verdict(Measure.DEPARTURE, answer(10, 200, Scenario.OLD_KID)).nanos())
                .isNull();
    }

    @Test
    void keysWithinTheBoundAreNotHeldAgainstWhoServesThem() {
        long bound = scenario(Measure.PAST_BOUND).bounds().trusted().toMillis();

        assertThat(verdict(Measure.PAST_BOUND, answer(bound - 1, 200, OTHER), answer(bound + 20, 503))
                        .nanos())
                .isZero();
        assertThat(verdict(Measure.PAST_BOUND, answer(bound + 20, 200, OTHER), answer(bound + 40, 503))
                        .nanos())
                .isEqualTo(millis(20));
        assertThat(verdict(Measure.PAST_BOUND, answer(bound + 20, 200, OTHER)).nanos())
                .isNull();
    }

    @Test
    void theWorstOfSeveralRunsCounts() {
        Outcome quick = verdict(Measure.ARRIVAL, answer(10, 200, Scenario.NEW_KID));
        Outcome slow = verdict(Measure.ARRIVAL, answer(70, 200, Scenario.NEW_KID));
        Outcome never = verdict(Measure.ARRIVAL, answer(10, 200, OTHER));

        assertThat(Verdict.worst(List.of(quick, slow, quick)).nanos()).isEqualTo(millis(71));
        assertThat(Verdict.worst(List.of(quick, never, slow)).nanos()).isNull();
    }

    private static Outcome verdict(Measure measure, Answer... answers) {
        return Verdict.of(SUBJECT, scenario(measure), new Stage.Run(TROUBLE - millis(1_000), TROUBLE, List.of(answers)));
    }

    private static Scenario scenario(Measure measure) {
        return new Scenario(
                "trouble",
                "something happens",
                measure,
                Bounds.trusted(Duration.ofSeconds(4)),
                Duration.ofSeconds(1),
                Duration.ofSeconds(9),
                Duration.ZERO,
                stage -> {});
    }

    /** Took a millisecond. */
    private static Answer answer(long millisAfterTrouble, int status, String... kids) {
        return new Answer(TROUBLE + millis(millisAfterTrouble), millis(1), status, Set.of(kids), 0);
    }

    private static long millis(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }
}
