package dev.jwkscache.sidecar.story;

import dev.jwkscache.sidecar.Spans;
import java.time.Duration;

/**
 * How fast the demonstration goes: the story and the settings of its cache shrink together, down to bounds that hold on
 * a busy machine as well.
 *
 * @param factor 1 for a story of a minute
 */
record Pace(double factor) {
    private static final double USUAL_SECONDS = 60;

    static Pace forStoryOf(Duration length) {
        return new Pace(Spans.seconds(length) / USUAL_SECONDS);
    }

    /** A time of the story of a minute, at this pace. */
    Duration of(double seconds) {
        return Duration.ofNanos((long) (seconds * factor * 1e9));
    }

    Duration timeToLive() {
        return between(2, 4, 60);
    }

    Duration refreshInterval() {
        return between(1, 2, 30);
    }

    Duration fetchTimeout() {
        return between(1, 1, 5);
    }

    Duration missCooldown() {
        return between(1, 2, 10);
    }

    /** Well above the time that the provider is in trouble. */
    Duration maxStaleness() {
        return between(20, 45, 3600);
    }

    private Duration between(double least, double usual, double most) {
        double seconds = Math.min(Math.max(usual * factor, least), most);
        return Duration.ofMillis(Math.round(seconds * 1000));
    }
}
