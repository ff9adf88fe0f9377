package dev.jwkscache.sidecar.clients;

import dev.jwkscache.real.Eventually;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** nginx with the configuration that users see, but for the two ports. */
final class Nginx implements AutoCloseable {
    private final Started process;
    private final int port;

    private Nginx(Started process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Starts one in front of a sidecar, and returns when it takes requests. */
    static Nginx before(URI sidecar) throws Exception {
        String program = Tools.program("nginx", "nginx");
        Path folder = Tools.folder("nginx");
        Files.createDirectories(folder.resolve("temp"));
        int port = Ports.free();
        String configuration = Files.readString(Tools.script("nginx/nginx.conf"));
        Files.writeString(
                folder.resolve("nginx.conf"),
                configuration
                        .replace("listen 127.0.0.1:8080", "listen 127.0.0.1:" + port)
                        .replace("http://127.0.0.1:8090", sidecar.toString()));
        Started process = Started.in(
                folder,
                Map.of(),
                program,
                "-p",
                folder.toString(),
                "-e",
                "stderr",
                "-c",
                "nginx.conf",
                "-g",
                "daemon off; master_process off;");
        Nginx nginx = new Nginx(process, port);
        Eventually.answer(() -> {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return socket.isConnected();
            }
        });
        return nginx;
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + port);
    }

    @Override
    public void close() {
        process.close();
    }
}
