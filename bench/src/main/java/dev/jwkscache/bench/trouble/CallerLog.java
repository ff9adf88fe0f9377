package dev.jwkscache.bench.trouble;

import org.jspecify.annotations.Nullable;

/** How long each lookup of one caller took, in the order of the schedule. Written by one thread, read after it. */
final class CallerLog {
    private final long offsetNanos;
    private final long intervalNanos;
    /** The time of a lookup, or its complement if it failed. */
    private final long[] services;

    private int answered;
    private @Nullable String firstFailure;
    private long firstFailureNanos;

    CallerLog(long offsetNanos, long intervalNanos, int planned) {
        this.offsetNanos = offsetNanos;
        this.intervalNanos = intervalNanos;
        this.services = new long[planned];
    }

    CallerLog(Scenario scenario, int caller) {
        this(scenario.offset(caller), scenario.interval().toNanos(), scenario.lookups(caller));
    }

    void succeeded(long serviceNanos) {
        services[answered++] = serviceNanos;
    }

    void failed(long serviceNanos) {
        services[answered++] = ~serviceNanos;
    }

    /** The first failure of this caller: when it was due, and why. */
    void explain(long atNanos, String why) {
        firstFailure = why;
        firstFailureNanos = atNanos;
    }

    boolean hasExplained() {
        return firstFailure != null;
    }

    int planned() {
        return services.length;
    }

    int answered() {
        return answered;
    }

    /** When a lookup should have begun, from the start of the scenario. */
    long due(int lookup) {
        return offsetNanos + lookup * intervalNanos;
    }

    boolean isFailure(int lookup) {
        return services[lookup] < 0;
    }

    long service(int lookup) {
        return isFailure(lookup) ? ~services[lookup] : services[lookup];
    }

    @Nullable
    String firstFailure() {
        return firstFailure;
    }

    long firstFailureNanos() {
        return firstFailureNanos;
    }

    /** A copy of the first lookups, which the caller may go on adding to. */
    CallerLog upTo(int lookups) {
        CallerLog copy = new CallerLog(offsetNanos, intervalNanos, services.length);
        System.arraycopy(services, 0, copy.services, 0, lookups);
        copy.answered = lookups;
        copy.firstFailure = firstFailure;
        copy.firstFailureNanos = firstFailureNanos;
        return copy;
    }
}
