package dev.jwkscache.bench.soak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jwkscache.bench.soak.Rules.Trust;
import dev.jwkscache.spi.OriginRequest;
import dev.jwkscache.spi.OriginResponse;
import dev.jwkscache.testkit.Behaviour;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The model by itself: what it takes for true, from what an origin was asked and answered. */
class ModelTest {
    private static final Rules RULES = Rules.DEFAULTS;
    private static final OriginRequest PLAIN = new OriginRequest(null, null, false, RULES.fetchTimeout(), 0);
    private static final KeySet NOTHING = new KeySet(List.of(), 0);
    private static final Fault WORTHLESS = new Fault("html", Behaviour.html(), Fault.Content.WORTHLESS, false);

    private Reading now = new Reading(Long.MAX_VALUE - 1_000, 1_000_000);
    private final Verdicts verdicts = new Verdicts();
    private final Truth truth = new Truth(RULES, () -> now, verdicts);

    @Test
    void ageIsTheLargerOfBothClocksAndNeverShrinksOnceTold() {
        Trusted set = new Trusted(NOTHING, now, now);
        leap(Duration.ofSeconds(100));
        set.clockShows(now);
        assertThat(set.leastAge(now)).isEqualTo(Duration.ofSeconds(100).toNanos());
        set.told(now, Duration.ofSeconds(100).toNanos());

        leap(Duration.ofSeconds(-90));
        pass(Duration.ofSeconds(1));

        assertThat(set.leastAge(now)).isEqualTo(Duration.ofSeconds(101).toNanos());
    }

    @Test
    void aLeapThatNobodyWasToldOfMayOrMayNotHaveBeenSeen() {
        Trusted set = new Trusted(NOTHING, now, now);
        leap(Duration.ofSeconds(100));
        set.clockShows(now);
        leap(Duration.ofSeconds(-100));

        assertThat(set.leastAge(now)).isZero();
        assertThat(set.mostAge(now))
                .isGreaterThanOrEqualTo(Duration.ofSeconds(100).toNanos());
    }

    @Test
    void aSetIsFreshAtItsTimeToLiveAndStaleAtMaxStaleness() {
        assertThat(RULES.trust(RULES.timeToLive().toNanos())).isEqualTo(Trust.FRESH);
        assertThat(RULES.trust(RULES.timeToLive().toNanos() + 1)).isEqualTo(Trust.STALE);
        assertThat(RULES.trust(RULES.maxStaleness().toNanos())).isEqualTo(Trust.STALE);
        assertThat(RULES.trust(RULES.maxStaleness().toNanos() + 1)).isEqualTo(Trust.EXPIRED);
    }

    @Test
    void onlyAGoodAnswerInTimeLoadsASet() {
        truth.answered(truth.requested(PLAIN, WORTHLESS, NOTHING), answer(200));
        assertThat(truth.trusted()).isNull();
        truth.answered(truth.requested(PLAIN, Fault.NONE, NOTHING), answer(203));
        assertThat(truth.trusted()).isNull();
        Exchange late = truth.requested(PLAIN, Fault.NONE, NOTHING);
        pass(RULES.fetchTimeout());
        truth.answered(late, answer(200));
        assertThat(truth.trusted()).isNull();

        truth.answered(truth.requested(PLAIN, Fault.NONE, NOTHING), answer(200));

        assertThat(truth.trusted()).isNotNull();
        assertThat(truth.failures).isEqualTo(3);
        assertThat(verdicts.found()).isEmpty();
    }

    @Test
    void whatAPurgeOvertookLoadsNothing() {
        Exchange before = truth.requested(PLAIN, Fault.NONE, NOTHING);
        truth.purged();
        truth.answered(before, answer(200));

        assertThat(truth.trusted()).isNull();
    }

    @Test
    void twoFetchesAtOnceAreForbidden() {
        truth.requested(PLAIN, Fault.NONE, NOTHING);
        assertThat(verdicts.any()).isFalse();
        truth.requested(PLAIN, Fault.NONE, NOTHING);

        assertThat(verdicts.any()).isTrue();
    }

    @Test
    void aFetchDuringQuietIsForbiddenAndOneAfterItIsNot() {
        truth.answered(
                truth.requested(PLAIN, WORTHLESS, NOTHING),
                new OriginResponse(429, Map.of("Retry-After", List.of("60")), new byte[0]));
        pass(Duration.ofSeconds(60));
        truth.answered(truth.requested(PLAIN, WORTHLESS, NOTHING), answer(500));
        assertThat(verdicts.any()).isFalse();

        truth.answered(
                truth.requested(PLAIN, WORTHLESS, NOTHING),
                new OriginResponse(429, Map.of("Retry-After", List.of("60")), new byte[0]));
        pass(Duration.ofMillis(59_999));
        truth.requested(PLAIN, WORTHLESS, NOTHING);

        assertThat(verdicts.any()).isTrue();
    }

    @Test
    void aFetchThatIsGivenUpBeforeItsDeadlineIsForbidden() {
        Exchange exchange = truth.requested(PLAIN, Fault.NONE, NOTHING);
        pass(RULES.fetchTimeout().minusMillis(1));
        truth.cancelled(exchange);

        assertThat(verdicts.any()).isTrue();
    }

    @Test
    void validatorsOfASetThatIsNotAtHandAreForbidden() {
        truth.requested(new OriginRequest("\"old\"", null, false, RULES.fetchTimeout(), 0), Fault.NONE, NOTHING);

        assertThat(verdicts.any()).isTrue();
    }

    private static OriginResponse answer(int status) {
        return new OriginResponse(status, Map.of(), new byte[0]);
    }

    private void pass(Duration time) {
        now = new Reading(now.nanos() + time.toNanos(), now.wallMillis() + time.toMillis());
    }

    private void leap(Duration by) {
        now = new Reading(now.nanos(), now.wallMillis() + by.toMillis());
    }
}
