package dev.jwkscache.bench.soak;

import dev.jwkscache.CacheState;
import dev.jwkscache.CacheStatus;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compares what a cache says of itself with what is true, and notes the age that it has told. */
record StatusCheck(Truth truth) {

    /** What is wrong with it, or null. */
    @Nullable
    String fault(CacheStatus status, int unknownKeys) {
        Reading now = truth.now();
        Trusted set = truth.trusted();
        if (status.fetches() != truth.exchanges().size()
                || status.refreshes() != truth.successes
                || status.failedRefreshes() != truth.failures
                || status.unknownKeys() != unknownKeys) {
            return "fetches " + truth.exchanges().size() + " not " + status.fetches() + ", refreshes "
                    + truth.successes + " not " + status.refreshes() + ", failures " + truth.failures + " not "
                    + status.failedRefreshes() + ", unknown keys " + unknownKeys + " not " + status.unknownKeys();
        }
        if (!truth.isClosed() && status.lastFailure().isPresent() != truth.failing()) {
            return "a last failure: " + truth.failing();
        }
        boolean due = truth.isScheduled() && !truth.isClosed() && truth.flight() == null;
        if (due && status.nextAttempt().isEmpty()) {
            return "a next attempt: the schedule goes on";
        }
        if (set == null) {
            boolean empty = status.state() == CacheState.EMPTY
                    && status.age().isEmpty()
                    && status.timeToExpiry().isEmpty()
                    && status.kids().isEmpty();
            return empty ? null : "an empty cache";
        }
        return faultOfSet(status, set, now);
    }

    private @Nullable String faultOfSet(CacheStatus status, Trusted set, Reading now) {
        Duration age = status.age().orElse(null);
        if (age == null || age.toNanos() < set.leastAge(now) || age.toNanos() > set.mostAge(now)) {
            return "an age from " + Duration.ofNanos(set.leastAge(now)) + " to " + Duration.ofNanos(set.mostAge(now));
        }
        set.told(now, age.toNanos());
        if (!status.state().name().equals(truth.rules().trust(age.toNanos()).name())) {
            return "state " + truth.rules().trust(age.toNanos()) + " at age " + age;
        }
        Duration left = truth.rules().maxStaleness().minus(age);
        if (!status.timeToExpiry().equals(java.util.Optional.of(left.isNegative() ? Duration.ZERO : left))) {
            return "a time to expiry of " + left;
        }
        Set<String> kids = set.keys.kids();
        boolean same = status.kids().containsAll(kids) && status.kids().size() <= kids.size() + set.keys.strangers();
        return same ? null : "kids " + kids;
    }
}
