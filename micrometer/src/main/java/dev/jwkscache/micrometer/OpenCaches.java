package dev.jwkscache.micrometer;

import dev.jwkscache.CacheStatus;
import dev.jwkscache.JwksCache;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * The open caches of one name, asked all together. Refers to them weakly: one that was lost without being closed must not
 * be kept for its meters. Thread-safe; its lock is never held while somebody else's code runs.
 */
final class OpenCaches {
    private static final double NANOS_PER_SECOND = 1e9;

    /** Guarded by this, as {@link #past} is. */
    private final Set<JwksCache> open = Collections.newSetFromMap(new WeakHashMap<>());
    /** What those had counted that are closed: a total never falls. */
    private final Map<Figure, Long> past = new EnumMap<>(Figure.class);

    synchronized void add(JwksCache cache) {
        open.add(cache);
    }

    /** Whether none is left. */
    synchronized boolean remove(JwksCache cache) {
        if (open.remove(cache)) {
            CacheStatus last = cache.status();
            for (Figure figure : Figure.values()) {
                past.merge(figure, figure.of(last), Long::sum);
            }
        }
        return open.isEmpty();
    }

    /** In seconds; not a number where none of them has one. */
    double max(Function<CacheStatus, Optional<Duration>> duration) {
        return Arrays.stream(seconds(duration)).max().orElse(Double.NaN);
    }

    /** In seconds; not a number where none of them has one. */
    double min(Function<CacheStatus, Optional<Duration>> duration) {
        return Arrays.stream(seconds(duration)).min().orElse(Double.NaN);
    }

    synchronized double sum(ToIntFunction<CacheStatus> number) {
        return open.stream().map(JwksCache::status).mapToInt(number).sum();
    }

    synchronized double total(Figure figure) {
        return past.getOrDefault(figure, 0L)
                + open.stream().map(JwksCache::status).mapToLong(figure::of).sum();
    }

    private synchronized double[] seconds(Function<CacheStatus, Optional<Duration>> duration) {
        return open.stream()
                .map(JwksCache::status)
                .map(duration)
                .flatMap(Optional::stream)
                .mapToDouble(found -> found.toNanos() / NANOS_PER_SECOND)
                .toArray();
    }
}
