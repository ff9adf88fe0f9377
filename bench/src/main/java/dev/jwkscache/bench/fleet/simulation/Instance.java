package dev.jwkscache.bench.fleet.simulation;

import dev.jwkscache.JwksCache;
import dev.jwkscache.JwksCacheListener;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One process of the fleet: its cache, and the tokens that reach it. */
final class Instance implements JwksCacheListener {
    private final SimulatedFleet fleet;
    private @Nullable JwksCache cache;
    /** The newest rotation whose key has arrived here; -1 for none. */
    private int rotation = -1;

    Instance(SimulatedFleet fleet) {
        this.fleet = fleet;
    }

    /** Begins, or is replaced by a new process that knows nothing. */
    void deploy() {
        JwksCache before = cache;
        if (before != null) {
            before.close();
        } else {
            fleet.soon(this::lookUpKnown, fleet.day().known());
        }
        JwksCache after = fleet.newCache(this);
        cache = after;
        after.startAsync();
    }

    /** A token of every day, now and then. */
    private void lookUpKnown() {
        fleet.soon(this::lookUpKnown, fleet.day().known().multipliedBy(2));
        lookUp(fleet.knownKid(), fleet.verdicts()::known);
    }

    /** The first token with a key that was just published. */
    void lookUpNew() {
        lookUp(fleet.newestKid(), fleet.verdicts()::rotated);
    }

    void lookUpForged(Duration every, Duration until) {
        lookUp(fleet.forgedKid(), fleet.verdicts()::forged);
        if (fleet.time().elapsed().plus(every).compareTo(until) < 0) {
            fleet.time().after(() -> lookUpForged(every, until), every);
        }
    }

    private void lookUp(String kid, Verdicts.Verdict verdict) {
        JwksCache asked = cache;
        if (asked != null) {
            asked.keyAsync(kid, SimulatedProvider.ALG).whenComplete((key, refusal) -> verdict.of(refusal));
        }
    }

    @Override
    public void refreshed(Refreshed event) {
        if (event.document()
                && rotation < fleet.rotation()
                && event.keys().kids().contains(fleet.newestKid())) {
            rotation = fleet.rotation();
            fleet.arrived();
        }
    }
}
