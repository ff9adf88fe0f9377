package dev.jwkscache.testkit;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import javax.net.ServerSocketFactory;

/**
 * One port of 127.0.0.1 that can be listened on, left and listened on again.
 *
 * <p>A second socket, bound and never connected, holds the port meanwhile. Without it the kernel may give the number to
 * somebody else, even as the local port of the very client that tries to connect to it, which then talks to itself.
 * Where the system does not allow two sockets on one port, the port is simply free while nobody listens.
 */
final class LoopbackPort {
    private final Socket holder = new Socket();
    private final InetSocketAddress address;
    private final ServerSocketFactory sockets;

    LoopbackPort(ServerSocketFactory sockets) throws IOException {
        this.sockets = sockets;
        holder.setReuseAddress(true);
        holder.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0));
        address = new InetSocketAddress(holder.getLocalAddress(), holder.getLocalPort());
    }

    int number() {
        return address.getPort();
    }

    ServerSocket listen() throws IOException {
        try {
            return bind();
        } catch (BindException e) {
            holder.close();
            return bind();
        }
    }

    void release() throws IOException {
        holder.close();
    }

    private ServerSocket bind() throws IOException {
        ServerSocket socket = sockets.createServerSocket();
        try {
            socket.setReuseAddress(true);
            socket.bind(address, 1024);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }
}
