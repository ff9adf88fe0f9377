package dev.jwkscache;

import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.event.Level;

/** Counts the open caches of each address, to tell people who build one for each request. */
final class OpenCaches {
    private static final Map<URI, Count> COUNTS = new ConcurrentHashMap<>();

    private record Count(int open, boolean warned) {}

    private OpenCaches() {}

    static void opened(URI address) {
        AtomicBoolean firstToBeSecond = new AtomicBoolean();
        COUNTS.compute(address, (key, known) -> {
            if (known == null) {
                return new Count(1, false);
            }
            firstToBeSecond.set(!known.warned());
            return new Count(known.open() + 1, true);
        });
        if (firstToBeSecond.get()) {
            LogEntry.at(Level.WARN)
                    .with("address", SafeText.withoutQuery(address))
                    .with("advice", "build one cache for each address, share it, and close it at the end")
                    .tell("jwks_cache_built_twice");
        }
    }

    static void closed(URI address) {
        COUNTS.computeIfPresent(
                address, (key, known) -> known.open() == 1 ? null : new Count(known.open() - 1, known.warned()));
    }
}
