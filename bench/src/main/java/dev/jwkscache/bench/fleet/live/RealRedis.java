package dev.jwkscache.bench.fleet.live;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import redis.embedded.RedisServer;

/** A Redis of its own on loopback, and what an operator or a kernel does to it. */
final class RealRedis implements AutoCloseable {
    private final int port;
    private RedisServer server;
    private ProcessHandle process;

    RealRedis() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        server = start();
        process = processOf();
    }

    RedisURI uri() {
        return RedisURI.create("127.0.0.1", port);
    }

    private RedisServer start() throws IOException {
        RedisServer started = RedisServer.newRedisServer()
                .port(port)
                .setting("bind 127.0.0.1")
                .setting("save \"\"")
                .setting("appendonly no")
                .onShutdownForceStop(true)
                .build();
        started.start();
        return started;
    }

    void flushAll() {
        RedisClient client = RedisClient.create(uri());
        try (var connection = client.connect()) {
            connection.sync().flushall();
        } finally {
            client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
        }
    }

    void freeze() throws IOException, InterruptedException {
        signal("STOP");
    }

    void thaw() throws IOException, InterruptedException {
        signal("CONT");
    }

    void kill() throws Exception {
        signal("KILL");
        process.onExit().get(20, TimeUnit.SECONDS);
    }

    /** On the same port, with nothing in it. */
    void startAgain() throws IOException {
        server = start();
        process = processOf();
    }

    private ProcessHandle processOf() throws IOException {
        RedisClient client = RedisClient.create(uri());
        try (var connection = client.connect()) {
            return connection
                    .sync()
                    .info("server")
                    .lines()
                    .filter(line -> line.startsWith("process_id:"))
                    .map(line ->
                            Long.parseLong(line.substring(line.indexOf(':') + 1).strip()))
                    .flatMap(pid -> ProcessHandle.of(pid).stream())
                    .findFirst()
                    .orElseThrow(() -> new IOException("the Redis on port " + port + " does not tell its process id"));
        } finally {
            client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
        }
    }

    private void signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
        if (kill.waitFor() != 0) {
            throw new IOException("kill -" + name + " " + process.pid() + " failed");
        }
    }

    @Override
    public void close() throws IOException {
        server.stop();
    }
}
