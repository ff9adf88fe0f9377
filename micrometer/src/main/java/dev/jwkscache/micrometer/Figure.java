package dev.jwkscache.micrometer;

import dev.jwkscache.CacheStatus;
import java.util.function.ToLongFunction;

/** What a cache counts itself and only ever adds to. */
enum Figure {
    FETCHES(CacheStatus::fetches),
    UNKNOWN_KEYS(CacheStatus::unknownKeys),
    STORE_FAILURES(CacheStatus::storeFailures);

    private final ToLongFunction<CacheStatus> read;

    Figure(ToLongFunction<CacheStatus> read) {
        this.read = read;
    }

    long of(CacheStatus status) {
        return read.applyAsLong(status);
    }
}
