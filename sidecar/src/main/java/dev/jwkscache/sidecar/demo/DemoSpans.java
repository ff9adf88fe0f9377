package dev.jwkscache.sidecar.demo;

import java.time.Duration;

/** The spans of the demonstration in the browser: short, so that there is something to see, and said on the page. */
final class DemoSpans {
    static final Duration TIME_TO_LIVE = Duration.ofSeconds(10);
    static final Duration REFRESH_INTERVAL = Duration.ofSeconds(5);
    static final Duration MAX_STALENESS = Duration.ofSeconds(60);
    static final Duration FETCH_TIMEOUT = Duration.ofSeconds(5);
    static final Duration MISS_COOLDOWN = Duration.ofSeconds(3);
    /** Well below the fetch timeout of callers, who would take a longer wait for a failure. */
    static final Duration MISS_WAIT = Duration.ofSeconds(1);

    static final Duration CALLERS_TIME_TO_LIVE = Duration.ofSeconds(6);
    static final Duration CALLERS_REFRESH_INTERVAL = Duration.ofSeconds(2);
    static final Duration CALLERS_MAX_STALENESS = Duration.ofSeconds(15);
    static final Duration CALLERS_MISS_COOLDOWN = Duration.ofSeconds(2);

    /** Below the fetch timeout: slow, and no failure. */
    static final Duration SLOW = Duration.ofSeconds(3);

    /**
     * For so long a new key is published before it signs: more than the refresh intervals of sidecar and callers with their
     * jitter, and than the longest back-off after a failure.
     */
    static final Duration LEAD = Duration.ofSeconds(10);

    /**
     * So long the callers' caches may need after the sidecar has keys again: the quiet that its last 503 asked for, and a
     * refresh.
     */
    static final Duration SETTLING = Duration.ofSeconds(12);

    static final Duration FLOOD = Duration.ofSeconds(20);

    private DemoSpans() {}
}
