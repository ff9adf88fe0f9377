package dev.jwkscache;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The threads of all caches of this process: made for the first cache, gone with the last. All are daemons named
 * {@code jwks-cache-…}.
 */
final class SharedThreads {
    private static final long IDLE_SECONDS = 30;

    private static @Nullable SharedThreads current;

    private final ScheduledThreadPoolExecutor timer;
    private final Workers workers;
    private final ThreadPoolExecutor events;
    private final HttpClients http;
    private final Gates gates = new Gates();
    private int users;

    private SharedThreads() {
        timer = new ScheduledThreadPoolExecutor(1, daemons("timer"));
        timer.setRemoveOnCancelPolicy(true);
        workers = new Workers(timer, daemons("worker"));
        events = new ThreadPoolExecutor(
                1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), daemons("events"));
        events.allowCoreThreadTimeOut(true);
        http = new HttpClients(workers, System::nanoTime);
    }

    /** A share in the threads; releasing the last one ends them. */
    static synchronized Lease lease() {
        if (current == null) {
            current = new SharedThreads();
        }
        current.users++;
        return new Lease(current);
    }

    private static synchronized boolean leave(SharedThreads shared) {
        boolean last = --shared.users == 0;
        if (last && current == shared) {
            current = null;
        }
        return last;
    }

    private void end() {
        timer.shutdownNow();
        // None of these waits: what still runs was cancelled before, and listeners may hear of the end.
        events.shutdown();
        http.close();
        workers.shutdown();
    }

    private static ThreadFactory daemons(String name) {
        return task -> {
            Thread thread = new Thread(task, "jwks-cache-" + name);
            thread.setDaemon(true);
            // A thread of the process must not keep the class loader of whoever happened to be first.
            thread.setContextClassLoader(SharedThreads.class.getClassLoader());
            return thread;
        };
    }

    static final class Lease {
        private final SharedThreads shared;
        private final AtomicBoolean released = new AtomicBoolean();

        private Lease(SharedThreads shared) {
            this.shared = shared;
        }

        /** To fetch from anywhere. */
        Engine engine() {
            return engine(Gate.open(), this::release);
        }

        /** To fetch from that host. */
        Engine engine(String authority) {
            return engine(shared.gates.use(authority), () -> {
                shared.gates.leave(authority);
                release();
            });
        }

        private Engine engine(Gate gate, Runnable release) {
            return new Engine(
                    shared.timer,
                    shared.workers,
                    shared.events,
                    // Asked for when it is needed: not every process has somebody who waits without blocking.
                    task -> new CompletableFuture<Void>().defaultExecutor().execute(task),
                    gate,
                    release);
        }

        HttpClients http() {
            return shared.http;
        }

        void release() {
            if (released.compareAndSet(false, true) && leave(shared)) {
                shared.end();
            }
        }
    }
}
