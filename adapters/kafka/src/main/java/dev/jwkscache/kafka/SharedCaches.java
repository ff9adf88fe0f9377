package dev.jwkscache.kafka;

import dev.jwkscache.JwksCache;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/** One cache for all validators with the same settings: a broker makes a validator for each of its network threads. */
final class SharedCaches {
    private final Map<ValidatorSettings, Shared> open = new HashMap<>();

    /**
     * Returns the open cache of those settings, or builds one that is not started. What builds must not wait.
     *
     * @throws IllegalArgumentException if no cache can have such settings
     */
    synchronized JwksCache acquire(ValidatorSettings settings, Function<ValidatorSettings, JwksCache> build) {
        Shared shared = open.get(settings);
        if (shared == null) {
            shared = new Shared(build.apply(settings));
            open.put(settings, shared);
        }
        shared.users++;
        return shared.cache;
    }

    /** Closes the cache when its last user gives it back. */
    synchronized void release(ValidatorSettings settings) {
        Shared shared = open.get(settings);
        if (shared != null && --shared.users == 0) {
            open.remove(settings);
            shared.cache.close();
        }
    }

    private static final class Shared {
        private final JwksCache cache;
        private int users;

        Shared(JwksCache cache) {
            this.cache = cache;
        }
    }
}
