package dev.jwkscache.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import redis.embedded.RedisServer;

/** Real Redis servers on loopback, and what an operator does to them. */
final class Servers {
    private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

    private Servers() {}

    /** A port that nobody has, below where the system takes those of clients, and with room for that of the cluster bus. */
    static int freePort() throws IOException {
        for (int port = 21_000 + (int) (ProcessHandle.current().pid() % 300) * 20; port < 32_000; port++) {
            if (GIVEN.add(port) && isFree(port) && isFree(port + 10_000)) {
                return port;
            }
        }
        throw new IOException("no free port");
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    static RedisServer start(int port, String... settings) throws IOException {
        var builder = RedisServer.newRedisServer()
                .port(port)
                .setting("save \"\"")
                .setting("appendonly no")
                .onShutdownForceStop(true);
        for (String setting : settings) {
            builder.setting(setting);
        }
        RedisServer server = builder.build();
        server.start();
        return server;
    }

    static RedisURI uri(int port) {
        return RedisURI.create("127.0.0.1", port);
    }

    static RedisSnapshotStore.Builder store(int port) {
        return RedisSnapshotStore.builder(uri(port))
                .hmacKey(Fleet.KEY)
                .pollInterval(Duration.ofMillis(200))
                .commandTimeout(Duration.ofMillis(500));
    }

    /** Asks a server as an operator would. */
    static <T> T ask(int port, Function<RedisCommands<String, byte[]>, T> question) {
        RedisClient client = RedisClient.create(uri(port));
        try (var connection = client.connect(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE))) {
            return question.apply(connection.sync());
        } finally {
            client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
        }
    }

    static long pid(int port) {
        String info = ask(port, redis -> redis.info("server"));
        return info.lines()
                .filter(line -> line.startsWith("process_id:"))
                .mapToLong(line ->
                        Long.parseLong(line.substring(line.indexOf(':') + 1).strip()))
                .findFirst()
                .orElseThrow();
    }

    static void signal(long pid, String signal) throws Exception {
        Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).start();
        if (!kill.waitFor(10, TimeUnit.SECONDS) || kill.exitValue() != 0) {
            throw new IOException("kill -" + signal + " " + pid);
        }
    }

    /** Stops it and waits until it is gone. */
    static void stop(int port, RedisServer server) throws Exception {
        ProcessHandle process = ProcessHandle.of(pid(port)).orElseThrow();
        server.stop();
        process.onExit().get(20, TimeUnit.SECONDS);
    }
}
