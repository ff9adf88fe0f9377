package dev.jwkscache.sidecar.demo;

import dev.jwkscache.JwksCacheListener;
import dev.jwkscache.sidecar.demo.Token.Issuer;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Says whether what became of a token was right. Knows when the provider did what, and when the sidecar's fetches were good;
 * asks no cache what it has or may do, and where clocks or events leave a doubt, it is for the judged. Thread-safe.
 */
final class Judge implements JwksCacheListener {
    /** A fetch that seems to have begun later than this after a withdrawal has: so late at most events are told. */
    private static final Duration DOUBT = Duration.ofSeconds(1);

    private final Supplier<Moment> clock;
    private final Duration sidecarTrusts;
    private final Duration callersTrust;
    private final Duration settling;
    private final Map<Issuer, Withdrawal> withdrawals = new ConcurrentHashMap<>();
    private volatile Trust trust = new Trust(null, null);

    /**
     * Knows nothing yet.
     *
     * @param sidecarTrusts max staleness of the sidecar
     * @param callersTrust max staleness of the caches that callers have
     * @param settling how long those may need to have keys again after the sidecar has
     */
    Judge(Supplier<Moment> clock, Duration sidecarTrusts, Duration callersTrust, Duration settling) {
        this.clock = clock;
        this.sidecarTrusts = sidecarTrusts;
        this.callersTrust = callersTrust;
        this.settling = settling;
    }

    /** What became of a token. */
    enum Judgement {
        /** A good token was accepted. */
        VERIFIED,
        /** A good token was refused while its key could be trusted: a broken promise. */
        GOOD_REFUSED,
        /** A good token was refused while nothing could be trusted any more: a promise kept. */
        UNTRUSTED_REFUSED,
        /** A token of a withdrawn key was refused. */
        WITHDRAWN_REFUSED,
        /** A token of a withdrawn key was accepted by who could not know better yet. */
        WITHDRAWN_NOT_KNOWN,
        /** A token of a withdrawn key was accepted after the bound: a broken promise. */
        WITHDRAWN_ACCEPTED
    }

    /**
     * Since when all callers can be expected to have keys, and how old those of the sidecar are.
     *
     * @param lastGood when the last good fetch was sent; null while there is none
     * @param settled from when on callers have had time to follow; null likewise
     */
    private record Trust(
            @Nullable Moment lastGood, @Nullable Moment settled) {}

    /**
     * A withdrawal, and what it led to.
     *
     * @param at when the provider had done it
     * @param known when the sidecar had made a good fetch since; null while it has not
     * @param lastAccepted when a token of the key was last accepted; null if none was
     */
    record Withdrawal(
            Moment at, @Nullable Moment known, @Nullable Moment lastAccepted) {
        Withdrawal fetched(Moment sent, Moment now) {
            boolean since = sent.atLeastSince(at).compareTo(DOUBT) > 0;
            return known == null && since ? new Withdrawal(at, now, lastAccepted) : this;
        }
    }

    /** All callers have keys now. */
    synchronized void begin() {
        trust = new Trust(trust.lastGood, clock.get());
    }

    /** The provider has withdrawn a key. */
    void withdrawn(Issuer issuer) {
        withdrawals.put(issuer, new Withdrawal(clock.get(), null, null));
    }

    /** Forgets a withdrawal whose tokens nobody presents any more. */
    void forget(Issuer issuer) {
        withdrawals.remove(issuer);
    }

    /** What became of a withdrawal; null if there was none. */
    @Nullable
    Withdrawal withdrawal(Issuer issuer) {
        return withdrawals.get(issuer);
    }

    /** Whether callers may be expected to know of everything that was published for long enough. */
    boolean isSettled(Moment now) {
        return trustHeld(now, now);
    }

    /**
     * Judges.
     *
     * @param wasWithdrawn whether the key was already about to be withdrawn when the token was presented
     * @param presented when it was
     */
    Judgement judge(Issuer issuer, boolean wasWithdrawn, boolean accepted, Moment presented) {
        if (!accepted) {
            return issuer.withdrawn()
                    ? Judgement.WITHDRAWN_REFUSED
                    : trustHeld(presented, clock.get()) ? Judgement.GOOD_REFUSED : Judgement.UNTRUSTED_REFUSED;
        }
        if (!wasWithdrawn) {
            return Judgement.VERIFIED;
        }
        Withdrawal withdrawal = withdrawals.get(issuer);
        if (withdrawal != null && isPastBound(withdrawal, presented)) {
            return Judgement.WITHDRAWN_ACCEPTED;
        }
        Moment now = clock.get();
        withdrawals.computeIfPresent(issuer, (key, known) -> new Withdrawal(known.at(), known.known(), now));
        return Judgement.WITHDRAWN_NOT_KNOWN;
    }

    private boolean isPastBound(Withdrawal withdrawal, Moment presented) {
        Moment known = withdrawal.known();
        return (known != null && presented.atLeastSince(known).compareTo(callersTrust) > 0)
                || presented.atLeastSince(withdrawal.at()).compareTo(sidecarTrusts.plus(callersTrust)) > 0;
    }

    private boolean trustHeld(Moment from, Moment to) {
        Trust now = trust;
        return now.lastGood != null
                && now.settled != null
                && to.atMostSince(now.lastGood).compareTo(sidecarTrusts) < 0
                && !from.atLeastSince(now.settled).isNegative();
    }

    @Override
    public void refreshed(Refreshed event) {
        Moment now = clock.get();
        Moment sent = now.minus(event.took());
        synchronized (this) {
            Moment before = trust.lastGood;
            boolean gap = before == null || now.atMostSince(before).compareTo(sidecarTrusts) >= 0;
            trust = new Trust(sent, gap ? now.plus(settling) : trust.settled);
        }
        withdrawals.replaceAll((issuer, withdrawal) -> withdrawal.fetched(sent, now));
    }

    @Override
    public synchronized void purged(URI address) {
        trust = new Trust(null, null);
    }
}
