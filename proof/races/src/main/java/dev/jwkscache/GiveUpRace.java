package dev.jwkscache;

import java.util.concurrent.CompletableFuture;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLI_Result;

/** A caller's bound passes while the flight he waits for lands: he gets one answer. */
@JCStressTest
@Outcome(id = "sound, key, 1", expect = Expect.ACCEPTABLE, desc = "the landing came first")
@Outcome(id = "sound, unknown, 1", expect = Expect.ACCEPTABLE, desc = "the bound came first")
@Outcome(expect = Expect.FORBIDDEN, desc = "no answer, or two")
@State
public class GiveUpRace {
    private final Rig rig = Rig.loaded(false);
    private final CompletableFuture<JwkSet> answer = rig.lookup(1);

    @Actor
    public void land() {
        rig.answerOldest();
    }

    @Actor
    public void giveUp() {
        rig.run(HandTimer.Purpose.GIVE_UP);
    }

    @Arbiter
    public void judge(LLI_Result result) {
        result.r1 = rig.verdict();
        result.r2 = !answer.isDone() ? "none" : answer.isCompletedExceptionally() ? "unknown" : "key";
        result.r3 = rig.outcomes();
    }
}
