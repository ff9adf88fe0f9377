package dev.jwkscache.bench.trouble;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jwkscache.JwksCache;
import dev.jwkscache.bench.trouble.VirtualRun.Count;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What jwks-cache promises for each trouble run, as far as it can be counted: in virtual time, the same every time. */
class TroubleCountTest {
    private static final Tuning TUNING = Tuning.STANDARD;
    private static final Set<String> WAITS_ARE_DUE = Set.of("herd at start", "rotation");
    private static final List<Run> RUNS = Scenarios.all().stream()
            .flatMap(scenario ->
                    Stream.of(0.0, 0.5, 0.99).map(jitter -> new Run(scenario, jitter, count(scenario, jitter))))
            .toList();

    record Run(Scenario scenario, double jitter, Count count) {
        @Override
        public String toString() {
            return scenario.name() + ", jitter " + jitter;
        }
    }

    static List<Run> runs() {
        return RUNS;
    }

    @ParameterizedTest
    @MethodSource("runs")
    void everyLookupOfAPublishedKidIsAnsweredWithTheKey(Run run) {
        assertThat(run.count().lookups()).isEqualTo(44_800);
        assertThat(run.count().failures()).isZero();
        assertThat(run.count().unanswered()).isZero();
    }

    @ParameterizedTest
    @MethodSource("runs")
    void nobodyWaitsForAKidThatTheSetAtHandHas(Run run) {
        if (WAITS_ARE_DUE.contains(run.scenario().name())) {
            // Until the one fetch is there: in virtual time callers go on asking while it is under way.
            assertThat(run.count().waited()).isBetween(1, 10 * run.scenario().callers());
        } else {
            assertThat(run.count().waited()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("runs")
    void theFetchesAreThoseOfTheScheduleAndOfBackOff(Run run) {
        FetchBound bound = new FetchBound(TUNING, run.jitter());
        int fetches = run.count().fetches();

        if (bound.isExact(run.scenario())) {
            assertThat(fetches).isEqualTo(bound.of(run.scenario()));
        } else {
            // A fetch for an unknown kid puts off the next one of the schedule.
            assertThat(fetches).isBetween(bound.scheduled(run.scenario()), bound.of(run.scenario()));
        }
        assertThat(fetches).isLessThanOrEqualTo(FetchBound.most(TUNING).of(run.scenario()));
    }

    @ParameterizedTest
    @MethodSource("runs")
    void noForgedKidHasAKey(Run run) {
        assertThat(run.count().forgedKeys()).isZero();
    }

    @Test
    void aRunIsTheSameEveryTime() {
        for (Run run : RUNS) {
            if (run.jitter() == 0.5) {
                assertThat(count(run.scenario(), run.jitter())).isEqualTo(run.count());
            }
        }
    }

    @Test
    void troubleCostsCallersWhoseCacheDoesNotServeStaleKeys() {
        Count count = count("hang", builder -> builder.maxStaleness(TUNING.lifetime()));

        assertThat(count.failures()).isPositive();
    }

    @Test
    void callersOfACacheThatRefreshesTooLateWait() {
        Count count = count(
                "slow", builder -> builder.refreshInterval(TUNING.lifetime()).staleWait(Duration.ofMillis(500)));

        assertThat(count.waited()).isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"steady", "error 500", "rotation"})
    void fetchesOfACacheThatRefreshesTooOftenAreTooMany(String scenario) {
        Count count = count(scenario, builder -> builder.refreshInterval(Duration.ofMillis(500)));

        assertThat(count.fetches()).isGreaterThan(new FetchBound(TUNING, 0.5).of(scenario(scenario)));
    }

    @Test
    void fetchesOfACacheWithoutCooldownAreTooMany() {
        Count count = count("forged kids", builder -> builder.missCooldown(Duration.ofMillis(100)));

        assertThat(count.fetches()).isGreaterThan(new FetchBound(TUNING, 0.5).of(scenario("forged kids")));
    }

    private static Scenario scenario(String name) {
        return Scenarios.all().stream()
                .filter(scenario -> scenario.name().equals(name))
                .findAny()
                .orElseThrow();
    }

    private static Count count(Scenario scenario, double jitter) {
        return VirtualRun.of(scenario, TUNING, jitter, UnaryOperator.identity());
    }

    private static Count count(String scenario, UnaryOperator<JwksCache.Builder> adjustment) {
        return VirtualRun.of(scenario(scenario), TUNING, 0.5, adjustment);
    }
}
