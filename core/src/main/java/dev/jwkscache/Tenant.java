package dev.jwkscache;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The cache of one issuer among many, and when somebody last asked for it. Times are nanoseconds of one clock, from 0. */
final class Tenant {
    /** A use within that time of the last one is not noted: a lookup must not write to memory that all threads read. */
    static final long NOTE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long RETIRED = -1;

    private final JwksCache cache;
    private final boolean configured;
    private final long since;
    private final AtomicLong lastUse;
    private volatile @Nullable CompletableFuture<Void> firstKeys;

    Tenant(JwksCache cache, boolean configured, long now) {
        this.cache = cache;
        this.configured = configured;
        this.since = now;
        this.lastUse = new AtomicLong(now);
    }

    JwksCache cache() {
        return cache;
    }

    /** Whether it was named, and not only allowed: such a one stays until it is removed. */
    boolean configured() {
        return configured;
    }

    CompletableFuture<Void> start() {
        CompletableFuture<Void> started = cache.startAsync();
        firstKeys = started;
        return started;
    }

    /** Notes a use; false when it was retired before. */
    boolean use(long now) {
        while (true) {
            long last = lastUse.get();
            if (last == RETIRED) {
                return false;
            }
            if (now - last < NOTE_NANOS || lastUse.compareAndSet(last, now)) {
                return true;
            }
        }
    }

    /** Whether it ever had keys. */
    boolean hadKeys() {
        CompletableFuture<Void> started = firstKeys;
        return started != null && started.isDone() && !started.isCompletedExceptionally();
    }

    long age(long now) {
        return now - since;
    }

    long lastUse() {
        return lastUse.get();
    }

    /** For how long nobody has asked for it, at the least. */
    long idle(long now) {
        return now - lastUse.get() - NOTE_NANOS;
    }

    /** Ends its use unless somebody has used it since {@link #lastUse} said so. */
    boolean retire(long lastUseSeen) {
        return lastUse.compareAndSet(lastUseSeen, RETIRED);
    }
}
