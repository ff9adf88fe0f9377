package dev.jwkscache;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A result that takes several exchanges, one after the other; when it ends, however it ends, so does the one under way. */
final class Steps<T> {
    private final CompletableFuture<T> result = new CompletableFuture<>();
    private volatile @Nullable CompletableFuture<?> underWay;

    Steps() {
        result.whenComplete((value, thrown) -> giveUp());
    }

    CompletableFuture<T> result() {
        return result;
    }

    /** Starts a step; what becomes of it goes to {@code next}, unless the result is there by then. */
    <S> void start(Supplier<CompletableFuture<S>> step, Next<S> next) {
        CompletableFuture<S> started;
        try {
            started = step.get();
        } catch (Throwable thrown) {
            started = CompletableFuture.failedFuture(thrown);
        }
        underWay = started;
        if (result.isDone()) {
            giveUp();
        }
        started.whenComplete((value, thrown) -> {
            if (!result.isDone()) {
                try {
                    next.goOn(value, thrown);
                } catch (Throwable e) {
                    result.completeExceptionally(e);
                }
            }
        });
    }

    private void giveUp() {
        CompletableFuture<?> step = underWay;
        if (step != null) {
            step.cancel(true);
        }
    }

    /** Goes on from the end of a step: its value, or what it failed with. */
    interface Next<S> {
        void goOn(@Nullable S value, @Nullable Throwable thrown) throws FetchException;
    }
}
