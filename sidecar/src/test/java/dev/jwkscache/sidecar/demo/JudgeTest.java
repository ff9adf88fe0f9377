package dev.jwkscache.sidecar.demo;

import static dev.jwkscache.sidecar.demo.Judge.Judgement.GOOD_REFUSED;
import static dev.jwkscache.sidecar.demo.Judge.Judgement.UNTRUSTED_REFUSED;
import static dev.jwkscache.sidecar.demo.Judge.Judgement.VERIFIED;
import static dev.jwkscache.sidecar.demo.Judge.Judgement.WITHDRAWN_ACCEPTED;
import static dev.jwkscache.sidecar.demo.Judge.Judgement.WITHDRAWN_NOT_KNOWN;
import static dev.jwkscache.sidecar.demo.Judge.Judgement.WITHDRAWN_REFUSED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jwkscache.sidecar.demo.Judge.Judgement;
import dev.jwkscache.sidecar.demo.Token.Issuer;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Provider, sidecar and service in virtual time; where the judge is to catch somebody, what a wrong one would do is told to it. */
class JudgeTest {
    private static final Duration BOTH = DemoSpans.MAX_STALENESS.plus(DemoSpans.CALLERS_MAX_STALENESS);

    private final VirtualDemo demo = new VirtualDemo();

    @AfterEach
    void end() {
        demo.close();
    }

    @Test
    void tokensOfAWithdrawnKeyAreRefusedAfterTheNextRefreshes() {
        Issuer oldest = demo.oldest();
        Issuer newest = demo.newest();
        demo.pass(Duration.ofSeconds(20));
        demo.provider.withdraw();

        assertThat(demo.present(oldest)).isEqualTo(WITHDRAWN_NOT_KNOWN);
        demo.pass(DemoSpans.REFRESH_INTERVAL
                .plus(DemoSpans.CALLERS_REFRESH_INTERVAL)
                .plusSeconds(1));
        assertThat(demo.present(oldest)).isEqualTo(WITHDRAWN_REFUSED);
        assertThat(demo.present(newest)).isEqualTo(VERIFIED);
    }

    @Test
    void whoGoesOnAcceptingAWithdrawnKeyIsCaughtWhenTheBoundIsOver() {
        Issuer oldest = demo.oldest();
        demo.provider.withdraw();
        demo.pass(Duration.ofSeconds(14));

        assertThat(accepted(oldest)).isEqualTo(WITHDRAWN_NOT_KNOWN);
        demo.pass(Duration.ofSeconds(10));
        assertThat(accepted(oldest)).isEqualTo(WITHDRAWN_ACCEPTED);
    }

    @Test
    void whileTheProviderIsDownAWithdrawalCountsWhenBothKindsOfKeysAreTooOld() {
        Issuer oldest = demo.oldest();
        demo.pass(Duration.ofSeconds(20));
        demo.provider.down();
        demo.provider.withdraw();

        demo.pass(BOTH.minusMillis(1));
        assertThat(accepted(oldest)).isEqualTo(WITHDRAWN_NOT_KNOWN);
        demo.pass(Duration.ofMillis(2));
        assertThat(accepted(oldest)).isEqualTo(WITHDRAWN_ACCEPTED);
        assertThat(demo.present(oldest)).isEqualTo(WITHDRAWN_REFUSED);
    }

    @Test
    void whoRefusesAGoodTokenIsCaught() {
        demo.pass(Duration.ofSeconds(20));

        assertThat(demo.present(demo.oldest())).isEqualTo(VERIFIED);
        assertThat(refused(demo.oldest())).isEqualTo(GOOD_REFUSED);
    }

    @Test
    void inAnOutageGoodTokensPassUntilNothingMayBeTrustedAnyMore() {
        demo.pass(Duration.ofSeconds(20));
        demo.provider.down();

        demo.pass(DemoSpans.MAX_STALENESS.minusSeconds(7));
        assertThat(demo.present(demo.oldest())).isEqualTo(VERIFIED);
        assertThat(refused(demo.oldest())).isEqualTo(GOOD_REFUSED);
        demo.pass(DemoSpans.CALLERS_MAX_STALENESS.plusSeconds(8));
        assertThat(demo.present(demo.oldest())).isEqualTo(UNTRUSTED_REFUSED);
    }

    @Test
    void afterAnOutageThatWasTooLongCallersAreBackInTheTimeThatIsAllowed() {
        demo.provider.down();
        demo.pass(BOTH.plusSeconds(10));
        assertThat(demo.present(demo.oldest())).isEqualTo(UNTRUSTED_REFUSED);
        demo.provider.recover();

        demo.pass(DemoSpans.REFRESH_INTERVAL);
        assertThat(refused(demo.oldest())).isEqualTo(UNTRUSTED_REFUSED);
        demo.pass(DemoSpans.SETTLING);
        assertThat(demo.present(demo.oldest())).isEqualTo(VERIFIED);
        assertThat(refused(demo.oldest())).isEqualTo(GOOD_REFUSED);
    }

    @Test
    void afterAPurgeNobodyIsBlamedUntilThereAreKeysAgain() {
        demo.provider.down();
        demo.sidecar.purge();
        assertThat(refused(demo.oldest())).isEqualTo(UNTRUSTED_REFUSED);

        demo.provider.recover();
        demo.pass(DemoSpans.REFRESH_INTERVAL.plus(DemoSpans.SETTLING));
        assertThat(demo.present(demo.oldest())).isEqualTo(VERIFIED);
        assertThat(refused(demo.oldest())).isEqualTo(GOOD_REFUSED);
    }

    @Test
    void aMachineThatSleptIsNoReasonToBlameAnybody() {
        Issuer oldest = demo.oldest();
        Issuer newest = demo.newest();
        demo.provider.down();
        demo.provider.withdraw();
        demo.time.suspend(Duration.ofMinutes(10));

        assertThat(accepted(oldest)).isEqualTo(WITHDRAWN_NOT_KNOWN);
        assertThat(demo.present(newest)).isEqualTo(UNTRUSTED_REFUSED);
    }

    private Judgement accepted(Issuer issuer) {
        return demo.judge.judge(issuer, issuer.withdrawn(), true, demo.clock.get());
    }

    private Judgement refused(Issuer issuer) {
        return demo.judge.judge(issuer, issuer.withdrawn(), false, demo.clock.get());
    }
}
