package dev.jwkscache.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;

/** Reads a connection, and notices while the server keeps silent that the client has gone. */
final class SocketInput {
    private static final int CAPACITY = 16 * 1024;

    private final Socket socket;
    private final InputStream in;
    private final byte[] buffer = new byte[CAPACITY];
    private int position;
    private int limit;

    SocketInput(Socket socket) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
    }

    /** Reads one byte, or -1 when the client has closed the connection. */
    int read() throws IOException {
        if (position == limit) {
            position = 0;
            limit = 0;
            if (!fill(0)) {
                return -1;
            }
        }
        return buffer[position++] & 0xff;
    }

    /** Waits until the client closes the connection. */
    void awaitClose() throws IOException {
        boolean open = true;
        while (open) {
            open = fill(0);
        }
    }

    /**
     * Waits for the given time.
     *
     * @return true if the client closed the connection meanwhile; what else it sent is kept for {@link #read()}
     */
    boolean closesWithin(Duration time) throws IOException {
        long deadline = System.nanoTime() + VirtualTime.saturatedNanos(time);
        while (true) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            try {
                long millis = Math.min(Integer.MAX_VALUE, left / 1_000_000 + 1);
                if (!fill((int) millis)) {
                    return true;
                }
            } catch (SocketTimeoutException e) {
                // Nothing came; whether the time is over is decided above.
            }
        }
    }

    /** Returns false at the end, also for a client that sends more than anybody asks while it waits for an answer. */
    private boolean fill(int timeoutMillis) throws IOException {
        if (limit == CAPACITY) {
            return false;
        }
        socket.setSoTimeout(timeoutMillis);
        int count = in.read(buffer, limit, CAPACITY - limit);
        limit += Math.max(0, count);
        return count >= 0;
    }
}
