package dev.jwkscache.bench.soak;

import dev.jwkscache.JwkSet;
import dev.jwkscache.KeysExpiredException;
import dev.jwkscache.KeysUnavailableException;
import dev.jwkscache.UnknownKeyException;
import dev.jwkscache.VerificationKey;
import dev.jwkscache.bench.soak.Rules.Trust;
import dev.jwkscache.testkit.SigningKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Decides of each answer to a lookup whether the contract allows it at this very moment, and of each wait. */
final class Judge {
    private final Truth truth;
    private final Verdicts verdicts;
    private final Tally tally;
    int unknown;

    Judge(Truth truth, Verdicts verdicts, Tally tally) {
        this.truth = truth;
        this.verdicts = verdicts;
        this.tally = tally;
    }

    /** A lookup that was made; what was true when it was. */
    final class Lookup {
        final Ask ask;
        final Reading asked;
        private final @Nullable Trusted setWhenAsked;
        private final boolean usableWhenAsked;
        private final boolean mustAnswerAtOnce;
        private final boolean mustFetch;
        private final int fetchesBefore;
        private final int disturbancesBefore;
        private final Duration bound;
        private boolean done;

        private Lookup(Ask ask) {
            this.ask = ask;
            asked = truth.now();
            boolean usable = truth.surelyUsable(asked);
            Trusted set = truth.trusted();
            setWhenAsked = set;
            boolean known = set != null && ask.isIn(set.keys);
            boolean patient = !truth.rules().staleWait().isZero();
            usableWhenAsked = set != null && truth.rules().trust(set.leastAge(asked)) != Trust.EXPIRED;
            mustAnswerAtOnce = truth.isClosed()
                    || (ask.neverServed() && !patient)
                    || (usable && known && (!patient || truth.surelyFresh(asked)));
            mustFetch = !truth.isClosed() && !ask.neverServed() && mustFetch(set, known, usable, patient);
            fetchesBefore = truth.exchanges().size();
            disturbancesBefore = truth.disturbances();
            Duration most = truth.rules().longestWait();
            if (usable) {
                bound = known ? truth.rules().staleWait() : truth.rules().missWait();
            } else {
                bound = usableWhenAsked ? most : truth.rules().fetchTimeout();
            }
        }

        private boolean mustFetch(@Nullable Trusted set, boolean known, boolean usable, boolean patient) {
            if (truth.flight() != null || truth.quiet(asked)) {
                return false;
            }
            if (usable && !known) {
                return truth.quietOverFor(Duration.ZERO, asked) && missAllowed(asked);
            }
            boolean needed = set == null || truth.rules().trust(set.leastAge(asked)) != Trust.FRESH;
            return needed
                    && (known || set == null || !patient)
                    && truth.backoffOver(asked)
                    && truth.quietOverFor(Duration.ZERO, asked);
        }

        void answered(@Nullable Object answer, @Nullable Throwable thrown) {
            done = true;
            // A future that depends on another one wraps what that failed with.
            Throwable failure = thrown instanceof CompletionException ? thrown.getCause() : thrown;
            truth.flight();
            Reading now = truth.now();
            if (answer instanceof VerificationKey key) {
                tally.lookup(ask.kind(), "key");
                judgeKeys(this, List.of(key), now);
            } else if (answer instanceof JwkSet set) {
                tally.lookup(ask.kind(), "set");
                judgeSet(this, set, now);
            } else if (answer instanceof List<?> keys) {
                tally.lookup(ask.kind(), "keys");
                judgeKeys(this, keys, now);
            } else if (failure instanceof UnknownKeyException) {
                unknown++;
                tally.lookup(ask.kind(), "unknown key");
                judgeUnknown(this, now);
            } else if (failure instanceof KeysUnavailableException) {
                tally.lookup(ask.kind(), "unavailable");
                judgeUnavailable(this, now);
            } else if (failure instanceof KeysExpiredException) {
                tally.lookup(ask.kind(), "expired");
                judgeExpired(this, now);
            } else {
                verdicts.forbidden(ask.toString(), String.valueOf(failure), "a key or one of the three refusals");
            }
        }

        /** Right after the call: what had to be there at once, and the fetch that had to be sent. */
        void returned() {
            if (mustAnswerAtOnce && !done) {
                forbidden("an answer that is still to come", "at once: nothing is to be waited for");
            }
            if (mustFetch && truth.exchanges().size() == fetchesBefore) {
                forbidden(
                        "no fetch was sent",
                        "one: none is under way, and neither back-off nor quiet nor a budget forbids it");
            }
            stillAllowed();
        }

        /** Whether it may go on waiting. */
        boolean stillAllowed() {
            if (done) {
                return false;
            }
            Reading now = truth.now();
            if (truth.flight() == null) {
                forbidden("it waits though nothing is being fetched", "an answer at once");
                return false;
            }
            boolean undisturbed = truth.disturbances() == disturbancesBefore
                    && truth.surelyUsable(now) == truth.surelyUsable(asked)
                    && usableWhenAsked == truth.surelyUsable(asked);
            Duration most = undisturbed ? bound : truth.rules().longestWait();
            Duration waited = Duration.ofNanos(now.monotonicSince(asked));
            if (waited.compareTo(most) > 0) {
                forbidden("it has waited for " + waited, "an answer within " + most);
                return false;
            }
            return true;
        }

        private void forbidden(String what, String allowed) {
            verdicts.forbidden(ask.toString(), what, allowed + "; " + describe(truth.now()));
        }
    }

    Lookup ask(Ask ask) {
        truth.newEpoch();
        return new Lookup(ask);
    }

    /** Whether no forced fetch was sent for a whole miss cooldown, so that the budget for misses must be there. */
    boolean missAllowed(Reading now) {
        List<Exchange> all = truth.exchanges();
        for (int i = all.size() - 1; i >= 0; i--) {
            Exchange earlier = all.get(i);
            if (earlier.request.forced()) {
                return now.monotonicSince(earlier.sent)
                        >= truth.rules().missCooldown().toNanos();
            }
        }
        return true;
    }

    private void judgeKeys(Lookup lookup, List<?> keys, Reading now) {
        boolean single = keys.size() == 1;
        for (Trusted set : servable(now)) {
            List<String> expected = set.keys.find(lookup.ask.kid(), Objects.requireNonNull(lookup.ask.alg())).stream()
                    .map(SigningKey::thumbprint)
                    .toList();
            List<String> answered = keys.stream()
                    .map(key -> ((VerificationKey) key).thumbprint())
                    .toList();
            if (answered.equals(expected)
                    || (single && !expected.isEmpty() && answered.get(0).equals(expected.get(0)))) {
                return;
            }
        }
        lookup.forbidden(keys.toString(), "what fits in the set at hand, if that may be served");
    }

    private void judgeSet(Lookup lookup, JwkSet answer, Reading now) {
        for (Trusted set : servable(now)) {
            if (same(set.keys, answer)) {
                return;
            }
        }
        lookup.forbidden(answer + " " + answer.kids(), "the set at hand, if that may be served");
    }

    static boolean same(KeySet keys, JwkSet answer) {
        return answer.size() == keys.keys().size() + keys.strangers()
                && keys.keys().stream()
                        .allMatch(key -> answer.keys().stream()
                                .anyMatch(jwk -> jwk.thumbprint().equals(key.thumbprint())
                                        && Objects.equals(jwk.kid().orElse(null), key.kid())));
    }

    private void judgeUnknown(Lookup lookup, Reading now) {
        if (lookup.ask.neverServed()) {
            return;
        }
        judgeUninformed(lookup, now);
        Trusted set = truth.trusted();
        if (set == null || lookup.ask.wholeSet()) {
            lookup.forbidden("unknown key", "«unavailable»: nobody can know without a set");
            return;
        }
        boolean inAll = truth.justReplaced(now).stream().allMatch(before -> lookup.ask.isIn(before.keys));
        if (lookup.ask.isIn(set.keys) && inAll) {
            lookup.forbidden("unknown key", "the key: it is in the set at hand");
        }
        boolean expiredThroughout = !lookup.usableWhenAsked && set == lookup.setWhenAsked;
        if (expiredThroughout && truth.rules().trust(set.leastAge(now)) == Trust.EXPIRED) {
            lookup.forbidden("unknown key", "«expired»: that it is our fault must not look like the caller's");
        }
    }

    /** A fetch that was sent before the question knows nothing of keys published since: another one must follow. */
    private void judgeUninformed(Lookup lookup, Reading now) {
        List<Exchange> all = truth.exchanges();
        boolean asked = !all.isEmpty() && all.get(all.size() - 1).sent.monotonicSince(lookup.asked) >= 0;
        boolean inTime = now.since(lookup.asked) < truth.rules().missWait().toNanos();
        boolean possible = truth.flight() == null
                && !truth.quiet(now)
                && truth.quietOverFor(Duration.ZERO, now)
                && missAllowed(now);
        if (!asked && inTime && possible) {
            lookup.forbidden("unknown key, though no fetch was sent since the question", "a fetch first");
        }
    }

    private void judgeUnavailable(Lookup lookup, Reading now) {
        Trusted set = truth.trusted();
        if (set != null) {
            String allowed = truth.rules().trust(set.mostAge(now)) == Trust.EXPIRED ? "«expired»" : "an answer";
            lookup.forbidden("keys unavailable", allowed + ": there is a set");
        }
    }

    private void judgeExpired(Lookup lookup, Reading now) {
        Trusted set = truth.trusted();
        if (set == null) {
            lookup.forbidden("keys expired", "«unavailable»: there is no set");
        } else if (truth.rules().trust(set.mostAge(now)) != Trust.EXPIRED) {
            lookup.forbidden("keys expired", "an answer: the set at hand is not past max staleness");
        } else {
            set.seen(now);
        }
    }

    /** The sets that an answer may come from: the one at hand, and those that this very call saw replaced. */
    private List<Trusted> servable(Reading now) {
        List<Trusted> sets = new ArrayList<>(truth.justReplaced(now));
        Trusted set = truth.trusted();
        if (set != null) {
            sets.add(set);
        }
        sets.removeIf(candidate -> truth.rules().trust(candidate.leastAge(now)) == Trust.EXPIRED);
        return sets;
    }

    String describe(Reading now) {
        Trusted set = truth.trusted();
        String keys = set == null
                ? "no set at hand"
                : "at hand " + set.keys + ", " + Duration.ofNanos(set.leastAge(now)) + " to "
                        + Duration.ofNanos(set.mostAge(now)) + " old";
        return keys + (truth.flight() == null ? "" : ", " + truth.flight() + " under way")
                + (truth.quiet(now) ? ", quiet" : "") + (truth.failing() ? ", failing" : "") + "; " + truth.rules();
    }
}
