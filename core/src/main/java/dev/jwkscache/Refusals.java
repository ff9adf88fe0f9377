package dev.jwkscache;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Words the answer to a caller who gets no keys: since when, what last failed, when next tried. */
final class Refusals {
    private Refusals() {}

    static KeysUnavailableException closed(Settings settings) {
        return new KeysUnavailableException(
                "the cache of " + SafeText.address(settings.address()) + " is closed", null);
    }

    static KeysUnavailableException interrupted(Settings settings) {
        return new KeysUnavailableException(
                "interrupted while waiting for the keys of " + SafeText.address(settings.address()), Duration.ZERO);
    }

    static JwksException noKeys(Settings settings, RefreshState state, Moment now) {
        String address = SafeText.address(settings.address());
        Duration retryAfter = retryAfter(state, now);
        String trouble = trouble(settings, state, retryAfter);
        Snapshot snapshot = state.snapshot();
        if (snapshot == null) {
            return new KeysUnavailableException("no keys from " + address + " yet: " + trouble, retryAfter);
        }
        String age = Settings.seconds(Duration.ofNanos(snapshot.ageNanos(now)));
        String bound = Settings.seconds(settings.maxStaleness());
        return new KeysExpiredException(
                "the keys of " + address + " are " + age + " old, past max staleness of " + bound + ": " + trouble,
                retryAfter);
    }

    /** A manual fetch that the provider's wish for quiet does not allow. */
    static KeysUnavailableException notFetched(Settings settings, RefreshState state, Moment now) {
        if (state.closed()) {
            return closed(settings);
        }
        return failed(settings, Failures.quiet(state.budgets().quietUntil(), now), state, now);
    }

    static KeysUnavailableException failed(Settings settings, RefreshFailure failure, RefreshState state, Moment now) {
        return new KeysUnavailableException(
                "refresh of " + SafeText.address(settings.address()) + " failed with " + failure.describe(),
                retryAfter(state, now));
    }

    private static String trouble(Settings settings, RefreshState state, Duration retryAfter) {
        RefreshState.Failures failures = state.failures();
        if (failures == null) {
            return "no answer within the fetch timeout of " + Settings.seconds(settings.fetchTimeout());
        }
        return failures.count() + (failures.count() == 1 ? " fetch" : " fetches") + " failed since "
                + failures.since() + ", the last with " + failures.last().describe() + "; next attempt in "
                + Settings.seconds(retryAfter);
    }

    private static Duration retryAfter(RefreshState state, Moment now) {
        @Nullable Moment next = state.budgets().attemptAt();
        return next == null ? Duration.ZERO : next.remaining(now);
    }
}
