package dev.jwkscache.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Accepts connections on a {@link LoopbackPort}, with a thread for each, and can stop and go on accepting. */
final class HttpServer implements Transport {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final LoopbackPort port;
    private final Responder responder;
    private final OpenConnections connections = new OpenConnections();
    private final Set<Thread> connectionThreads = ConcurrentHashMap.newKeySet();

    /**
     * Guards the two fields below while the port changes hands. Listening and closing wait for no peer, and the threads
     * of connections never take it.
     */
    private final Object lifecycle = new Object();

    private @Nullable Acceptor acceptor;
    private boolean closed;

    HttpServer(LoopbackPort port, Responder responder) {
        this.port = port;
        this.responder = responder;
    }

    @Override
    public OpenConnections connections() {
        return connections;
    }

    @Override
    public void accept(boolean accepting) {
        synchronized (lifecycle) {
            if (closed) {
                throw new IllegalStateException("the provider is closed: start another one");
            }
            if (accepting && acceptor == null) {
                acceptor = new Acceptor();
                acceptor.thread.start();
            } else if (!accepting) {
                stopAccepting();
            }
        }
        if (!accepting) {
            connections.endAll();
        }
    }

    @Override
    public void close() {
        synchronized (lifecycle) {
            closed = true;
            stopAccepting();
        }
        connections.endAll();
        List<Thread> threads = new ArrayList<>(connectionThreads);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        threads.forEach(thread -> join(thread, deadline));
        closing(port::release);
        threads.removeIf(thread -> !thread.isAlive() || thread == Thread.currentThread());
        if (!threads.isEmpty() && !Thread.currentThread().isInterrupted()) {
            throw new IllegalStateException("still running " + PATIENCE.toSeconds() + " s after close: " + threads
                    + "; does a stage of nextRequest() block?");
        }
    }

    /** Returns when the kernel refuses connections, which it does only after the accepting thread has let go. */
    private void stopAccepting() {
        Acceptor stopped = acceptor;
        if (stopped != null) {
            closing(stopped.socket::close);
            join(stopped.thread, System.nanoTime() + PATIENCE.toNanos());
            acceptor = null;
        }
    }

    private static void join(Thread thread, long deadlineNanos) {
        if (thread == Thread.currentThread()) {
            return;
        }
        try {
            thread.join(Math.max(
                    1, Duration.ofNanos(deadlineNanos - System.nanoTime()).toMillis()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void closing(IoAction close) {
        try {
            close.run();
        } catch (IOException e) {
            throw new UncheckedIOException("a socket of the provider did not close", e);
        }
    }

    private interface IoAction {
        void run() throws IOException;
    }

    private final class Acceptor {
        private final ServerSocket socket;
        private final Thread thread;
        private int accepted;

        Acceptor() {
            try {
                socket = port.listen();
            } catch (IOException e) {
                throw new UncheckedIOException(
                        "port " + port.number() + " of 127.0.0.1 cannot be listened on: another process has taken it",
                        e);
            }
            thread = daemon(this::run, "accept");
        }

        private void run() {
            while (!socket.isClosed()) {
                try {
                    serve(socket.accept());
                } catch (IOException e) {
                    // Either the socket was closed, which ends the loop, or one client went away before it was
                    // accepted.
                }
            }
        }

        private void serve(Socket client) throws IOException {
            HttpConnection connection;
            try {
                connection = new HttpConnection(client, responder, connections);
            } catch (IOException e) {
                client.close();
                throw e;
            }
            connections.add(connection);
            connectionThreads.removeIf(ended -> !ended.isAlive());
            Thread handler = daemon(connection::serve, "connection-" + ++accepted);
            handler.start();
            connectionThreads.add(handler);
            if (socket.isClosed()) {
                connection.end();
            }
        }

        private Thread daemon(Runnable body, String role) {
            Thread created = new Thread(body, "jwks-testkit-" + port.number() + "-" + role);
            created.setDaemon(true);
            return created;
        }
    }
}
