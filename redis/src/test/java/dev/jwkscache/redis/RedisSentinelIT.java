package dev.jwkscache.redis;

import static dev.jwkscache.redis.Fleet.ADDRESS;
import static dev.jwkscache.redis.Fleet.granted;
import static dev.jwkscache.redis.Fleet.now;
import static dev.jwkscache.redis.Fleet.snapshot;
import static dev.jwkscache.redis.Fleet.wish;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jwkscache.real.Eventually;
import dev.jwkscache.spi.TurnRequest.Kind;
import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.embedded.RedisSentinel;
import redis.embedded.RedisServer;
import redis.embedded.core.RedisSentinelBuilder;

/** Three Sentinels replace a master that is gone, or hangs, and the store follows them by itself. */
class RedisSentinelIT {
    private final List<RedisSentinel> sentinels = new ArrayList<>();
    private final List<RedisServer> servers = new ArrayList<>();
    private int master;
    private int replica;
    private RedisURI uri;

    @BeforeEach
    void start() throws Exception {
        master = Servers.freePort();
        replica = Servers.freePort();
        servers.add(Servers.start(master, "repl-diskless-sync yes", "repl-diskless-sync-delay 0"));
        servers.add(Servers.start(replica, "replicaof 127.0.0.1 " + master));
        Eventually.check(() -> assertThat(replication(master)).contains("state=online"));
        RedisURI.Builder builder = RedisURI.builder().withSentinelMasterId("main");
        for (int i = 0; i < 3; i++) {
            int port = Servers.freePort();
            RedisSentinel sentinel = new RedisSentinelBuilder()
                    .port(port)
                    .masterName("main")
                    .masterPort(master)
                    .quorumSize(2)
                    .downAfterMilliseconds(1_000)
                    .failOverTimeout(5_000)
                    .onShutdownForceStop(true)
                    .build();
            sentinel.start();
            sentinels.add(sentinel);
            builder.withSentinel("127.0.0.1", port);
        }
        uri = builder.build();
        for (RedisSentinel sentinel : sentinels) {
            Eventually.check(() -> assertThat(knowledge(sentinel)).contains("slaves=1,sentinels=3"));
        }
    }

    private static String knowledge(RedisSentinel sentinel) {
        return Servers.ask(sentinel.ports().get(0), redis -> redis.info("sentinel"));
    }

    @AfterEach
    void stop() throws Exception {
        for (RedisSentinel sentinel : sentinels) {
            sentinel.stop();
        }
        for (RedisServer server : servers) {
            server.stop();
        }
    }

    private static String replication(int port) {
        return Servers.ask(port, redis -> redis.info("replication"));
    }

    private RedisSnapshotStore store() {
        return RedisSnapshotStore.builder(uri)
                .hmacKey(Fleet.KEY)
                .commandTimeout(Duration.ofSeconds(1))
                .pollInterval(Duration.ofSeconds(1))
                .build();
    }

    @Test
    void aMasterThatIsGoneIsReplaced() throws Exception {
        try (RedisSnapshotStore store = store();
                RedisSnapshotStore other = store()) {
            Fleet.Told told = new Fleet.Told();
            other.watch(ADDRESS, told);
            long before = Eventually.answer(() -> granted(store.turn(ADDRESS, wish(Kind.MANUAL, 0))));
            now(store.publish(snapshot(before)));
            Eventually.check(() -> assertThat(told.all).contains("published " + before));

            Servers.stop(master, servers.get(0));

            long after = Eventually.answer(() -> granted(store.turn(ADDRESS, wish(Kind.MANUAL, before))));
            assertThat(after).isGreaterThan(before);
            assertThat(replication(replica)).contains("role:master");
            now(store.publish(snapshot(after)));
            Eventually.check(() -> assertThat(told.all).contains("published " + after));
            assertThat(Eventually.answer(() -> now(other.load(ADDRESS)))
                            .orElseThrow()
                            .generation())
                    .isEqualTo(after);
        }
    }

    @Test
    void aMasterThatHangsIsLeftForTheNewOne() throws Exception {
        long pid = Servers.pid(master);
        try (RedisSnapshotStore store = store()) {
            long before = Eventually.answer(() -> granted(store.turn(ADDRESS, wish(Kind.MANUAL, 0))));
            now(store.publish(snapshot(before)));

            Servers.signal(pid, "STOP");
            try {
                long after = Eventually.answer(() -> granted(store.turn(ADDRESS, wish(Kind.MANUAL, before))));
                assertThat(after).isGreaterThan(before);
                assertThat(replication(replica)).contains("role:master");
                now(store.publish(snapshot(after)));
                Servers.signal(pid, "CONT");
                Eventually.check(() -> assertThat(replication(master)).contains("role:slave"));
                assertThat(now(store.load(ADDRESS)).orElseThrow().generation()).isEqualTo(after);
            } finally {
                Servers.signal(pid, "CONT");
            }
        }
    }
}
