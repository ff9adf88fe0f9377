package dev.jwkscache.redis;

import dev.jwkscache.real.Eventually;
import dev.jwkscache.spi.FleetStore;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import redis.embedded.RedisServer;

/** The store in Redis keeps the contract. */
class RedisContractTest extends FleetStoreContract {
    private static int port;
    private static RedisServer server;

    private RedisSnapshotStore here;
    private RedisSnapshotStore there;

    @BeforeAll
    static void start() throws Exception {
        port = Servers.freePort();
        server = Servers.start(port);
    }

    @AfterAll
    static void stop() throws Exception {
        server.stop();
    }

    @BeforeEach
    void open() throws Exception {
        Servers.ask(port, redis -> redis.flushall());
        here = Servers.store(port).build();
        there = Servers.store(port).build();
        Eventually.answer(() -> Fleet.now(here.load(Fleet.ADDRESS)));
        Eventually.answer(() -> Fleet.now(there.load(Fleet.ADDRESS)));
    }

    @AfterEach
    void close() {
        here.close();
        there.close();
    }

    @Override
    FleetStore here() {
        return here;
    }

    @Override
    FleetStore there() {
        return there;
    }

    @Override
    void pass(Duration time) throws Exception {
        TimeUnit.MILLISECONDS.sleep(time.toMillis() + 5);
    }
}
