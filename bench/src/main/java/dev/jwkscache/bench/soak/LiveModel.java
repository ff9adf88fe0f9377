package dev.jwkscache.bench.soak;

import dev.jwkscache.Jwk;
import dev.jwkscache.JwksCacheListener;
import dev.jwkscache.VerificationKey;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides of answers that took from one moment to another whether any moment between them allows it. Times are real
 * nanoseconds. A set counts as surely at hand only from when a listener was told; whatever is unsure is allowed.
 */
final class LiveModel implements JwksCacheListener {
    /** How much later than a thing happens a listener may hear of it, on a busy machine. */
    private static final long SLACK = Duration.ofSeconds(1).toNanos();

    private static final long TICK = Duration.ofMillis(5).toNanos();

    private final Rules rules;
    private final LiveClock clock;
    private final Map<String, LiveKey> keys = new HashMap<>();
    private @Nullable Load last;
    private long firstLoads;
    private long purgeBegun;
    private long purgeReturned;
    private boolean purged;
    private boolean good = true;
    private long goodUntil;

    /** A set that was surely at hand at some time. */
    private record Load(long toldAt, long tookNanos, Set<String> thumbprints, int newest) {}

    LiveModel(Rules rules, LiveClock clock) {
        this.rules = rules;
        this.clock = clock;
    }

    synchronized void published(LiveKey key) {
        keys.put(key.key.thumbprint(), key);
    }

    synchronized void purging(boolean begins) {
        purged = true;
        purgeBegun = begins ? System.nanoTime() : purgeBegun;
        purgeReturned = begins ? Long.MAX_VALUE : System.nanoTime();
    }

    /** From before this call, or until after it, the provider can give a good answer. */
    synchronized void providerIsGood(boolean isGood) {
        if (good && !isGood) {
            goodUntil = System.nanoTime();
        }
        good = isGood;
    }

    @Override
    public synchronized void refreshed(Refreshed event) {
        Set<String> thumbprints = new HashSet<>();
        int newest = 0;
        for (Jwk jwk : event.keys().keys()) {
            thumbprints.add(jwk.thumbprint());
            LiveKey key = keys.get(jwk.thumbprint());
            newest = Math.max(newest, key == null ? 0 : key.ordinal);
        }
        last = new Load(System.nanoTime(), event.took().toNanos(), thumbprints, newest);
        firstLoads++;
    }

    synchronized long loads() {
        return firstLoads;
    }

    /** Why this key is forbidden, or null. */
    @Nullable
    synchronized String faultOfKey(VerificationKey answer, @Nullable Load known, long from, long to) {
        LiveKey key = keys.get(answer.thumbprint());
        if (key == null) {
            return "a key that the provider has published";
        }
        if (known != null && !known.thumbprints.contains(answer.thumbprint()) && known.newest > key.ordinal) {
            return "not this key: it was withdrawn, and the set without it was at hand before the call";
        }
        if (!good) {
            long monotonic = from - goodUntil;
            long window = rules.maxStaleness().toNanos() + SLACK;
            long leapt = clock.extreme(from, to, false) - clock.extreme(goodUntil - window, goodUntil, true);
            long age = Math.max(monotonic, monotonic + leapt * 1_000_000);
            if (age > rules.maxStaleness().toNanos() + TICK) {
                return "no key: they are at least " + Duration.ofNanos(age) + " old";
            }
        }
        return key.verifiedBy(answer) ? null : "a key that verifies the token signed with it";
    }

    /** Why «unknown key» is forbidden for it, or null. */
    @Nullable
    synchronized String faultOfUnknown(@Nullable LiveKey asked, @Nullable Load known, long to) {
        boolean there = asked != null
                && known != null
                && known.thumbprints.contains(asked.key.thumbprint())
                && asked.standsAt(to);
        return there ? "the key: it was in the set at hand before the call, and it was never withdrawn" : null;
    }

    /** Why «unavailable» is forbidden, or null. */
    @Nullable
    synchronized String faultOfUnavailable(@Nullable Load known, long to) {
        boolean maybePurged = purged
                && purgeBegun - to <= 0
                && (known == null || purgeReturned == Long.MAX_VALUE || known.toldAt - purgeReturned < SLACK);
        return known != null && !maybePurged ? "keys, or «expired»: there was a set before the call" : null;
    }

    /** Why «expired» is forbidden, or null. */
    @Nullable
    synchronized String faultOfExpired(@Nullable Load known, long to) {
        return known != null && surelyUsable(known, to) ? "keys: they are not past max staleness" : null;
    }

    /** Whether it must be answered at once. */
    synchronized boolean atOnce(@Nullable LiveKey asked, @Nullable Load known, long to) {
        boolean maybePurged = purged && purgeBegun - to <= 0 && (known == null || known.toldAt - purgeReturned < SLACK);
        return asked != null
                && known != null
                && !maybePurged
                && purgeReturned != Long.MAX_VALUE
                && rules.staleWait().isZero()
                && known.thumbprints.contains(asked.key.thumbprint())
                && asked.standsAt(to)
                && surelyUsable(known, to);
    }

    private boolean surelyUsable(Load load, long to) {
        long sent = load.toldAt - load.tookNanos - SLACK;
        return to - sent < rules.maxStaleness().toNanos() - TICK
                && clock.steadySince(sent - rules.maxStaleness().toNanos(), to);
    }

    /** A question to this model, with what was sure before the call. */
    final class Question {
        private final @Nullable Load known;
        private final long from;

        Question() {
            synchronized (LiveModel.this) {
                known = last;
            }
            from = System.nanoTime();
        }

        @Nullable
        String faultOfKey(VerificationKey answer) {
            return LiveModel.this.faultOfKey(answer, known, from, System.nanoTime());
        }

        @Nullable
        String faultOfUnknown(@Nullable LiveKey asked) {
            return LiveModel.this.faultOfUnknown(asked, known, System.nanoTime());
        }

        @Nullable
        String faultOfUnavailable() {
            return LiveModel.this.faultOfUnavailable(known, System.nanoTime());
        }

        @Nullable
        String faultOfExpired() {
            return LiveModel.this.faultOfExpired(known, System.nanoTime());
        }

        boolean atOnce(@Nullable LiveKey asked) {
            return LiveModel.this.atOnce(asked, known, System.nanoTime());
        }

        long elapsed() {
            return System.nanoTime() - from;
        }
    }
}
