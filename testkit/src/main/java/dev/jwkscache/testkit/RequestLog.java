package dev.jwkscache.testkit;

import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/** Remembers the requests that a provider has received. */
final class RequestLog {
    /** So that a benchmark which never clears the log does not fill the heap. */
    static final int MAX_KEPT = 10_000;

    private final Clock clock;
    private final LongSupplier nanoTime;
    private final String countedPath;
    private final Queue<RecordedRequest> kept = new ArrayDeque<>();
    private List<CompletableFuture<RecordedRequest>> waiting = new ArrayList<>();
    private long sequence;
    private int counted;

    RequestLog(Clock clock, LongSupplier nanoTime, String countedPath) {
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.countedPath = countedPath;
    }

    void record(String method, String path, Map<String, List<String>> headers, Behaviour behaviour) {
        RecordedRequest request;
        List<CompletableFuture<RecordedRequest>> arrived = List.of();
        synchronized (this) {
            request = new RecordedRequest(
                    ++sequence, method, path, headers, clock.instant(), nanoTime.getAsLong(), behaviour);
            if (kept.size() == MAX_KEPT) {
                kept.remove();
            }
            kept.add(request);
            if (path.equals(countedPath)) {
                counted++;
                arrived = waiting;
                waiting = new ArrayList<>();
            }
        }
        arrived.forEach(future -> future.complete(request));
    }

    synchronized List<RecordedRequest> requests() {
        return List.copyOf(kept);
    }

    synchronized int count() {
        return counted;
    }

    synchronized void clear() {
        kept.clear();
        counted = 0;
    }

    synchronized CompletableFuture<RecordedRequest> next() {
        CompletableFuture<RecordedRequest> future = new CompletableFuture<>();
        waiting.add(future);
        return future;
    }

    /** Fails the futures of those who still wait for a request. */
    void close() {
        List<CompletableFuture<RecordedRequest>> waitedInVain;
        synchronized (this) {
            waitedInVain = waiting;
            waiting = new ArrayList<>();
        }
        waitedInVain.forEach(future -> future.completeExceptionally(
                new IllegalStateException("the provider was closed before another request came")));
    }
}
