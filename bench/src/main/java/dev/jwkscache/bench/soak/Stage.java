package dev.jwkscache.bench.soak;

import dev.jwkscache.CacheStatus;
import dev.jwkscache.JwkSet;
import dev.jwkscache.JwksCache;
import dev.jwkscache.JwksException;
import dev.jwkscache.KeysUnavailableException;
import dev.jwkscache.SeededJitter;
import dev.jwkscache.VerificationKey;
import dev.jwkscache.spi.JwksOrigin;
import dev.jwkscache.testkit.VirtualTime;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** One cache in virtual time from build to close, asked and judged at every step. */
final class Stage {
    private static final long WATCHDOG_SECONDS = 30;

    final Truth truth;
    final Verdicts verdicts = new Verdicts();
    final Judge judge;
    final FetchRules fetchRules;
    private final Rules rules;
    private final VirtualTime time;
    private final Tally tally;
    private final Subject subject;
    private final List<Judge.Lookup> waiting = new ArrayList<>();
    private final List<Wish> wishes = new ArrayList<>();
    private final List<CompletableFuture<Void>> starts = new ArrayList<>();
    private int purges;
    private @Nullable Reading purgeDue;

    /** A refresh() that is not done. */
    private static final class Wish {
        Reading asked;
        final Reading first;
        boolean done;

        Wish(Reading asked) {
            this.asked = asked;
            this.first = asked;
        }
    }

    Stage(
            Rules rules,
            URI uri,
            VirtualTime time,
            SplittableRandom random,
            Tally tally,
            Playwright playwright,
            UnaryOperator<Subject> disguise) {
        this.rules = rules;
        this.time = time;
        this.tally = tally;
        truth = new Truth(
                rules,
                () -> new Reading(time.nanoTime().getAsLong(), time.wallClock().millis()),
                verdicts);
        judge = new Judge(truth, verdicts, tally);
        fetchRules = new FetchRules(truth, verdicts);
        JwksCache.Builder builder = JwksCache.builder(uri)
                .time(time.wallClock(), time.nanoTime(), time.scheduler())
                .origin(playwright.originFor(truth))
                .listener(fetchRules);
        subject = disguise.apply(Subject.of(
                SeededJitter.of(rules.applyTo(builder), random::nextDouble).build()));
    }

    /** Makes the origin through which a cache reaches the provider, and tells the truth about it. */
    interface Playwright {
        JwksOrigin originFor(Truth truth);
    }

    /** Looks something up without blocking. */
    void lookup(Ask ask) {
        Judge.Lookup lookup = judge.ask(ask);
        String alg = ask.alg();
        if (alg == null) {
            throw new IllegalArgumentException("get() blocks: see lookupBlocking");
        }
        subject.keyAsync(ask.kid(), alg).whenComplete(lookup::answered);
        lookup.returned();
        if (lookup.stillAllowed()) {
            waiting.add(lookup);
        }
    }

    /** Looks something up in the ways that block, where the answer must be there at once. */
    void lookupBlocking(Ask ask, boolean all) {
        Judge.Lookup lookup = judge.ask(ask);
        String alg = ask.alg();
        try {
            Object answer = atOnce(ask.toString(), () -> {
                if (alg == null) {
                    return subject.get();
                }
                return all ? subject.keys(ask.kid(), alg) : subject.key(ask.kid(), alg);
            });
            if (answer == null) {
                return;
            }
            lookup.answered(answer, null);
        } catch (JwksException refusal) {
            lookup.answered(null, refusal);
        }
        lookup.returned();
    }

    /** Whether a blocking call for this is answered without waiting. */
    boolean isAtOnce(Ask ask) {
        Reading now = truth.now();
        Trusted set = truth.trusted();
        boolean known = set != null && ask.isIn(set.keys) && truth.surelyUsable(now);
        return truth.isClosed()
                || (ask.neverServed() && rules.staleWait().isZero())
                || (known && (rules.staleWait().isZero() || truth.surelyFresh(now)));
    }

    void start() {
        truth.newEpoch();
        fetchRules.startWish();
        try {
            Object done = atOnce("start()", () -> {
                subject.start();
                return "started";
            });
            if (done != null) {
                truth.scheduled();
                if (!truth.surelyUsable(truth.now())) {
                    verdicts.forbidden("start()", "done", "a refusal: there are no keys");
                }
            }
        } catch (KeysUnavailableException refusal) {
            if (!truth.isClosed() && truth.surelyUsable(truth.now())) {
                verdicts.forbidden("start()", refusal.toString(), "nothing: there are keys");
            }
        }
    }

    void startAsync() {
        truth.newEpoch();
        starts.add(subject.startAsync());
        truth.scheduled();
    }

    void refresh() {
        truth.newEpoch();
        fetchRules.manualWish();
        Wish wish = new Wish(truth.now());
        subject.refresh().whenComplete((set, failure) -> refreshed(wish, set, failure));
        if (!wish.done) {
            wishes.add(wish);
        }
    }

    private void refreshed(Wish wish, @Nullable JwkSet set, @Nullable Throwable failure) {
        wish.done = true;
        truth.flight();
        Reading now = truth.now();
        if (set != null) {
            // Whoever waited for the same fetch may have made the next one before this caller is told.
            List<Trusted> candidates = new ArrayList<>(truth.justReplaced(now));
            Trusted trusted = truth.trusted();
            if (trusted != null) {
                candidates.add(trusted);
            }
            if (candidates.stream()
                    .noneMatch(candidate ->
                            candidate.sent.monotonicSince(wish.first) >= 0 && Judge.same(candidate.keys, set))) {
                verdicts.forbidden("refresh()", set.kids().toString(), "a set that was asked for after the call");
            }
        } else if (!(failure instanceof KeysUnavailableException)) {
            verdicts.forbidden("refresh()", String.valueOf(failure), "a set or «unavailable»");
        } else if (!truth.isClosed() && !truth.quiet(now) && !truth.failedAt(now)) {
            verdicts.forbidden(
                    "refresh()", String.valueOf(failure), "a set: nothing failed, and no quiet was asked for");
        }
    }

    void reportBadSignature(VerificationKey key) {
        truth.newEpoch();
        Reading now = truth.now();
        int before = truth.exchanges().size();
        Trusted set = truth.trusted();
        boolean current = set != null && set.keys.has(key.thumbprint());
        boolean idle = truth.flight() == null && !truth.quiet(now);
        boolean must = current && idle && judge.missAllowed(now);
        subject.reportBadSignature(key);
        int sent = truth.exchanges().size() - before;
        if (sent > 1 || (sent == 1 && !current) || (sent == 0 && must)) {
            verdicts.forbidden("reportBadSignature", sent + " fetches", (must ? 1 : 0) + "; " + judge.describe(now));
        }
    }

    /** A key that may be reported, if one is at hand now. */
    @Nullable
    VerificationKey anyKey(Ask ask) {
        if (ask.alg() == null || !isAtOnce(ask)) {
            return null;
        }
        CompletableFuture<VerificationKey> key = subject.keyAsync(ask.kid(), ask.alg());
        boolean there = key.isDone() && !key.isCompletedExceptionally();
        if (!there) {
            // That it is not there is judged where lookups are; this one must be counted too.
            key.whenComplete((value, failure) -> {
                if (failure != null) {
                    judge.unknown++;
                }
            });
        }
        return there ? key.join() : null;
    }

    void purge() {
        truth.newEpoch();
        truth.purged();
        fetchRules.manualWish();
        purges++;
        Reading now = truth.now();
        wishes.forEach(wish -> wish.asked = now);
        int before = truth.exchanges().size();
        subject.purge();
        // A wall clock that was past the quiet and is set back may not have been seen there by the cache.
        purgeDue = truth.exchanges().size() > before || !truth.quietOverFor(Duration.ZERO, now) ? null : now;
    }

    void close() {
        truth.newEpoch();
        truth.closed();
        subject.close();
        checkDone();
        if (time.pendingTasks() != 0) {
            verdicts.forbidden("close()", time.pendingTasks() + " tasks are left", "none");
        }
        lookup(new Ask("closed", "k1", "ES256"));
        lookupBlocking(Ask.SET, false);
        refresh();
        checkDone();
    }

    /** After each step: everything that can be judged at any moment. */
    void check() {
        truth.flight();
        waiting.removeIf(lookup -> !lookup.stillAllowed());
        checkWishes();
        fetchRules.judge();
        checkRecovery();
        for (CompletableFuture<Void> start : starts) {
            if (start.isDone() != (truth.successes > 0)) {
                verdicts.forbidden("startAsync()", "done: " + start.isDone(), "done at the first keys");
            }
        }
        if (!time.failures().isEmpty()) {
            verdicts.forbidden("the schedule", "a task threw " + time.failures().get(0), "no task throws");
        }
        if (fetchRules.told != truth.successes + truth.failures || fetchRules.purgesTold != purges) {
            verdicts.forbidden(
                    "listeners",
                    fetchRules.told + " ends and " + fetchRules.purgesTold + " purges told",
                    truth.successes + truth.failures + " and " + purges);
        }
    }

    private void checkDone() {
        if (waiting.stream().anyMatch(Judge.Lookup::stillAllowed)
                || wishes.stream().anyMatch(wish -> !wish.done)) {
            verdicts.forbidden("close()", "somebody still waits", "«unavailable» for all who wait");
        }
    }

    private void checkWishes() {
        wishes.removeIf(wish -> wish.done);
        Reading now = truth.now();
        Duration most = rules.fetchTimeout().multipliedBy(4).plusSeconds(1);
        for (Wish wish : wishes) {
            if (now.monotonicSince(wish.asked) > most.toNanos()) {
                verdicts.forbidden("refresh()", "not done after " + most, "an answer; " + judge.describe(now));
                wish.asked = now;
            }
        }
        Reading due = purgeDue;
        if (due != null) {
            boolean sent = !truth.exchanges().isEmpty()
                    && truth.exchanges().get(truth.exchanges().size() - 1).sent.monotonicSince(due) >= 0;
            if (sent || !truth.quietOverFor(Duration.ZERO, now)) {
                purgeDue = null;
            } else if (now.monotonicSince(due) > Duration.ofMillis(1_001).toNanos()) {
                verdicts.forbidden("purge()", "no fetch after 1 s", "one; " + judge.describe(now));
                purgeDue = null;
            }
        }
    }

    private @Nullable Reading healthySince;

    /** The provider has begun to answer well and in time, or has stopped. */
    void healthy(boolean healthy) {
        if (!healthy) {
            healthySince = null;
        } else if (healthySince == null) {
            healthySince = truth.now();
        }
    }

    private void checkRecovery() {
        Reading since = healthySince;
        Reading now = truth.now();
        Duration most = rules.recovery();
        Reading scheduled = truth.scheduledSince();
        if (since == null || scheduled == null || truth.isClosed() || !truth.quietOverFor(most, now)) {
            return;
        }
        Reading last = truth.lastSuccess();
        Reading start = last == null ? later(since, scheduled) : later(later(since, scheduled), last);
        if (now.monotonicSince(start) > most.toNanos()) {
            verdicts.forbidden(
                    "the schedule", "no refresh for " + most, "one: the provider is well; " + judge.describe(now));
            healthySince = now;
        }
    }

    private static Reading later(Reading one, Reading other) {
        return one.monotonicSince(other) >= 0 ? one : other;
    }

    void checkStatus() {
        truth.newEpoch();
        truth.flight();
        CacheStatus status = subject.status();
        String fault = new StatusCheck(truth).fault(status, judge.unknown);
        if (fault != null) {
            verdicts.forbidden(
                    "status()",
                    status + ", age " + status.age().orElse(null),
                    fault + "; " + judge.describe(truth.now()));
        }
        tally.count("status()");
    }

    /** Makes a call in a thread of its own, so that one that waits, which it must not, ends the run and not the soak. */
    private <T> @Nullable T atOnce(String what, java.util.concurrent.Callable<T> call) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        result.complete(call.call());
                    } catch (Throwable thrown) {
                        result.completeExceptionally(thrown);
                    }
                },
                "soak-caller");
        thread.setDaemon(true);
        thread.start();
        try {
            return result.get(WATCHDOG_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof JwksException refusal) {
                throw refusal;
            }
            verdicts.forbidden(what, String.valueOf(e.getCause()), "an answer or a refusal");
        } catch (TimeoutException e) {
            verdicts.forbidden(what, "it waits", "an answer at once");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return null;
    }
}
