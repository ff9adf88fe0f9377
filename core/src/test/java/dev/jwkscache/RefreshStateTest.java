package dev.jwkscache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jwkscache.RefreshState.Budgets;
import dev.jwkscache.RefreshState.Failures;
import dev.jwkscache.RefreshState.InFlight;
import dev.jwkscache.RefreshState.Phase;
import dev.jwkscache.Snapshot.Validators;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every change changes what it says and keeps the rest. */
class RefreshStateTest {
    private static final Moment NOW = new Moment(1, 2);
    private static final Moment OTHER = new Moment(3, 4);
    private final JwkSet keys = new JwkSet(List.of(), List.of(), 0);
    private final Flight flight = new Flight(RefreshTrigger.MISS);
    private final Flight queued = new Flight(RefreshTrigger.MANUAL);
    private final InFlight inFlight = new InFlight(flight, NOW);
    private final Snapshot snapshot = snapshot(NOW);
    private final Failures failures = new Failures(
            2, Instant.EPOCH, new RefreshFailure(FailureReason.TIMEOUT, "no complete answer", Instant.EPOCH));
    private final Budgets budgets = new Budgets(NOW, NOW, NOW, NOW);
    private final RefreshState full =
            new RefreshState(Phase.SCHEDULED, snapshot, inFlight, queued, failures, budgets, true);

    @Test
    void theFirstStateKnowsNothing() {
        assertThat(RefreshState.INITIAL)
                .isEqualTo(new RefreshState(
                        Phase.ON_DEMAND, null, null, null, null, new Budgets(null, null, null, null), false));
    }

    @Test
    void eachPartIsReplacedByItself() {
        Snapshot next = snapshot(OTHER);
        Budgets spent = new Budgets(null, null, null, null);
        assertThat(full.withPhase(Phase.CLOSED))
                .isEqualTo(new RefreshState(Phase.CLOSED, snapshot, inFlight, queued, failures, budgets, true));
        assertThat(full.withSnapshot(next))
                .isEqualTo(new RefreshState(Phase.SCHEDULED, next, inFlight, queued, failures, budgets, true));
        assertThat(full.withSnapshot(snapshot)).isSameAs(full);
        assertThat(full.withInFlight(null))
                .isEqualTo(new RefreshState(Phase.SCHEDULED, snapshot, null, queued, failures, budgets, true));
        assertThat(full.withQueued(null))
                .isEqualTo(new RefreshState(Phase.SCHEDULED, snapshot, inFlight, null, failures, budgets, true));
        assertThat(full.withFailures(null))
                .isEqualTo(new RefreshState(Phase.SCHEDULED, snapshot, inFlight, queued, null, budgets, true));
        assertThat(full.withBudgets(spent))
                .isEqualTo(new RefreshState(Phase.SCHEDULED, snapshot, inFlight, queued, failures, spent, true));
    }

    @Test
    void aPurgeTakesKeysAndFlightAndTrust() {
        RefreshState trusted = new RefreshState(Phase.SCHEDULED, snapshot, inFlight, queued, failures, budgets, false);

        assertThat(trusted.purged())
                .isEqualTo(new RefreshState(Phase.SCHEDULED, null, null, queued, failures, budgets, true));
        assertThat(full.trusting(snapshot))
                .isEqualTo(new RefreshState(Phase.SCHEDULED, snapshot, null, queued, null, budgets, false));
    }

    @Test
    void itKnowsItsFlight() {
        assertThat(full.flight()).isSameAs(flight);
        assertThat(full.owns(flight)).isTrue();
        assertThat(full.owns(queued)).isFalse();
        assertThat(RefreshState.INITIAL.flight()).isNull();
        assertThat(RefreshState.INITIAL.owns(flight)).isFalse();
        assertThat(full.closed()).isFalse();
        assertThat(full.withPhase(Phase.CLOSED).closed()).isTrue();
    }

    @Test
    void eachBudgetIsReplacedByItself() {
        assertThat(budgets.withAttemptAt(OTHER)).isEqualTo(new Budgets(OTHER, NOW, NOW, NOW));
        assertThat(budgets.withMissAt(OTHER)).isEqualTo(new Budgets(NOW, OTHER, NOW, NOW));
        assertThat(budgets.withManualAt(OTHER)).isEqualTo(new Budgets(NOW, NOW, OTHER, NOW));
        assertThat(budgets.withQuietUntil(null)).isEqualTo(new Budgets(NOW, NOW, NOW, null));
    }

    @Test
    void aSnapshotNeverLooksYoungerThanItHasLooked() {
        Moment leap = new Moment(1 + 5_000_000_000L, 2 + 60_000);
        assertThat(snapshot.seenAt(new Moment(1 + 5_000_000_000L, 2 + 5_000))).isSameAs(snapshot);
        assertThat(snapshot.ageNanos(leap)).isEqualTo(60_000_000_000L);

        Snapshot seen = snapshot.seenAt(leap);

        assertThat(seen.ageNanos(new Moment(1 + 6_000_000_000L, 2))).isEqualTo(61_000_000_000L);
        assertThat(seen.keys()).isSameAs(keys);
        assertThat(seen.validators()).isEqualTo(new Validators(null, null, "digest", 5));
    }

    @Test
    void eitherValidatorMakesAFetchConditional() {
        assertThat(new Validators(null, null, "d", 1).conditional()).isFalse();
        assertThat(new Validators("\"1\"", null, "d", 1).conditional()).isTrue();
        assertThat(new Validators(null, "Sun, 22 Nov 2026 12:00:00 GMT", "d", 1).conditional())
                .isTrue();
    }

    @Test
    void aPurgeUpToAGenerationDropsWhatIsOfItAndNothingElse() {
        Flight departed = new Flight(RefreshTrigger.SCHEDULE);
        departed.departs(7);
        RefreshState both = RefreshState.INITIAL
                .withSnapshot(snapshot(new Moment(1, 2)))
                .withInFlight(new RefreshState.InFlight(departed, new Moment(1, 2)));

        assertThat(both.purged(0)).isSameAs(both);
        assertThat(both.purged(1).snapshot()).isNull();
        assertThat(both.purged(6).flight()).isSameAs(departed);
        assertThat(both.purged(7).flight()).isNull();
        assertThat(both.purged(1).distrusted()).isTrue();
        assertThat(both.withSnapshot(null).purged(6).distrusted()).isFalse();
        RefreshState asking = both.withInFlight(new RefreshState.InFlight(flight, new Moment(1, 2)));
        assertThat(asking.purged(7).flight()).isSameAs(flight);
    }

    private Snapshot snapshot(Moment sentAt) {
        return new Snapshot(keys, sentAt, new Validators(null, null, "digest", 5), 1);
    }
}
