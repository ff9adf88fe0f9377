package dev.jwkscache;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** A fetch lands while a reader looks: he sees the old set or the new one, and either is whole. */
@JCStressTest
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "the old set, whole")
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "the new set, whole")
@Outcome(expect = Expect.FORBIDDEN, desc = "no set, or part of one")
@State
public class PublicationRace {
    private final Rig rig = Rig.loaded(false);

    public PublicationRace() {
        rig.request(RefreshTrigger.MISS);
    }

    @Actor
    public void land() {
        rig.answerOldest();
    }

    @Actor
    public void read(I_Result result) {
        Snapshot snapshot = rig.refresher.state().snapshot();
        result.r1 = snapshot == null ? -1 : Generations.whole(snapshot.keys());
    }
}
