package dev.jwkscache.bench.trouble;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jwkscache.bench.trouble.VirtualRun.Count;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What jwks-cache promises for each trouble run, as far as it can be counted: in virtual time, the same every time. */
class TroubleCountTest {
    private static final Tuning TUNING = Tuning.STANDARD;
    private static final List<String> WAITS_ARE_DUE = List.of("herd at start", "rotation");

    static Stream<Arguments> runs() {
        return Scenarios.all().stream()
                .flatMap(scenario -> Stream.of(0.0, 0.5, 0.99)
                        .map(jitter ->
                                Arguments.argumentSet(scenario.name() + ", jitter " + jitter, scenario, jitter)));
    }

    @ParameterizedTest
    @MethodSource("runs")
    void everyLookupOfAPublishedKidIsAnsweredWithTheKey(Scenario scenario, double jitter) {
        Count count = count(scenario, jitter);

        assertThat(count.failures()).isZero();
        assertThat(count.unanswered()).isZero();
        assertThat(count.lookups()).isEqualTo(44_800);
    }

    @ParameterizedTest
    @MethodSource("runs")
    void nobodyWaitsForAKnownKid(Scenario scenario, double jitter) {
        Count count = count(scenario, jitter);

        if (WAITS_ARE_DUE.contains(scenario.name())) {
            // Until the one fetch is there; then no more.
            assertThat(count.waited()).isBetween(scenario.callers(), 10 * scenario.callers());
        } else {
            assertThat(count.waited()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("runs")
    void theFetchesAreThoseOfTheScheduleAndOfBackOff(Scenario scenario, double jitter) {
        FetchBound bound = new FetchBound(TUNING, jitter);
        boolean exact = bound.scheduled(scenario) == bound.of(scenario);
        int fetches = count(scenario, jitter).fetches();

        if (exact) {
            assertThat(fetches).isEqualTo(bound.scheduled(scenario));
        } else {
            assertThat(fetches).isBetween(bound.of(scenario) - bound.scheduled(scenario), bound.of(scenario));
        }
        assertThat(fetches).isLessThanOrEqualTo(FetchBound.most(TUNING).of(scenario));
    }

    @ParameterizedTest
    @MethodSource("runs")
    void noForgedKidHasAKey(Scenario scenario, double jitter) {
        assertThat(count(scenario, jitter).forgedKeys()).isZero();
    }

    @Test
    void aRunIsTheSameEveryTime() {
        for (Scenario scenario : Scenarios.all()) {
            assertThat(count(scenario, 0.5)).isEqualTo(count(scenario, 0.5));
        }
    }

    private static Count count(Scenario scenario, double jitter) {
        return VirtualRun.of(scenario, TUNING, jitter, UnaryOperator.identity());
    }
}
