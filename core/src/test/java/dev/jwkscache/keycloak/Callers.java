package dev.jwkscache.keycloak;

import dev.jwkscache.CacheState;
import dev.jwkscache.CacheStatus;
import dev.jwkscache.JwksCache;
import dev.jwkscache.KeysExpiredException;
import dev.jwkscache.UnknownKeyException;
import dev.jwkscache.VerificationKey;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * 32 threads that verify tokens through one cache all the time. They judge each answer by what the cache's own status
 * says before and after it; the wrong ones are {@link #faults()}.
 */
final class Callers implements AutoCloseable {
    static final int COUNT = 32;
    /** Between two calls of one caller: Keycloak has to live on the same processors. */
    static final Duration PAUSE = Duration.ofMillis(200);

    private static final int MAX_FAULTS = 20;

    /** What came of a call. */
    enum Outcome {
        VERIFIED,
        KEYS_EXPIRED,
        UNKNOWN_KEY
    }

    private final JwksCache cache;
    private final Duration maxStaleness;
    private final Set<Outcome> expected;
    private final ExecutorService threads = Executors.newFixedThreadPool(COUNT);
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Map<Outcome, LongAdder> outcomes = new ConcurrentHashMap<>();
    private final Queue<String> faults = new ConcurrentLinkedQueue<>();
    private final long epoch = System.nanoTime();
    private final AtomicLong lastServed = new AtomicLong();
    private volatile Work work;

    /** Starts verifying these tokens. Every outcome that is not expected is a fault. */
    Callers(JwksCache cache, Duration maxStaleness, Set<Outcome> expected, Collection<SignedToken> tokens) {
        this.cache = cache;
        this.maxStaleness = maxStaleness;
        this.expected = expected;
        this.work = new Work(tokens);
        for (int i = 0; i < COUNT; i++) {
            int caller = i;
            threads.execute(() -> run(caller));
        }
    }

    /** Verifies these tokens from now on. */
    void use(Collection<SignedToken> tokens) {
        work = new Work(tokens);
    }

    /** Does {@link #use} and returns when every caller has verified each token, or at the first fault. */
    void verify(Collection<SignedToken> tokens) {
        use(tokens);
        CountDownLatch verified = work.verifiedByAll;
        Eventually.holds(
                "every caller verifies each of " + tokens, () -> verified.getCount() == 0 || !faults.isEmpty());
    }

    /**
     * How many of the callers got such an answer while the cache was in that state, before the call and after. Counts
     * from when the callers were last given tokens.
     */
    int callersWith(Outcome outcome, CacheState state) {
        return work.sights.getOrDefault(new Sight(outcome, state), Set.of()).size();
    }

    /** The outcomes that were seen so far. */
    Set<Outcome> outcomes() {
        return outcomes.keySet();
    }

    /** Answers that the cache must not give, in words: the first 20. */
    List<String> faults() {
        return List.copyOf(faults);
    }

    /** When the last call began that was given a key, on the clock of {@link System#nanoTime()}. */
    long lastServedNanoTime() {
        return epoch + lastServed.get();
    }

    @Override
    public void close() {
        stop.countDown();
        threads.shutdown();
        Eventually.holds("the callers end", threads::isTerminated);
    }

    @Override
    public String toString() {
        return outcomes + " and " + faults.size() + " faults";
    }

    private void run(int caller) {
        Work mine = work;
        Queue<SignedToken> pass = new ArrayDeque<>(mine.tokens);
        boolean allVerified = true;
        while (!isStopped()) {
            if (mine != work) {
                mine = work;
                pass = new ArrayDeque<>(mine.tokens);
                allVerified = true;
            }
            allVerified &= call(caller, mine, pass.remove());
            if (pass.isEmpty()) {
                if (allVerified && mine.verifiedBy.add(caller)) {
                    mine.verifiedByAll.countDown();
                }
                pass.addAll(mine.tokens);
                allVerified = true;
            }
        }
    }

    private boolean isStopped() {
        try {
            return stop.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            return true;
        }
    }

    private boolean call(int caller, Work mine, SignedToken token) {
        CacheStatus before = cache.status();
        long began = System.nanoTime() - epoch;
        Outcome outcome;
        CacheStatus after;
        try {
            VerificationKey key = cache.key(token.kid(), token.algorithm());
            after = cache.status();
            outcome = Outcome.VERIFIED;
            lastServed.accumulateAndGet(began, Math::max);
            if (!token.isVerifiedBy(key)) {
                fault(token, "is not verified by " + key, before, after);
                return false;
            }
        } catch (KeysExpiredException e) {
            after = cache.status();
            outcome = Outcome.KEYS_EXPIRED;
        } catch (UnknownKeyException e) {
            after = cache.status();
            outcome = Outcome.UNKNOWN_KEY;
        } catch (RuntimeException e) {
            fault(token, "met " + e, before, cache.status());
            return false;
        }
        if (!expected.contains(outcome) || !isRight(outcome, token, before, after)) {
            fault(token, "is " + outcome, before, after);
        }
        outcomes.computeIfAbsent(outcome, o -> new LongAdder()).increment();
        if (before.state() == after.state()) {
            mine.sights
                    .computeIfAbsent(new Sight(outcome, after.state()), s -> ConcurrentHashMap.newKeySet())
                    .add(caller);
        }
        return outcome == Outcome.VERIFIED;
    }

    /** Judges without any tolerance, so that it must also know when a refresh fell between the two looks. */
    private boolean isRight(Outcome outcome, SignedToken token, CacheStatus before, CacheStatus after) {
        Duration ageBefore = before.age().orElseThrow();
        Duration ageAfter = after.age().orElseThrow();
        return switch (outcome) {
            case VERIFIED -> ageBefore.compareTo(maxStaleness) <= 0 || ageAfter.compareTo(ageBefore) < 0;
            case KEYS_EXPIRED -> ageBefore.compareTo(maxStaleness) > 0 || ageAfter.compareTo(maxStaleness) > 0;
            case UNKNOWN_KEY -> !after.kids().contains(token.kid());
        };
    }

    private void fault(SignedToken token, String what, CacheStatus before, CacheStatus after) {
        if (faults.size() < MAX_FAULTS) {
            faults.add(token + " " + what + "; before: " + before + "; after: " + after);
        }
    }

    /** The tokens to verify, and who has verified them all. */
    private static final class Work {
        final List<SignedToken> tokens;
        final Set<Integer> verifiedBy = ConcurrentHashMap.newKeySet();
        final CountDownLatch verifiedByAll = new CountDownLatch(COUNT);
        final Map<Sight, Set<Integer>> sights = new ConcurrentHashMap<>();

        Work(Collection<SignedToken> tokens) {
            this.tokens = List.copyOf(tokens);
        }
    }

    private record Sight(Outcome outcome, CacheState state) {}
}
