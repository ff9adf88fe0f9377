package dev.jwkscache.sidecar.serving;

import java.util.concurrent.CompletableFuture;

/** What comes of a request: an answer, or one that comes later. */
sealed interface Outcome permits Answer, Outcome.Later {

    /** An answer that somebody else completes, on any thread; never exceptionally. */
    record Later(CompletableFuture<Answer> answer) implements Outcome {}
}
