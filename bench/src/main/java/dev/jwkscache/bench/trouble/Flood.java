package dev.jwkscache.bench.trouble;

import java.time.Duration;

/**
 * Callers who ask for kids that nobody has published, each time another.
 *
 * @param callers how many
 * @param every the time between two lookups of one of them
 * @param from when they begin
 * @param until when they stop
 */
record Flood(int callers, Duration every, Duration from, Duration until) {
    Flood scaled(double factor) {
        return new Flood(callers, every, Scenario.scale(from, factor), Scenario.scale(until, factor));
    }

    static String kid(int caller, int number) {
        return "forged-" + caller + "-" + number;
    }
}
