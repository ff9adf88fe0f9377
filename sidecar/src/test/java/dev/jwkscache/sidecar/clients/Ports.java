package dev.jwkscache.sidecar.clients;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Ports of servers that stop and come back. */
final class Ports {
    private Ports() {}

    /** A free one, from below those that systems give to clients: nobody takes it while its server is away. */
    static int free() throws IOException {
        for (int attempt = 0; attempt < 100; attempt++) {
            int candidate = ThreadLocalRandom.current().nextInt(20_000, 32_767);
            try (ServerSocket socket = new ServerSocket(candidate, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException taken) {
                // The next candidate may be free.
            }
        }
        throw new IOException("100 attempts found no free port from 20000 to 32766; end other servers");
    }
}
