package dev.jwkscache.bench.soak;

import org.jspecify.annotations.Nullable;

/**
 * A validated set and how old it is by the contract: at least as old as anybody was told, at most as old as a clock has
 * ever shown since. The two differ only while a leap of the wall clock may or may not have been seen by the cache.
 */
final class Trusted {
    /** The wall clock is read in milliseconds, so that two readings may show up to one more than has passed. */
    private static final long GRAIN = 1_000_000;

    final KeySet keys;
    final Reading sent;

    @Nullable
    String etag;

    @Nullable
    String lastModified;

    private long least;
    private long most;
    private Reading marked;

    Trusted(KeySet keys, Reading sent, Reading now) {
        this.keys = keys;
        this.sent = sent;
        this.marked = now;
        // That the wall clock once showed more, nobody was told yet.
        this.least = now.monotonicSince(sent);
        this.most = now.since(sent);
    }

    long leastAge(Reading now) {
        return Math.max(now.since(sent), least + now.monotonicSince(marked));
    }

    long mostAge(Reading now) {
        return shown(now) + GRAIN;
    }

    private long shown(Reading now) {
        return Math.max(now.since(sent), most + now.monotonicSince(marked));
    }

    /** Notes what a clock shows now, so that the most that anybody can have seen is kept when it is set. */
    void clockShows(Reading now) {
        mark(now, Math.max(least + now.monotonicSince(marked), 0), shown(now));
    }

    /** Notes that the cache was made to look at the age now: it never shrinks after. */
    void seen(Reading now) {
        mark(now, leastAge(now), shown(now));
    }

    /** Notes that the cache has said how old the set is. */
    void told(Reading now, long age) {
        mark(now, age, age);
    }

    private void mark(Reading now, long leastNow, long mostNow) {
        marked = now;
        least = leastNow;
        most = mostNow;
    }
}
