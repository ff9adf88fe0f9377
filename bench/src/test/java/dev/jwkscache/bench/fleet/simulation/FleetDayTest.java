package dev.jwkscache.bench.fleet.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.jwkscache.bench.fleet.simulation.DayResult.PhaseResult;
import dev.jwkscache.bench.fleet.simulation.DayResult.RotationResult;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The simulated day of the page with a small fleet: what holds for a hundred thousand instances holds for it too. */
class FleetDayTest {
    private static final int FEW = 40;
    private static final int MANY = 120;
    private static final Duration DAY = Duration.ofHours(24);
    private static final Map<String, DayResult> RESULTS = new ConcurrentHashMap<>();

    @Test
    void aFleetFetchesOncePerInterval() {
        DayResult.Calm calm = day(MANY, Sharing.ONE_REDIS).calm();

        assertThat(calm.seconds()).isGreaterThan(Duration.ofHours(17).toSeconds());
        assertThat(calm.mostPerInterval()).isEqualTo(1);
        assertThat((double) calm.requests()).isCloseTo(calm.seconds() / 300.0, within(10.0));
    }

    @Test
    void whileTheStoreWorksTheLoadDoesNotDependOnTheNumberOfInstances() {
        DayResult few = day(FEW, Sharing.ONE_REDIS);
        DayResult many = day(MANY, Sharing.ONE_REDIS);

        assertThat(many.calm().mostPerInterval()).isEqualTo(few.calm().mostPerInterval());
        for (String label :
                new String[] {"all begin", "deploy", "429", "refuses connections, 5 min", "hangs, 20 min"}) {
            assertThat((double) phase(many, label).requests())
                    .as(label)
                    .isCloseTo((double) phase(few, label).requests(), within(8.0));
            assertThat(phase(many, label).worstSecond()).as(label).isLessThanOrEqualTo(2);
        }
        // One for each cooldown, whoever meets the forged kids.
        assertThat(phase(many, "forged").requests()).isBetween(100L, 130L);
    }

    @Test
    void withoutAStoreTheLoadGrowsWithTheNumberOfInstances() {
        DayResult few = day(FEW, Sharing.NONE);
        DayResult many = day(MANY, Sharing.NONE);

        assertThat((double) many.calm().requests() / few.calm().requests()).isCloseTo(3, within(0.2));
        assertThat((double) phase(many, "forged").requests()
                        / phase(few, "forged").requests())
                .isCloseTo(3, within(0.2));
        assertThat(many.requests())
                .isGreaterThan(10 * day(MANY, Sharing.ONE_REDIS).requests());
    }

    /** An instance alone may doubt its fleet before its keys expire, once; it does not join a stampede. */
    @Test
    void inALongOutageEachInstanceTriesForItselfAtMostTwice() {
        PhaseResult shared = phase(day(MANY, Sharing.ONE_REDIS), "refuses connections, 90 min");

        assertThat(shared.requests()).isLessThan(2 * MANY);
        assertThat(shared.requests())
                .isLessThan(phase(day(MANY, Sharing.NONE), "refuses connections, 90 min")
                                .requests()
                        / 10);
    }

    /** Some thousand instances wait for one turn after the other; a small fleet does not show what they do then. */
    @Test
    void aProviderThatHangsMeetsNoHerd() {
        Day hang = new Day(
                Duration.ofMinutes(80),
                Duration.ofMinutes(10),
                List.of(
                        new Happening.Deploy("all begin", Duration.ZERO, Duration.ofMinutes(1)),
                        new Happening.ProviderTrouble(
                                Happening.ProviderTrouble.ProviderFault.HANGING,
                                Duration.ofMinutes(30),
                                Duration.ofMinutes(20))));
        DayResult result = new DaySimulation(5_000, Sharing.UNBOUNDED, hang, 1, line -> {}).run();

        assertThat(phase(result, "hangs").requests()).isLessThan(60);
        assertThat(phase(result, "hangs").worstSecond()).isLessThanOrEqualTo(2);
        assertThat(result.forbidden()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void nobodyIsRefusedWithoutNeed(Sharing sharing) {
        DayResult result = day(MANY, sharing);

        assertThat(result.lookups()).isGreaterThan(15_000);
        for (PhaseResult phase : result.phases()) {
            assertThat(phase.forbidden()).as(phase.label()).isZero();
            if (!phase.label().contains("90 min")) {
                assertThat(phase.refusedWhileAway() + phase.refusedAfterwards())
                        .as(phase.label())
                        .isZero();
            }
        }
        assertThat(result.forbidden()).isZero();
        // The keys of an outage that is longer than max staleness must expire.
        assertThat(phase(result, "90 min").refusedWhileAway()).isPositive();
    }

    @ParameterizedTest
    @EnumSource
    void everyRotationIsSeenEverywhere(Sharing sharing) {
        assertThat(day(MANY, sharing).rotations())
                .hasSize(4)
                .allSatisfy(rotation -> assertThat(rotation.instances()).isEqualTo(MANY))
                .allSatisfy(rotation -> assertThat(rotation.maxMillis()).isLessThan(70_000));
    }

    @Test
    void whatOneInstanceFetchesAllHaveInABlink() {
        DayResult result = day(MANY, Sharing.ONE_REDIS);

        for (RotationResult rotation : result.rotations()) {
            boolean storeAway = rotation.atHour() > 17 && rotation.atHour() < 18;
            if (storeAway) {
                assertThat(rotation.maxMillis()).isGreaterThan(10_000);
            } else {
                assertThat(rotation.p99Millis() - rotation.firstMillis()).isLessThan(250);
            }
        }
    }

    @Test
    void theSameSeedMakesTheSameDay() {
        DayResult again = new DaySimulation(FEW, Sharing.ONE_REDIS, Day.standard(DAY), 1, line -> {}).run();

        assertThat(again)
                .usingRecursiveComparison()
                .ignoringFields("realSeconds")
                .isEqualTo(day(FEW, Sharing.ONE_REDIS));
    }

    private static DayResult day(int instances, Sharing sharing) {
        return RESULTS.computeIfAbsent(
                instances + " " + sharing,
                key -> new DaySimulation(instances, sharing, Day.standard(DAY), 1, line -> {}).run());
    }

    private static PhaseResult phase(DayResult result, String label) {
        return result.phases().stream()
                .filter(phase -> phase.label().contains(label))
                .findFirst()
                .orElseThrow();
    }
}
