package dev.jwkscache;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Turns lookups and flights into what callers hold: futures that cannot hold up a cache, or answers to a thread that
 * blocks.
 */
record Waiting(Settings settings, Refresher refresher, Engine engine, TimeSource time, Counters counters) {

    CompletableFuture<JwkSet> forSet() {
        return lookup(set -> set, () -> Refusals.closed(settings));
    }

    CompletableFuture<List<VerificationKey>> forKeys(@Nullable String kid, String alg) {
        if (JwsAlgorithm.named(alg) == null) {
            // No set can have a key for it, so that there is nothing to wait for, whatever the state.
            return CompletableFuture.failedFuture(unknown(kid, alg));
        }
        return lookup(set -> nullIfEmpty(set.find(kid, alg)), () -> unknown(kid, alg));
    }

    CompletableFuture<JwkSet> forRefresh(RefreshTrigger trigger) {
        Moment now = time.now();
        Flight flight = refresher.request(trigger, now);
        if (flight == null) {
            return CompletableFuture.failedFuture(Refusals.notFetched(settings, refresher.state(), now));
        }
        return flight.landed().thenCompose(landing -> {
            if (landing instanceof Flight.Loaded loaded) {
                return CompletableFuture.completedFuture(loaded.keys());
            }
            if (landing instanceof Flight.Failed failed) {
                return CompletableFuture.failedFuture(
                        Refusals.failed(settings, failed.failure(), refresher.state(), time.now()));
            }
            return forRefresh(trigger);
        });
    }

    /** A future whose dependents, anybody's code, run where they cannot hold up a cache. */
    <T> CompletableFuture<T> detached(CompletableFuture<T> inner) {
        CompletableFuture<T> outer = new CompletableFuture<>();
        BiConsumer<T, Throwable> pass = (value, failure) -> {
            if (failure == null) {
                outer.complete(value);
            } else {
                outer.completeExceptionally(unwrapped(failure));
            }
        };
        if (inner.isDone()) {
            inner.whenComplete(pass);
        } else {
            inner.whenCompleteAsync(pass, engine.completions());
        }
        return outer;
    }

    <T> T join(CompletableFuture<T> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Refusals.interrupted(settings);
        } catch (ExecutionException e) {
            if (unwrapped(e) instanceof JwksException refusal) {
                // It was made on a thread of the cache; what helps is where the caller stands.
                refusal.fillInStackTrace();
                throw refusal;
            }
            throw new IllegalStateException("a lookup ended with something else than a refusal", e);
        }
    }

    private <T> CompletableFuture<T> lookup(
            Function<JwkSet, @Nullable T> pick, Supplier<? extends JwksException> unknown) {
        return new Lookup<>(refresher, settings, engine, time, pick, unknown).answer();
    }

    private UnknownKeyException unknown(@Nullable String kid, String alg) {
        counters.unknownKeys.increment();
        return new UnknownKeyException(kid, alg);
    }

    private static Throwable unwrapped(Throwable thrown) {
        Throwable cause = thrown;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    private static <T> @Nullable List<T> nullIfEmpty(List<T> list) {
        return list.isEmpty() ? null : list;
    }
}
