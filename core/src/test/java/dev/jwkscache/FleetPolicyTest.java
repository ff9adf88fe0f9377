package dev.jwkscache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jwkscache.RefreshState.Budgets;
import dev.jwkscache.RefreshState.Failures;
import dev.jwkscache.RefreshState.InFlight;
import dev.jwkscache.RefreshState.Phase;
import dev.jwkscache.Snapshot.Validators;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** What follows from the words of others: from a state, a word and a moment. How a cache acts on it is with FleetTest. */
class FleetPolicyTest {
    private static final Moment NOW = new Moment(1_000_000_000_000L, 1_000_000_000L);
    private static final Moment SOON = NOW.plus(seconds(7));
    private static final Moment LATER = NOW.plus(seconds(70));
    private static final RefreshFailure FAILURE =
            new RefreshFailure(FailureReason.FLEET, "another instance failed", Instant.ofEpochMilli(5));
    private static final RefreshFailure OLDER =
            new RefreshFailure(FailureReason.TIMEOUT, "too slow", Instant.ofEpochMilli(3));

    private final FleetPolicy policy = FleetPolicy.of(new SettingsTest().defaults());
    private final Snapshot snapshot = sentBefore(seconds(0));

    @ParameterizedTest
    @CsvSource({
        // seconds without news, random, alone
        "2696, 0, false",
        "2697, 0, true",
        "3145, 0.5, false",
        "3146, 0.5, true",
        "3594, 1, false",
        "3595, 1, true"
    })
    void whoHasHadNothingNewForThreeQuartersOfTheTimeAtLeastGoesAlone(long silent, double random, boolean alone) {
        assertThat(policy.goesAlone(NOW, NOW.plus(seconds(silent)), random)).isEqualTo(alone);
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 0", "0, 0.5, 285000", "0, 1, 570000", "500, 1, 70000", "569, 1, 1000", "570, 1, 0", "700, 1, 0"})
    void aRefreshIsPutOffAtRandomAndNotPastTheTimeThatTheSetIsFresh(long age, double random, long millis) {
        assertThat(policy.scattered(sentBefore(seconds(age)), NOW, random)).isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 270000", "0, 0.5, 300000", "0, 1, 330000", "100, 0.5, 200000", "3500, 0.5, 0"})
    void whatWasTakenIsDueAnIntervalAfterItWasFetched(long age, double random, long dueInMillis) {
        Snapshot taken = sentBefore(seconds(age));

        RefreshState after = policy.taken(flying(RefreshTrigger.STORE), taken, NOW, random);

        assertThat(after.snapshot()).isSameAs(taken);
        assertThat(after.inFlight()).isNull();
        Moment due = after.budgets().attemptAt();
        assertThat(due).isNotNull();
        assertThat(due.remaining(NOW)).isEqualTo(Duration.ofMillis(dueInMillis));
    }

    @Test
    void whatWasTakenGivesTheMissBudgetBackToWhoLedToItAndEndsFailures() {
        RefreshState failing = flying(RefreshTrigger.MISS)
                .withFailures(new Failures(3, Instant.EPOCH, OLDER))
                .withBudgets(new Budgets(SOON, SOON, SOON, SOON));

        RefreshState after = policy.taken(failing, snapshot, NOW, 0.5);

        assertThat(after.failures()).isNull();
        assertThat(after.budgets().missAt()).isNull();
        assertThat(after.budgets().manualAt()).isEqualTo(SOON);
        assertThat(after.budgets().quietUntil()).isEqualTo(SOON);
        RefreshState other = failing.withInFlight(new InFlight(new Flight(RefreshTrigger.SCHEDULE), NOW));
        assertThat(policy.taken(other, snapshot, NOW, 0.5).budgets().missAt()).isEqualTo(SOON);
    }

    @ParameterizedTest
    @CsvSource({
        // remaining seconds, random, next attempt in milliseconds
        "40, 0, 40000",
        "40, 0.5, 55000",
        "40, 1, 70000",
        "86400, 0, 300000"
    })
    void aRefreshThatIsTooEarlyIsPutOffSpreadAndForNoLongerThanAnInterval(long remaining, double random, long millis) {
        RefreshState after = policy.deferred(flying(RefreshTrigger.SCHEDULE), seconds(remaining), NOW, random);

        assertThat(after)
                .isEqualTo(flying(RefreshTrigger.SCHEDULE)
                        .withInFlight(null)
                        .withBudgets(new Budgets(NOW.plus(Duration.ofMillis(millis)), null, null, null)));
    }

    @Test
    void anUnknownKidThatIsTooEarlySpendsTheMissBudgetForNoLongerThanACooldown() {
        assertThat(policy.deferred(flying(RefreshTrigger.MISS), seconds(6), NOW, 1)
                        .budgets())
                .isEqualTo(new Budgets(null, NOW.plus(seconds(6)), null, null));
        assertThat(policy.deferred(flying(RefreshTrigger.MISS), seconds(60), NOW, 1)
                        .budgets())
                .isEqualTo(new Budgets(null, NOW.plus(seconds(10)), null, null));
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.INCLUDE,
            names = {"STORE", "RECOVERY"})
    void aLookThatFindsNothingNewChangesNoBudget(RefreshTrigger trigger) {
        RefreshState before = flying(trigger).withBudgets(new Budgets(SOON, LATER, SOON, LATER));

        assertThat(policy.deferred(before, seconds(5), NOW, 1)).isEqualTo(before.withInFlight(null));
    }

    @Test
    void aFailureElsewhereIsOneHereWithItsCountAndItsPause() {
        RefreshState after = policy.blocked(flying(RefreshTrigger.SCHEDULE), FAILURE, 4, seconds(20), NOW, 0.5);

        assertThat(after.failures()).isEqualTo(new Failures(4, FAILURE.at(), FAILURE));
        assertThat(after.budgets()).isEqualTo(new Budgets(NOW.plus(seconds(35)), null, null, null));
        assertThat(after.inFlight()).isNull();
        RefreshState again = policy.blocked(
                after.withInFlight(new InFlight(new Flight(RefreshTrigger.SCHEDULE), NOW)),
                OLDER,
                0,
                seconds(20),
                NOW,
                0);
        assertThat(again.failures()).isEqualTo(new Failures(1, FAILURE.at(), OLDER));
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.INCLUDE,
            names = {"MISS", "MANUAL"})
    void whatStopsAlsoAHumanIsQuiet(RefreshTrigger trigger) {
        assertThat(policy.blocked(flying(trigger), FAILURE, 1, seconds(86_400), NOW, 0)
                        .budgets())
                .isEqualTo(new Budgets(null, null, null, NOW.plus(seconds(600))));
    }

    /** Whatever others say: there is one more attempt before keys expire, and no storm once they have. */
    @Test
    void keysThatNearTheirEndGetOneMoreAttempt() {
        RefreshState old = flying(RefreshTrigger.SCHEDULE).withSnapshot(sentBefore(seconds(3500)));
        Moment last = NOW.plus(seconds(95));
        assertThat(policy.blocked(old, FAILURE, 1, seconds(600), NOW, 0)
                        .budgets()
                        .attemptAt())
                .isEqualTo(last);
        assertThat(policy.deferred(old, seconds(300), NOW, 0).budgets().attemptAt())
                .isEqualTo(last);

        RefreshState expired = flying(RefreshTrigger.SCHEDULE).withSnapshot(sentBefore(seconds(3595)));
        assertThat(policy.blocked(expired, FAILURE, 1, seconds(600), NOW, 0)
                        .budgets()
                        .attemptAt())
                .isEqualTo(NOW.plus(seconds(600)));
    }

    @Test
    void aFleetsFailuresCountWhereTheyAreMoreThanOnesOwn() {
        RefreshState none = flying(RefreshTrigger.SCHEDULE);
        assertThat(FleetPolicy.informed(none, 0, FAILURE)).isSameAs(none);
        assertThat(FleetPolicy.informed(none, 3, FAILURE).failures()).isEqualTo(new Failures(3, FAILURE.at(), FAILURE));

        RefreshState some = none.withFailures(new Failures(2, Instant.EPOCH, OLDER));
        assertThat(FleetPolicy.informed(some, 2, FAILURE)).isSameAs(some);
        assertThat(FleetPolicy.informed(some, 3, FAILURE).failures())
                .isEqualTo(new Failures(3, Instant.EPOCH, FAILURE));
    }

    private RefreshState flying(RefreshTrigger trigger) {
        return RefreshState.INITIAL
                .withPhase(Phase.SCHEDULED)
                .withSnapshot(snapshot)
                .withInFlight(new InFlight(new Flight(trigger), NOW));
    }

    private static Snapshot sentBefore(Duration ago) {
        Moment sentAt = new Moment(NOW.nanos() - ago.toNanos(), NOW.wallMillis() - ago.toMillis());
        return new Snapshot(new JwkSet(List.of(), List.of(), 0), sentAt, new Validators(null, null, "", 0), 1);
    }

    private static Duration seconds(long seconds) {
        return Duration.ofSeconds(seconds);
    }
}
