package dev.jwkscache.redis;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Stands between a store and its Redis, so that one store can lose it while the others do not. */
final class Relay implements Closeable {
    private final ServerSocket door;
    private final int target;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile boolean cut;
    private volatile long delay;

    Relay(int target) throws IOException {
        this.target = target;
        this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        thread(this::accept);
    }

    int port() {
        return door.getLocalPort();
    }

    /** Ends all connections, and new ones as soon as they come. */
    void cut() {
        cut = true;
        sockets.forEach(Relay::end);
    }

    void mend() {
        cut = false;
    }

    /** Hands on what the server says that many milliseconds later. */
    void delay(long millis) {
        delay = millis;
    }

    private void accept() {
        while (true) {
            try {
                Socket client = door.accept();
                if (cut) {
                    end(client);
                    continue;
                }
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                thread(() -> copy(client, server));
                thread(() -> copy(server, client));
            } catch (IOException e) {
                if (door.isClosed()) {
                    return;
                }
            }
        }
    }

    private void copy(Socket from, Socket to) {
        sockets.add(from);
        try (from;
                to;
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            byte[] buffer = new byte[8192];
            for (int length = in.read(buffer); length >= 0 && !cut; length = in.read(buffer)) {
                if (from.getPort() == target) {
                    Thread.sleep(delay);
                }
                out.write(buffer, 0, length);
            }
        } catch (IOException | InterruptedException e) {
            // One side has gone; so goes the other.
        } finally {
            sockets.remove(from);
        }
    }

    private static void end(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is gone already.
        }
    }

    private static void thread(Runnable task) {
        Thread thread = new Thread(task, "relay");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        door.close();
        cut();
    }
}
