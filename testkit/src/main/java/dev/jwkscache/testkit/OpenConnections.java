package dev.jwkscache.testkit;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Keeps account of the connections of a provider, real ones or exchanges in memory, and can end them all. */
final class OpenConnections {
    private final Set<Connection> open = Collections.newSetFromMap(new IdentityHashMap<>());
    private List<CompletableFuture<Void>> waiting = new ArrayList<>();

    /** One connection; ending it removes it from the account. */
    interface Connection {
        void end();
    }

    synchronized void add(Connection connection) {
        open.add(connection);
    }

    void remove(Connection connection) {
        List<CompletableFuture<Void>> satisfied = List.of();
        synchronized (this) {
            if (open.remove(connection) && open.isEmpty()) {
                satisfied = waiting;
                waiting = new ArrayList<>();
            }
        }
        satisfied.forEach(future -> future.complete(null));
    }

    synchronized int count() {
        return open.size();
    }

    synchronized CompletableFuture<Void> allClosed() {
        if (open.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        CompletableFuture<Void> future = new CompletableFuture<>();
        waiting.add(future);
        return future;
    }

    void endAll() {
        List<Connection> all;
        synchronized (this) {
            all = new ArrayList<>(open);
        }
        all.forEach(Connection::end);
    }
}
