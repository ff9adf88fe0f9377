package dev.jwkscache;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A proxy that notes what is asked of it and refuses. */
final class Tunnel implements AutoCloseable {
    private final ServerSocket socket;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    final AtomicInteger connections = new AtomicInteger();

    Tunnel() throws IOException {
        socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::serve, "test-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    InetSocketAddress address() {
        return new InetSocketAddress(socket.getInetAddress(), socket.getLocalPort());
    }

    String firstLine() throws InterruptedException {
        return lines.poll(20, TimeUnit.SECONDS);
    }

    private void serve() {
        while (!socket.isClosed()) {
            try (Socket client = socket.accept();
                    BufferedReader in = new BufferedReader(
                            new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII))) {
                connections.incrementAndGet();
                lines.add(String.valueOf(in.readLine()));
                client.getOutputStream()
                        .write("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"
                                .getBytes(StandardCharsets.US_ASCII));
            } catch (IOException gone) {
                // The socket was closed, or the client went away.
            }
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
