package dev.jwkscache;

import dev.jwkscache.spi.RefusedSnapshotException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Calls a store, which is anybody's code over anybody's disk or network: bounds every wait, and tells whether it is worth
 * waiting at all.
 */
final class StoreCalls {
    private final Settings settings;
    private final Engine engine;
    private final CacheEvents events;
    private final Counters counters;
    private final AtomicBoolean failing = new AtomicBoolean();
    /** Whether a thread is inside the store: one that blocks costs one thread, not one for each call. */
    private final AtomicBoolean calling = new AtomicBoolean();

    private final AtomicBoolean first = new AtomicBoolean(true);

    private volatile boolean late;

    StoreCalls(Settings settings, Engine engine, CacheEvents events, Counters counters) {
        this.settings = settings;
        this.engine = engine;
        this.events = events;
        this.counters = counters;
    }

    /** Whether the last call did not come back in time, so that whoever waits had better not wait for another. */
    boolean isLate() {
        return late;
    }

    /** Somebody heard from the store by another way. */
    void heard() {
        late = false;
    }

    /**
     * Makes a call on a worker; {@code then} is called exactly once, on a worker or on the timer, with the answer, with what
     * the store failed with, or with a {@link StoreLateException} once the time is over.
     */
    <T> void call(Supplier<CompletableFuture<T>> call, BiConsumer<@Nullable T, @Nullable Throwable> then) {
        AtomicBoolean over = new AtomicBoolean();
        Duration wait = first.getAndSet(false) ? firstWait() : settings.storeWait();
        Future<?> timer;
        try {
            timer = engine.timer()
                    .schedule(
                            () -> {
                                if (over.compareAndSet(false, true)) {
                                    late = true;
                                    then.accept(null, failed(new StoreLateException(wait)));
                                }
                            },
                            Moment.saturatedNanos(wait),
                            TimeUnit.NANOSECONDS);
            engine.worker().execute(() -> {
                CompletableFuture<T> answer = begin(call);
                answer.whenCompleteAsync(
                        (value, thrown) -> {
                            if (over.compareAndSet(false, true)) {
                                timer.cancel(false);
                                then.accept(value, thrown == null ? worked() : failed(unwrapped(thrown)));
                            }
                        },
                        engine.worker());
            });
        } catch (Throwable noThread) {
            if (over.compareAndSet(false, true)) {
                then.accept(null, noThread);
            }
        }
    }

    /** Whoever asks first waits until the store has connected: a fleet that starts would otherwise fetch as many times. */
    private Duration firstWait() {
        Duration half = settings.fetchTimeout().dividedBy(2);
        return half.compareTo(settings.storeWait()) > 0 ? half : settings.storeWait();
    }

    private <T> CompletableFuture<T> begin(Supplier<CompletableFuture<T>> call) {
        if (!calling.compareAndSet(false, true)) {
            return CompletableFuture.failedFuture(
                    new IllegalStateException("the store has not returned from the call before"));
        }
        try {
            return Objects.requireNonNull(call.get(), "the store returned null");
        } catch (Throwable thrown) {
            return CompletableFuture.failedFuture(thrown);
        } finally {
            calling.set(false);
        }
    }

    private @Nullable Throwable worked() {
        late = false;
        if (failing.compareAndSet(true, false)) {
            events.storeRecovered();
        }
        return null;
    }

    private Throwable failed(Throwable thrown) {
        if (thrown instanceof RefusedSnapshotException) {
            worked();
            return thrown;
        }
        failing.set(true);
        counters.storeFailures.increment();
        String message = thrown.getMessage();
        events.storeFailed(message == null ? thrown.getClass().getName() : SafeText.of(message));
        return thrown;
    }

    private static Throwable unwrapped(Throwable thrown) {
        return thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
    }

    /** A call that did not come back in time. */
    static final class StoreLateException extends Exception {
        private static final long serialVersionUID = 1;

        StoreLateException(Duration wait) {
            super("no answer from the store within " + Settings.seconds(wait), null, false, false);
        }
    }
}
