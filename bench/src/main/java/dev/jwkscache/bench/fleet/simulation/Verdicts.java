package dev.jwkscache.bench.fleet.simulation;

import dev.jwkscache.KeysExpiredException;
import dev.jwkscache.KeysUnavailableException;
import dev.jwkscache.UnknownKeyException;
import java.util.concurrent.CompletionException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Counts how lookups end, and whether they may. */
final class Verdicts {
    private final BooleanSupplier providerAway;
    private final BooleanSupplier providerJustBack;

    private long lookups;
    private long forgedLookups;
    private long refusedWhileAway;
    private long refusedAfterwards;
    private long newKidsRefused;
    private long forbidden;

    /**
     * Creates one.
     *
     * @param providerAway whether the provider is in trouble
     * @param providerJustBack whether it was until a moment ago
     */
    Verdicts(BooleanSupplier providerAway, BooleanSupplier providerJustBack) {
        this.providerAway = providerAway;
        this.providerJustBack = providerJustBack;
    }

    /** The end of one lookup; null when there was a key. */
    interface Verdict {
        void of(@Nullable Throwable refusal);
    }

    /** Counted so far. */
    record Counts(
            long lookups,
            long forgedLookups,
            long refusedWhileAway,
            long refusedAfterwards,
            long newKidsRefused,
            long forbidden) {}

    Counts counts() {
        return new Counts(lookups, forgedLookups, refusedWhileAway, refusedAfterwards, newKidsRefused, forbidden);
    }

    /** Of a kid that everybody has had time to know. */
    void known(@Nullable Throwable refusal) {
        lookups++;
        if (refusal != null) {
            refused(unwrapped(refusal));
        }
    }

    /** Of a kid that was published within the last minute. */
    void rotated(@Nullable Throwable refusal) {
        lookups++;
        if (refusal != null && unwrapped(refusal) instanceof UnknownKeyException) {
            newKidsRefused++;
        } else if (refusal != null) {
            refused(unwrapped(refusal));
        }
    }

    /** Of a kid that was never published. */
    void forged(@Nullable Throwable refusal) {
        forgedLookups++;
        if (refusal == null || !(unwrapped(refusal) instanceof UnknownKeyException)) {
            forbidden++;
        }
    }

    /** Without keys that may be trusted a cache has to refuse, but only a provider that is away excuses having none. */
    private void refused(Throwable refusal) {
        boolean ours = refusal instanceof KeysExpiredException || refusal instanceof KeysUnavailableException;
        if (ours && providerAway.getAsBoolean()) {
            refusedWhileAway++;
        } else if (ours && providerJustBack.getAsBoolean()) {
            refusedAfterwards++;
        } else {
            forbidden++;
        }
    }

    private static Throwable unwrapped(Throwable thrown) {
        return thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
    }
}
