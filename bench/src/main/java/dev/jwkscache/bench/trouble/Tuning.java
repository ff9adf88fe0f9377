package dev.jwkscache.bench.trouble;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Minutes become seconds, so that every lifetime ends within a scenario; the same for all subjects that have such a
 * setting.
 *
 * @param lifetime how long keys are good without a refresh
 * @param refreshAfter when a subject that refreshes ahead of the end of the lifetime does so
 * @param fetchTimeout for a fetch, or for connecting and for each read where a subject knows no more
 * @param maxStaleness how long old keys may be served in an outage
 * @param cooldown between fetches that unknown kids cause, or between fetches at all where a subject limits those
 * @param longestWait how long a caller waits for somebody else's fetch
 */
record Tuning(
        Duration lifetime,
        Duration refreshAfter,
        Duration fetchTimeout,
        Duration maxStaleness,
        Duration cooldown,
        Duration longestWait) {
    static final Tuning STANDARD = new Tuning(
            Duration.ofSeconds(2),
            Duration.ofSeconds(1),
            Duration.ofMillis(500),
            Duration.ofSeconds(20),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1));

    /** What a subject is told, by its own names. */
    static Map<String, String> settings(String... namesAndValues) {
        Map<String, String> settings = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            settings.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return settings;
    }

    static String millis(Duration duration) {
        return duration.toMillis() + " ms";
    }
}
