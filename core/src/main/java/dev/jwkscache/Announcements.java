package dev.jwkscache;

import dev.jwkscache.spi.SnapshotStore;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What a store tells by itself: wakes the flight that waits for it, or starts one that takes what was told of. */
final class Announcements implements SnapshotStore.Watcher {
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final StoreCalls calls;
    private final Engine engine;
    private final AtomicLong announced = new AtomicLong();
    private final AtomicLong looked = new AtomicLong();
    private final AtomicLong purged = new AtomicLong();
    private final AtomicReference<@Nullable Runnable> waiting = new AtomicReference<>();
    private volatile @Nullable Refresher refresher;
    private volatile SnapshotStore.@Nullable Watch watch;

    Announcements(StoreCalls calls, Engine engine) {
        this.calls = calls;
        this.engine = engine;
    }

    void begin(SnapshotStore store, URI address, Refresher listener) {
        refresher = listener;
        watch = store.watch(address, this);
    }

    void close() {
        SnapshotStore.Watch current = watch;
        if (current != null) {
            try {
                current.close();
            } catch (Throwable ignored) {
                // The store is anybody's code; what cannot be closed must not keep the threads.
            }
        }
    }

    @Override
    public void published(long generation) {
        announced.accumulateAndGet(generation, Math::max);
        calls.heard();
        onWorker(() -> {
            Runnable waiter = waiting.getAndSet(null);
            if (waiter != null) {
                waiter.run();
            } else {
                look();
            }
        });
    }

    @Override
    public void purged(long generation) {
        purged.accumulateAndGet(generation, Math::max);
        calls.heard();
        Refresher listener = refresher;
        if (listener != null) {
            onWorker(() -> listener.purgedElsewhere(generation));
        }
    }

    /** The latest generation that somebody else has purged. */
    long purgedElsewhere() {
        return purged.get();
    }

    /** Somebody is about to load; what was told up to now needs no other look. */
    void looking() {
        looked.set(announced.get());
    }

    /** Looks at what was told while a flight was under way. */
    void look() {
        Refresher listener = refresher;
        if (listener == null) {
            return;
        }
        Snapshot snapshot = listener.state().snapshot();
        if (snapshot != null && snapshot.generation() <= purged.get()) {
            listener.purgedElsewhere(purged.get());
            return;
        }
        long generation = announced.get();
        if (generation > looked.get() && (snapshot == null || snapshot.generation() < generation)) {
            listener.lookAtStore();
        }
    }

    /** What was told could not be loaded: looks again in a moment, for nobody will tell it twice. */
    void lookAgain() {
        engine.timer()
                .schedule(
                        () -> onWorker(() -> {
                            looked.set(0);
                            look();
                        }),
                        Moment.saturatedNanos(PAUSE),
                        TimeUnit.NANOSECONDS);
    }

    /** Runs it once: at the next announcement of something later than {@code known}, or when that time has passed. */
    void await(long known, Duration bound, Runnable again) {
        Runnable once = new Once(again);
        waiting.set(once);
        engine.timer().schedule(() -> onWorker(once), Moment.saturatedNanos(bound), TimeUnit.NANOSECONDS);
        if (announced.get() > known && waiting.compareAndSet(once, null)) {
            once.run();
        }
    }

    private void onWorker(Runnable task) {
        try {
            engine.worker().execute(task);
        } catch (Throwable noThread) {
            // Closed, or out of threads: what was told is found again by the next look.
        }
    }

    private static final class Once implements Runnable {
        private final AtomicBoolean over = new AtomicBoolean();
        private final Runnable task;

        Once(Runnable task) {
            this.task = task;
        }

        @Override
        public void run() {
            if (over.compareAndSet(false, true)) {
                task.run();
            }
        }
    }
}
