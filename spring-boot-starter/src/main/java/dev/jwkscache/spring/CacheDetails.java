package dev.jwkscache.spring;

import dev.jwkscache.CacheStatus;
import dev.jwkscache.RefreshFailure;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** What operators are shown of a cache; durations and instants in ISO 8601, what there is not is left out. */
final class CacheDetails {
    private CacheDetails() {}

    /** How it is, in a few lines. */
    static Map<String, Object> brief(CacheStatus status) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("state", status.state().label());
        details.put("address", status.address().toString());
        details.put("keys", status.keyCount());
        status.age().map(CacheDetails::seconds).ifPresent(age -> details.put("age", age));
        status.timeToExpiry().map(CacheDetails::seconds).ifPresent(left -> details.put("timeToExpiry", left));
        status.lastFailure().map(RefreshFailure::describe).ifPresent(failure -> details.put("lastFailure", failure));
        status.failingSince().map(Instant::toString).ifPresent(since -> details.put("failingSince", since));
        status.nextAttempt().map(Instant::toString).ifPresent(next -> details.put("nextAttempt", next));
        return details;
    }

    /** The same with the kids at hand and all that is counted. */
    static Map<String, Object> full(CacheStatus status) {
        Map<String, Object> details = brief(status);
        details.put("kids", status.kids());
        details.put("skippedKeys", byLabel(status.skippedKeys(), reason -> reason.label()));
        details.put("fetches", status.fetches());
        details.put("refreshes", status.refreshes());
        details.put("failedRefreshes", status.failedRefreshes());
        details.put("unknownKeys", status.unknownKeys());
        details.put("storedSets", status.storedSets());
        details.put("storeFailures", status.storeFailures());
        details.put("refusedSnapshots", byLabel(status.refusedSnapshots(), reason -> reason.label()));
        return details;
    }

    private static <E> Map<String, Object> byLabel(Map<E, ? extends Number> counts, Function<E, String> label) {
        Map<String, Object> labelled = new LinkedHashMap<>();
        counts.forEach((reason, count) -> labelled.put(label.apply(reason), count));
        return labelled;
    }

    private static String seconds(Duration duration) {
        return duration.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
