package dev.jwkscache;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The two ways to ask for a key, for one set of assertions. */
enum Calling {
    BLOCKING {
        @Override
        Attempt<VerificationKey> key(JwksCache cache, @Nullable String kid, String alg) {
            return blocking(() -> cache.key(kid, alg));
        }
    },
    ASYNC {
        @Override
        Attempt<VerificationKey> key(JwksCache cache, @Nullable String kid, String alg) {
            return new Attempt<>(cache.keyAsync(kid, alg), null);
        }
    };

    abstract Attempt<VerificationKey> key(JwksCache cache, @Nullable String kid, String alg);

    /** Makes a call in a thread of its own and returns when it has its answer or waits. */
    static <T> Attempt<T> blocking(Supplier<T> call) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                result.complete(call.get());
            } catch (Throwable thrown) {
                result.completeExceptionally(thrown);
            }
        });
        thread.setDaemon(true);
        thread.start();
        while (!result.isDone() && thread.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        return new Attempt<>(result, thread);
    }

    /** A call that has its answer or waits for it. */
    record Attempt<T>(CompletableFuture<T> result, @Nullable Thread thread) {

        boolean waits() {
            return !result.isDone() && (thread == null || thread.getState() == Thread.State.WAITING);
        }

        /** What it answered; ends the test if the answer does not come. */
        T value() {
            return result.orTimeout(20, TimeUnit.SECONDS).join();
        }

        Throwable failure() {
            try {
                value();
            } catch (CompletionException e) {
                return e.getCause() == null ? e : e.getCause();
            }
            throw new AssertionError("expected a failure, got an answer");
        }

        <R> R map(Function<T, R> function) {
            return function.apply(value());
        }
    }
}
