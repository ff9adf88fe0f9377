package dev.jwkscache.bench.soak;

import dev.jwkscache.RefreshTrigger;
import dev.jwkscache.spi.OriginRequest;
import org.jspecify.annotations.Nullable;

/** One fetch as the origin saw it: when it was sent, with what, what the provider was up to, and how it ended. */
final class Exchange {
    enum End {
        OPEN,
        LOADED,
        FAILED,
        /** A purge or the end of the cache overtook it. */
        OVERTAKEN
    }

    final int number;
    final Reading sent;
    final OriginRequest request;
    final Fault fault;
    /** What a complete answer with status 200 holds. */
    final KeySet content;

    final boolean setAtHand;
    /** Whether keys were stale, expired or missing when it was sent, at least by one reading of their age. */
    final boolean needed;

    final boolean distrusted;
    End end = End.OPEN;

    @Nullable
    Reading ended;

    @Nullable
    RefreshTrigger trigger;

    /** What it loaded or confirmed. */
    @Nullable
    KeySet loaded;

    /** The least time before the schedule may fetch again, after a success. */
    long leastGap;

    Exchange(int number, Reading sent, OriginRequest request, Fault fault, KeySet content, Truth truth) {
        this.number = number;
        this.sent = sent;
        this.request = request;
        this.fault = fault;
        this.content = content;
        Trusted trusted = truth.trusted();
        this.setAtHand = trusted != null;
        this.needed = trusted == null || truth.rules().trust(trusted.mostAge(sent)) != Rules.Trust.FRESH;
        this.distrusted = truth.distrusted();
    }

    /** Whether its place in the row of fetches can be judged: what made it is known, or will never be. */
    boolean settled() {
        return end == End.OVERTAKEN || trigger != null;
    }

    @Override
    public String toString() {
        return "fetch " + number + " (" + (trigger == null ? "trigger unknown" : trigger.label()) + ", "
                + (request.forced() ? "forced, " : "") + fault.name() + ", " + end + ")";
    }
}
