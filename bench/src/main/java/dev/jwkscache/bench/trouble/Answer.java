package dev.jwkscache.bench.trouble;

import dev.jwkscache.testkit.Behaviour;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A way in which the provider answers, and what that is worth to whoever asked.
 *
 * @param behaviour what the scripted provider does
 * @param usable whether a set of keys comes that may replace the one at hand
 * @param after when the answer is there or known to be bad; null for not within any timeout
 */
record Answer(Behaviour behaviour, boolean usable, @Nullable Duration after) {
    private static final Duration USUAL = Duration.ofMillis(20);

    static final Answer HEALTHY = good(USUAL);
    /** Within the timeout of every subject, so that patience is rewarded. */
    static final Answer SLOW = good(Duration.ofMillis(300));

    static final Answer HANG = new Answer(Behaviour.hangBeforeHeaders(), false, null);
    /** A byte comes often enough to satisfy any timeout between reads, and the document takes most of a minute. */
    static final Answer DRIP = new Answer(Behaviour.drip(1, Duration.ofMillis(100)), false, null);

    static final Answer ERROR = bad(Behaviour.status(500));
    static final Answer RESET = bad(Behaviour.reset());
    static final Answer HTML = bad(Behaviour.html());
    static final Answer EMPTY_SET = bad(Behaviour.emptySet());
    static final Answer TRUNCATED = bad(Behaviour.truncated());
    static final Answer NO_KEYS = bad(Behaviour.noKeys());

    private static Answer good(Duration after) {
        return new Answer(Behaviour.healthy().slow(after), true, after);
    }

    private static Answer bad(Behaviour behaviour) {
        return new Answer(behaviour.slow(USUAL), false, USUAL);
    }
}
