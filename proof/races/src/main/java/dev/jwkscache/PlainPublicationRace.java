package dev.jwkscache;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** A snapshot handed over through a data race, as users may do with a set: none or a whole one, thanks to final fields. */
@JCStressTest
@Outcome(id = "-1", expect = Expect.ACCEPTABLE, desc = "nothing yet")
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "whole")
@Outcome(expect = Expect.FORBIDDEN, desc = "part of a snapshot")
@State
public class PlainPublicationRace {
    private static final List<Jwk> KEYS = Generations.parsed(0).keys();
    private static final Moment SENT = new Moment(7, 7);
    private static final Snapshot.Validators VALIDATORS = new Snapshot.Validators(null, null, "digest", 0);

    @Nullable
    Snapshot plain;

    @Actor
    public void publish() {
        plain = new Snapshot(new JwkSet(KEYS, List.of(), 0), SENT, VALIDATORS, 1);
    }

    @Actor
    public void read(I_Result result) {
        Snapshot snapshot = plain;
        if (snapshot == null) {
            result.r1 = -1;
            return;
        }
        boolean whole =
                snapshot.keys() != null && SENT.equals(snapshot.sentAt()) && VALIDATORS.equals(snapshot.validators());
        result.r1 = whole ? Generations.whole(snapshot.keys()) : Generations.BROKEN;
    }
}
