package dev.jwkscache.bench.trouble;

import java.time.Duration;

/**
 * How often jwks-cache may ask the provider in a scenario, worked out from its settings as they are documented, not from
 * its code.
 *
 * @param tuning its settings
 * @param jitter from 0 to 1: where in its range each interval and each back-off falls
 */
record FetchBound(Tuning tuning, double jitter) {
    /** The least jitter makes the most fetches. */
    static FetchBound most(Tuning tuning) {
        return new FetchBound(tuning, 0);
    }

    int of(Scenario scenario) {
        return scheduled(scenario) + forUnknownKids(scenario);
    }

    /** Whether there are as many as that, and not only at most. */
    boolean isExact(Scenario scenario) {
        return forUnknownKids(scenario) == 0;
    }

    /** Of the schedule, and of back-off while the provider is in trouble. */
    int scheduled(Scenario scenario) {
        long now = scenario.cold() ? 0 : interval();
        int fetches = 0;
        while (now < scenario.length().toNanos()) {
            fetches++;
            Answer answer = scenario.answerAt(now);
            Duration after = answer.after();
            now += after == null ? tuning.fetchTimeout().toNanos() : after.toNanos();
            now += answer.usable() ? interval() : backOff();
        }
        return fetches;
    }

    /** One for each rotation, and one for each cooldown that a flood begins. */
    private int forUnknownKids(Scenario scenario) {
        long fetches =
                scenario.steps().stream().filter(Step.Rotates.class::isInstance).count();
        Flood flood = scenario.flood();
        if (flood != null) {
            long nanos = flood.until().minus(flood.from()).toNanos();
            fetches += 1 + (nanos - 1) / tuning.cooldown().toNanos();
        }
        return (int) fetches;
    }

    private long interval() {
        return (long) (tuning.refreshAfter().toNanos() * (0.9 + 0.2 * jitter));
    }

    /** Up to 1 s after the first failure and up to the refresh interval after any, which are the same here. */
    private long backOff() {
        Duration ceiling = Duration.ofSeconds(1);
        if (tuning.refreshAfter().compareTo(ceiling) != 0) {
            throw new IllegalArgumentException("the bound of back-off is known for a refresh interval of 1 s only");
        }
        return Math.max(
                (long) (ceiling.toNanos() * jitter), Duration.ofMillis(100).toNanos());
    }
}
