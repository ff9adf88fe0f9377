package dev.jwkscache.redis;

import dev.jwkscache.spi.SnapshotStore.Watch;
import dev.jwkscache.spi.SnapshotStore.Watcher;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at what is kept for watched addresses, now and then and whenever somebody says that it changed, and tells watchers what
 * they have not been told before.
 *
 * <p>An announcement is no more than a reason to look: what it says is not believed. All happens on the timer.
 */
final class Watching {
    private static final Logger LOG = LoggerFactory.getLogger("jwks-cache");

    private final Timer timer;
    private final Function<URI, CompletableFuture<Seen>> look;
    private final Duration interval;
    private final Map<String, Watched> addresses = new HashMap<>();

    /**
     * What is kept for an address; 0 for nothing.
     *
     * @param generation that of the snapshot
     * @param purged up to where everything was purged
     */
    record Seen(long generation, long purged) {}

    /** Does something after so many milliseconds, one after the other. */
    interface Timer {
        Future<?> later(Runnable task, long millis);
    }

    /**
     * Creates one that watches nothing.
     *
     * @param look asks for what is kept
     * @param interval the time between looks, more or less
     */
    Watching(Timer timer, Function<URI, CompletableFuture<Seen>> look, Duration interval) {
        this.timer = timer;
        this.look = look;
        this.interval = interval;
    }

    Watch watch(String name, URI address, Watcher watcher) {
        Told told = new Told(watcher);
        timer.later(
                () -> addresses
                        .computeIfAbsent(name, key -> new Watched(address))
                        .add(told),
                0L);
        return () -> {
            told.ended = true;
            timer.later(
                    () -> addresses.computeIfPresent(name, (key, watched) -> watched.remove(told) ? watched : null),
                    0L);
        };
    }

    /** Looks at one address if it is watched, or at all. */
    void changed(@Nullable String name) {
        if (name == null) {
            addresses.values().forEach(Watched::look);
            return;
        }
        Watched watched = addresses.get(name);
        if (watched != null) {
            watched.look();
        }
    }

    private final class Watched {
        private final URI address;
        private final List<Told> watchers = new CopyOnWriteArrayList<>();
        private Future<?> next = CompletableFuture.completedFuture(null);
        private boolean looking;
        private boolean again;

        Watched(URI address) {
            this.address = address;
        }

        void add(Told told) {
            watchers.add(told);
            look();
        }

        /** Whether anybody is left. */
        boolean remove(Told told) {
            watchers.remove(told);
            if (watchers.isEmpty()) {
                next.cancel(false);
            }
            return !watchers.isEmpty();
        }

        /** One look at a time: a flood of announcements costs Redis no more than it can answer. */
        void look() {
            if (watchers.isEmpty()) {
                return;
            }
            if (looking) {
                again = true;
                return;
            }
            looking = true;
            next.cancel(false);
            look.apply(address).whenComplete((seen, failure) -> timer.later(() -> looked(seen), 0));
        }

        /** Whoever fails to look looks again after the interval; why it failed, a command says as well. */
        private void looked(@Nullable Seen seen) {
            looking = false;
            if (seen != null) {
                watchers.forEach(told -> told.tell(seen));
            }
            if (again) {
                again = false;
                look();
            } else if (!watchers.isEmpty()) {
                long millis = interval.toMillis();
                long spread = millis / 10;
                next = timer.later(
                        this::look, ThreadLocalRandom.current().nextLong(millis - spread, millis + spread + 1));
            }
        }
    }

    private static final class Told {
        private final Watcher watcher;
        private volatile boolean ended;
        private long generation;
        private long purged;

        Told(Watcher watcher) {
            this.watcher = watcher;
        }

        void tell(Seen seen) {
            if (seen.purged() > purged) {
                purged = seen.purged();
                tell(told -> told.purged(seen.purged()));
            }
            if (seen.generation() > generation) {
                generation = seen.generation();
                tell(told -> told.published(seen.generation()));
            }
        }

        private void tell(Consumer<Watcher> what) {
            if (ended) {
                return;
            }
            try {
                what.accept(watcher);
            } catch (RuntimeException e) {
                LOG.atDebug().addKeyValue("error", e.getClass().getName()).log("jwks_redis_watcher_failed");
            }
        }
    }
}
