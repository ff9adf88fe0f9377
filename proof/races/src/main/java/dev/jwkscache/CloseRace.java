package dev.jwkscache;

import dev.jwkscache.Flight.Landing;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;

/** The cache is closed while its first fetch ends: one ending of the flight, and nothing is left behind. */
@JCStressTest
@Outcome(id = "sound, Loaded, keys", expect = Expect.ACCEPTABLE, desc = "the keys came first")
@Outcome(id = "sound, Superseded, closed", expect = Expect.ACCEPTABLE, desc = "the close came first")
@Outcome(
        id = "sound, Loaded, closed",
        expect = Expect.ACCEPTABLE,
        desc = "the keys came, and the close before word of them")
@Outcome(expect = Expect.FORBIDDEN, desc = "something is left, or ended twice")
@State
public class CloseRace {
    private final Rig rig = new Rig();
    private final Flight flight = rig.started(RefreshTrigger.START);

    @Actor
    public void land() {
        rig.answerOldest();
    }

    @Actor
    public void close() {
        rig.close();
    }

    @Arbiter
    public void judge(LLL_Result result) {
        result.r1 = rig.verdict();
        Landing landing = flight.landed().getNow(null);
        result.r2 = landing == null ? "never" : landing.getClass().getSimpleName();
        result.r3 = rig.refresher.firstKeys().isCompletedExceptionally() ? "closed" : "keys";
    }
}
