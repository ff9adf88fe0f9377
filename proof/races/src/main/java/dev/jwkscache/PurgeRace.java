package dev.jwkscache;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LII_Result;

/** The keys are purged while an older fetch ends: what that fetch brings is never at hand once the purge has returned. */
@JCStressTest
@Outcome(id = "sound, -1, -1", expect = Expect.ACCEPTABLE, desc = "nothing until the fetch of the purge")
@Outcome(id = "sound, 2, 2", expect = Expect.ACCEPTABLE, desc = "the fetch of the purge, answered at once")
@Outcome(id = "sound, -1, 2", expect = Expect.ACCEPTABLE, desc = "the fetch of the purge, answered a little later")
@Outcome(expect = Expect.FORBIDDEN, desc = "purged keys came back, or something is left")
@State
public class PurgeRace {
    private final Rig rig = Rig.loaded(true);
    private int atReturn;

    public PurgeRace() {
        rig.request(RefreshTrigger.RECOVERY);
    }

    @Actor
    public void land() {
        rig.answerOldest();
    }

    @Actor
    public void purge() {
        rig.purge();
        atReturn = rig.generation();
    }

    @Arbiter
    public void judge(LII_Result result) {
        result.r1 = rig.verdict();
        result.r2 = atReturn;
        result.r3 = rig.generation();
    }
}
