package dev.jwkscache;

import dev.jwkscache.Lookup.Outcome;
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
record Waiting(
        Settings settings, Refresher refresher, Engine engine, TimeSource time, Counters counters, CacheEvents events) {

    /** The set, at once or after the one fetch; throws what {@link JwksCache#get} throws. */
    JwkSet set() {
        return join(lookup(set -> set, () -> Refusals.closed(settings)));
    }

    /** The set, without blocking. */
    CompletableFuture<JwkSet> setAsync() {
        return detached(lookup(set -> set, () -> Refusals.closed(settings)).answer());
    }

    /** The set after one refresh on the miss budget, where it allows one and that ends in time; without blocking. */
    CompletableFuture<JwkSet> newer() {
        Snapshot snapshot = refresher.state().snapshot();
        JwkSet seen = snapshot == null ? null : snapshot.keys();
        // As for an unknown kid: the old set is no answer. That there is no newer one is no refusal in the end.
        UnknownKeyException nothingNewer = new UnknownKeyException(null, "");
        Lookup<JwkSet> newer = lookup(set -> set == seen ? null : set, () -> nothingNewer);
        return detached(newer.answer()
                .exceptionallyCompose(refusal ->
                        unwrapped(refusal) == nothingNewer ? setAsync() : CompletableFuture.failedFuture(refusal)));
    }

    /** The keys that fit, at once or after the one fetch; throws what {@link JwksCache#key} throws. */
    Fitting fitting(@Nullable String kid, String alg) {
        if (isHopeless(alg)) {
            throw unknown(kid, alg);
        }
        return noted(join(lookup(kid, alg)));
    }

    /** The first key that fits, without blocking. */
    CompletableFuture<VerificationKey> keyAsync(@Nullable String kid, String alg) {
        if (isHopeless(alg)) {
            return CompletableFuture.failedFuture(unknown(kid, alg));
        }
        return detached(
                lookup(kid, alg).answer().thenApply(found -> noted(found).first()));
    }

    /** What was found, with what there is to note about it. */
    Fitting noted(Fitting found) {
        if (found.cut()) {
            counters.cutLookups.increment();
        } else if (found.noteworthy()) {
            events.found(found, time.now());
        }
        return found;
    }

    /** Fetches, and waits for that. */
    void refresh(RefreshTrigger trigger) {
        CompletableFuture<JwkSet> fetched = forRefresh(trigger);
        Rehearsal.once();
        join(fetched);
    }

    /** Fetches, without blocking. */
    CompletableFuture<JwkSet> refreshAsync(RefreshTrigger trigger) {
        return detached(forRefresh(trigger));
    }

    private CompletableFuture<JwkSet> forRefresh(RefreshTrigger trigger) {
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
            return outer;
        }
        inner.whenComplete((value, failure) -> {
            // What nobody waits for needs no other thread: ten thousand caches that start would want one each.
            if (outer.getNumberOfDependents() == 0) {
                pass.accept(value, failure);
            } else {
                engine.completions().execute(() -> pass.accept(value, failure));
            }
        });
        return outer;
    }

    private <T> T join(Lookup<T> lookup) {
        // Most are answered or refused at once; a future, and what it wraps a refusal in, would cost more than that.
        Outcome<T> outcome = lookup.begin();
        if (outcome instanceof Lookup.Answer<T> answer) {
            return answer.value();
        }
        if (outcome instanceof Lookup.Refusal<T> refusal) {
            throw refusal.reason();
        }
        return join(lookup.goOn(outcome));
    }

    private <T> T join(CompletableFuture<T> future) {
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

    /** No set can have a key for such an algorithm, so that there is nothing to wait for, whatever the state. */
    private static boolean isHopeless(String alg) {
        return JwsAlgorithm.named(alg) == null;
    }

    private Lookup<Fitting> lookup(@Nullable String kid, String alg) {
        return lookup(set -> set.fitting(kid, alg), () -> unknown(kid, alg));
    }

    private <T> Lookup<T> lookup(Function<JwkSet, @Nullable T> pick, Supplier<? extends JwksException> unknown) {
        return new Lookup<>(refresher, settings, engine, time, pick, unknown);
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
}
