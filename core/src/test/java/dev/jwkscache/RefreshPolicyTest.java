package dev.jwkscache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jwkscache.RefreshPolicy.Deny;
import dev.jwkscache.RefreshPolicy.Join;
import dev.jwkscache.RefreshPolicy.Queue;
import dev.jwkscache.RefreshPolicy.Start;
import dev.jwkscache.RefreshState.Budgets;
import dev.jwkscache.RefreshState.Failures;
import dev.jwkscache.RefreshState.InFlight;
import dev.jwkscache.RefreshState.Phase;
import dev.jwkscache.Snapshot.Validators;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** The decision itself: what follows from a state, an event and a moment. How a cache acts on it is with the others. */
class RefreshPolicyTest {
    private static final Moment NOW = new Moment(1_000_000_000_000L, 1_000_000_000L);
    private static final Moment PAST = NOW.plus(seconds(-1));
    private static final Moment SOON = NOW.plus(seconds(7));
    private static final Moment LATER = NOW.plus(seconds(70));
    private static final double MIDDLE = 0.5;
    private static final RefreshFailure FAILURE =
            new RefreshFailure(FailureReason.STATUS, "status 503 instead of 200", Instant.EPOCH);

    private final RefreshPolicy policy = policy(draft -> {});
    private final Snapshot snapshot =
            new Snapshot(new JwkSet(List.of(), List.of(), 0), NOW, new Validators(null, null, "", 0), 1);
    private final RefreshState scheduled =
            RefreshState.INITIAL.withPhase(Phase.SCHEDULED).withSnapshot(snapshot);

    @Test
    void keysAreFreshThenStaleThenExpiredEachUpToTheNanosecond() {
        assertThat(policy.stateOf(null, NOW)).isEqualTo(CacheState.EMPTY);
        assertThat(policy.stateOf(snapshot, NOW)).isEqualTo(CacheState.FRESH);
        assertThat(policy.stateOf(snapshot, after(seconds(600)))).isEqualTo(CacheState.FRESH);
        assertThat(policy.stateOf(snapshot, after(seconds(600).plusNanos(1)))).isEqualTo(CacheState.STALE);
        assertThat(policy.stateOf(snapshot, after(seconds(3600)))).isEqualTo(CacheState.STALE);
        assertThat(policy.stateOf(snapshot, after(seconds(3600).plusNanos(1)))).isEqualTo(CacheState.EXPIRED);
    }

    @ParameterizedTest
    @EnumSource
    void aClosedCacheFetchesNoMore(RefreshTrigger trigger) {
        assertThat(policy.decide(scheduled.withPhase(Phase.CLOSED), trigger, NOW))
                .isEqualTo(new Deny(null));
    }

    @ParameterizedTest
    @EnumSource
    void withoutABudgetSpentEveryWishIsGranted(RefreshTrigger trigger) {
        assertThat(policy.decide(RefreshState.INITIAL, trigger, NOW)).isEqualTo(new Start());
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "MANUAL")
    void allButManualJoinTheFetchUnderWay(RefreshTrigger trigger) {
        Flight flight = new Flight(RefreshTrigger.SCHEDULE);
        RefreshState flying = scheduled
                .withInFlight(new InFlight(flight, NOW))
                .withQueued(new Flight(RefreshTrigger.MANUAL))
                .withBudgets(new Budgets(LATER, LATER, LATER, LATER));

        assertThat(policy.decide(flying, trigger, NOW)).isEqualTo(new Join(flight));
    }

    @Test
    void aManualFetchWaitsForTheOneUnderWayAndASecondOneJoinsIt() {
        RefreshState flying = scheduled.withInFlight(new InFlight(new Flight(RefreshTrigger.SCHEDULE), NOW));
        assertThat(policy.decide(flying, RefreshTrigger.MANUAL, NOW)).isEqualTo(new Queue());

        Flight queued = new Flight(RefreshTrigger.MANUAL);
        RefreshState both = flying.withQueued(queued);
        assertThat(policy.decide(both, RefreshTrigger.MANUAL, NOW)).isEqualTo(new Join(queued));
        RefreshState waiting = both.withInFlight(null).withBudgets(new Budgets(null, null, SOON, null));
        assertThat(policy.decide(waiting, RefreshTrigger.START, NOW)).isEqualTo(new Join(queued));
        assertThat(policy.decide(waiting, RefreshTrigger.MISS, NOW)).isEqualTo(new Start());
    }

    /** Said twice, because one way allocates: whatever the state, both must say the same. */
    @Test
    void aRecoveryIsStartedExactlyWhenItIsDecidedTo() {
        Flight flight = new Flight(RefreshTrigger.SCHEDULE);
        int started = 0;
        for (Phase phase : Phase.values()) {
            for (InFlight inFlight : new InFlight[] {null, new InFlight(flight, NOW)}) {
                for (Moment attemptAt : new Moment[] {null, PAST, NOW, SOON}) {
                    for (Moment quietUntil : new Moment[] {null, PAST, NOW, SOON}) {
                        RefreshState state = scheduled
                                .withPhase(phase)
                                .withInFlight(inFlight)
                                .withBudgets(new Budgets(attemptAt, SOON, SOON, quietUntil));
                        for (RefreshState each : List.of(state, failing(state, 2))) {
                            boolean starts = policy.decide(each, RefreshTrigger.RECOVERY, NOW) instanceof Start;
                            assertThat(policy.startsRecovery(each, NOW.nanos(), NOW.wallMillis()))
                                    .as("%s", each)
                                    .isEqualTo(starts);
                            started += starts ? 1 : 0;
                        }
                    }
                }
            }
        }
        assertThat(started).isPositive();
    }

    @Test
    void eachWishHasABudgetOfItsOwn() {
        RefreshState attempt = scheduled.withBudgets(new Budgets(SOON, null, null, null));
        assertThat(policy.decide(attempt, RefreshTrigger.SCHEDULE, NOW)).isEqualTo(new Deny(SOON));
        assertThat(policy.decide(attempt, RefreshTrigger.SCHEDULE, SOON)).isEqualTo(new Start());
        assertThat(policy.decide(attempt, RefreshTrigger.RECOVERY, NOW)).isEqualTo(new Start());
        assertThat(policy.decide(attempt, RefreshTrigger.MISS, NOW)).isEqualTo(new Start());
        assertThat(policy.decide(attempt, RefreshTrigger.MANUAL, NOW)).isEqualTo(new Start());
        assertThat(policy.decide(failing(attempt, 1), RefreshTrigger.RECOVERY, NOW))
                .isEqualTo(new Deny(SOON));

        RefreshState miss = scheduled.withBudgets(new Budgets(null, SOON, null, null));
        assertThat(policy.decide(miss, RefreshTrigger.MISS, NOW)).isEqualTo(new Deny(SOON));
        assertThat(policy.decide(miss, RefreshTrigger.SCHEDULE, NOW)).isEqualTo(new Start());

        RefreshState manual = scheduled.withBudgets(new Budgets(null, null, SOON, null));
        assertThat(policy.decide(manual, RefreshTrigger.MANUAL, NOW)).isEqualTo(new Queue());
        assertThat(policy.decide(manual, RefreshTrigger.START, NOW)).isEqualTo(new Queue());
        assertThat(policy.decide(manual, RefreshTrigger.MANUAL, SOON)).isEqualTo(new Start());
        assertThat(policy.decide(manual, RefreshTrigger.MISS, NOW)).isEqualTo(new Start());
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "STORE")
    void quietBindsThemAllUntilItEnds(RefreshTrigger trigger) {
        RefreshState quiet = scheduled.withBudgets(new Budgets(null, null, null, SOON));

        assertThat(policy.decide(quiet, trigger, NOW)).isEqualTo(new Deny(SOON));
        assertThat(policy.decide(quiet, trigger, SOON)).isEqualTo(new Start());
    }

    @Test
    void aLookAtTheStoreCostsTheProviderNothingAndIsBoundByNoBudget() {
        RefreshState spent = scheduled.withBudgets(new Budgets(SOON, SOON, SOON, SOON));
        assertThat(policy.decide(spent, RefreshTrigger.STORE, NOW)).isEqualTo(new Start());

        Flight look = new Flight(RefreshTrigger.STORE);
        assertThat(policy.started(spent, look, NOW)).isEqualTo(spent.withInFlight(new InFlight(look, NOW)));
    }

    @Test
    void aWakeIsDueForTheScheduleAndForWhatIsQueued() {
        Budgets budgets = new Budgets(SOON, null, LATER, null);
        RefreshState both =
                scheduled.withQueued(new Flight(RefreshTrigger.MANUAL)).withBudgets(budgets);
        assertThat(policy.nextWake(both, NOW)).isEqualTo(SOON);
        assertThat(policy.nextWake(both.withBudgets(new Budgets(LATER, null, SOON, null)), NOW))
                .isEqualTo(SOON);
        assertThat(policy.nextWake(both.withPhase(Phase.ON_DEMAND), NOW)).isEqualTo(LATER);
        assertThat(policy.nextWake(both.withQueued(null), NOW)).isEqualTo(SOON);
        assertThat(policy.nextWake(scheduled, NOW)).isEqualTo(NOW);
        assertThat(policy.nextWake(both.withBudgets(new Budgets(LATER, null, null, null)), NOW))
                .isEqualTo(NOW);
    }

    @Test
    void noWakeIsDueOnDemandDuringAFetchOrAfterTheEnd() {
        assertThat(policy.nextWake(RefreshState.INITIAL, NOW)).isNull();
        assertThat(policy.nextWake(scheduled.withPhase(Phase.CLOSED), NOW)).isNull();
        assertThat(policy.nextWake(scheduled.withInFlight(new InFlight(new Flight(RefreshTrigger.SCHEDULE), NOW)), NOW))
                .isNull();
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "STORE")
    void aFetchSpendsItsOwnBudgetAndEndsTheQuiet(RefreshTrigger trigger) {
        Flight flight = new Flight(trigger);
        RefreshState after = policy.started(scheduled.withBudgets(new Budgets(SOON, PAST, PAST, PAST)), flight, NOW);

        assertThat(after.inFlight()).isEqualTo(new InFlight(flight, NOW));
        assertThat(after.budgets())
                .isEqualTo(new Budgets(
                        SOON,
                        trigger == RefreshTrigger.MISS ? after(seconds(10)) : PAST,
                        trigger == RefreshTrigger.MANUAL ? after(seconds(1)) : PAST,
                        null));
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {
                // hint of the provider in seconds, random, next fetch in milliseconds
                "none, 0.5, 300000",
                "none, 0, 270000",
                "none, 1, 330000",
                "299, 0.5, 299000",
                "100, 0, 90000",
                "100, 1, 110000",
                "300, 0, 270000",
                "301, 0.5, 300000",
                "30, 0.5, 30000",
                "30, 0, 30000",
                "0, 0.5, 30000"
            })
    void theNextFetchIsDueAfterTheIntervalOrTheHintWithATenthOfJitter(Long hint, double random, long millis) {
        RefreshState after =
                policy.succeeded(scheduled, snapshot, hint == null ? null : Duration.ofSeconds(hint), NOW, random);

        assertThat(after.budgets().attemptAt()).isEqualTo(after(Duration.ofMillis(millis)));
    }

    @Test
    void keysAreAskedForBeforeTheyExpireWhateverTheJitter() {
        RefreshPolicy tight = policy(draft -> {
            draft.timeToLive = seconds(100);
            draft.refreshInterval = seconds(100);
            draft.maxStaleness = seconds(100);
        });

        Moment late = after(seconds(3));
        RefreshState after = tight.succeeded(scheduled, snapshot, null, late, 1);

        assertThat(after.budgets().attemptAt()).isEqualTo(after(seconds(95)));
        assertThat(tight.succeeded(scheduled, snapshot, null, NOW, 0).budgets().attemptAt())
                .isEqualTo(after(seconds(90)));
    }

    @Test
    void aGoodAnswerEndsFailuresQuietDistrustAndTheFlight() {
        RefreshState trouble = failing(scheduled, 3)
                .purged()
                .withInFlight(new InFlight(new Flight(RefreshTrigger.MISS), NOW))
                .withBudgets(new Budgets(PAST, SOON, LATER, SOON));

        RefreshState after = policy.succeeded(trouble, snapshot, null, NOW, MIDDLE);

        assertThat(after)
                .isEqualTo(new RefreshState(
                        Phase.SCHEDULED,
                        snapshot,
                        null,
                        null,
                        null,
                        new Budgets(after(seconds(300)), SOON, LATER, null),
                        false));
    }

    @ParameterizedTest
    @CsvSource({
        // failures, random, milliseconds
        "1, 1, 1000",
        "2, 1, 2000",
        "3, 0.5, 2000",
        "9, 1, 256000",
        "10, 1, 300000",
        "40, 1, 300000",
        "70, 1, 300000",
        "1, 0, 100",
        "1, 0.1, 100",
        "1, 0.2, 200",
        "0, 1, 1000"
    })
    void backOffDoublesUpToTheIntervalWithFullJitterAndALeast(int failures, double random, long millis) {
        assertThat(policy.backoff(failures, random)).isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @EnumSource
    void theFirstFailureOfAnyKindStartsTheBackOff(RefreshTrigger trigger) {
        RefreshState after = policy.failed(flying(scheduled, trigger), FAILURE, null, NOW, 1);

        assertThat(after.failures()).isEqualTo(new Failures(1, FAILURE.at(), FAILURE));
        assertThat(after.inFlight()).isNull();
        assertThat(after.snapshot()).isSameAs(snapshot);
        assertThat(after.budgets().attemptAt()).isEqualTo(after(seconds(1)));
        assertThat(after.budgets().manualAt()).isEqualTo(trigger == RefreshTrigger.START ? after(seconds(1)) : null);
    }

    @ParameterizedTest
    @EnumSource
    void onlyScheduleAndRecoveryMoveItOn(RefreshTrigger trigger) {
        RefreshState failing = failing(scheduled, 3).withBudgets(new Budgets(SOON, null, null, null));
        RefreshFailure again = new RefreshFailure(FailureReason.TIMEOUT, "again", Instant.EPOCH.plusSeconds(9));
        boolean drives = trigger == RefreshTrigger.SCHEDULE || trigger == RefreshTrigger.RECOVERY;

        RefreshState after = policy.failed(flying(failing, trigger), again, null, NOW, 1);

        assertThat(after.failures()).isEqualTo(new Failures(drives ? 4 : 3, FAILURE.at(), again));
        assertThat(after.budgets().attemptAt()).isEqualTo(drives ? after(seconds(8)) : SOON);
    }

    @ParameterizedTest
    @EnumSource(names = {"START", "MISS", "MANUAL"})
    void whoOnlyStartsTheBackOffDoesNotPutOffTheSchedule(RefreshTrigger trigger) {
        Moment nearer = after(Duration.ofMillis(300));
        RefreshState nearby = scheduled.withBudgets(new Budgets(nearer, null, null, null));
        assertThat(policy.failed(flying(nearby, trigger), FAILURE, null, NOW, 1)
                        .budgets()
                        .attemptAt())
                .isEqualTo(nearer);

        RefreshState faraway = scheduled.withBudgets(new Budgets(LATER, null, null, null));
        assertThat(policy.failed(flying(faraway, trigger), FAILURE, null, NOW, 1)
                        .budgets()
                        .attemptAt())
                .isEqualTo(after(seconds(1)));

        RefreshState overdue = scheduled.withBudgets(new Budgets(PAST, null, null, null));
        assertThat(policy.failed(flying(overdue, trigger), FAILURE, null, NOW, 1)
                        .budgets()
                        .attemptAt())
                .isEqualTo(after(seconds(1)));
    }

    @ParameterizedTest
    @CsvSource({
        // time to live and wish for quiet, what is kept, in seconds
        "600, 0, 0",
        "600, 20, 20",
        "600, 600, 600",
        "600, 601, 600",
        "60, 601, 600",
        "1800, 1800, 1800",
        "1800, 86400, 1800"
    })
    void quietIsHonouredUpToTenMinutesOrTheTimeToLive(long timeToLive, long wish, long kept) {
        RefreshPolicy longer = policy(draft -> draft.timeToLive = seconds(timeToLive));

        Budgets after = longer.failed(flying(scheduled, RefreshTrigger.SCHEDULE), FAILURE, seconds(wish), NOW, 1)
                .budgets();

        assertThat(after.quietUntil()).isEqualTo(after(seconds(kept)));
        assertThat(after.attemptAt()).isEqualTo(after(seconds(Math.max(kept, 1))));
    }

    @Test
    void quietPutsOffAnAttemptThatNoBackOffMoves() {
        RefreshState failing = failing(scheduled, 2);

        assertThat(policy.failed(flying(failing, RefreshTrigger.MISS), FAILURE, seconds(20), NOW, 1)
                        .budgets())
                .isEqualTo(new Budgets(after(seconds(20)), null, null, after(seconds(20))));
        assertThat(policy.failed(
                                flying(failing.withBudgets(new Budgets(LATER, null, null, null)), RefreshTrigger.MISS),
                                FAILURE,
                                seconds(20),
                                NOW,
                                1)
                        .budgets()
                        .attemptAt())
                .isEqualTo(LATER);
    }

    private static RefreshState flying(RefreshState state, RefreshTrigger trigger) {
        return state.withInFlight(new InFlight(new Flight(trigger), NOW));
    }

    private static RefreshState failing(RefreshState state, int count) {
        return state.withFailures(new Failures(count, FAILURE.at(), FAILURE));
    }

    private static Moment after(Duration duration) {
        return NOW.plus(duration);
    }

    private static Duration seconds(long count) {
        return Duration.ofSeconds(count);
    }

    private static RefreshPolicy policy(java.util.function.Consumer<Settings.Draft> changes) {
        Settings.Draft draft = new Settings.Draft();
        draft.jwksUri = URI.create("https://idp.example/jwks.json");
        changes.accept(draft);
        return new RefreshPolicy(draft.complete());
    }
}
