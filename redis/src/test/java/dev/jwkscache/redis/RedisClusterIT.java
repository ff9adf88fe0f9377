package dev.jwkscache.redis;

import static dev.jwkscache.redis.Fleet.granted;
import static dev.jwkscache.redis.Fleet.now;
import static dev.jwkscache.redis.Fleet.snapshot;
import static dev.jwkscache.redis.Fleet.wish;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jwkscache.real.Eventually;
import dev.jwkscache.spi.Turn;
import dev.jwkscache.spi.TurnRequest.Kind;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.SlotHash;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import redis.embedded.RedisShardedCluster;
import redis.embedded.core.RedisServerBuilder;

/** Addresses live on different nodes of a cluster, each with its script, its announcements and its purges. */
class RedisClusterIT {
    private static final int NODES = 6;
    private static final List<Integer> PORTS = new ArrayList<>();
    private static final FleetKeys KEYS = new FleetKeys("jwks-cache");
    private static RedisShardedCluster cluster;

    @BeforeAll
    static void start() throws Exception {
        for (int i = 0; i < NODES; i++) {
            PORTS.add(Servers.freePort());
        }
        cluster = new redis.embedded.core.RedisShardedClusterBuilder()
                .withServerBuilder(new RedisServerBuilder().setting("save \"\"").onShutdownForceStop(true))
                .serverPorts(PORTS)
                .shard("one", 1)
                .shard("two", 1)
                .shard("three", 1)
                .build();
        cluster.start();
    }

    @AfterAll
    static void stop() throws Exception {
        cluster.stop();
    }

    private static RedisSnapshotStore store() {
        return RedisSnapshotStore.clusterBuilder(Servers.uri(PORTS.get(0)), new RedisURI[] {Servers.uri(PORTS.get(2))})
                .hmacKey(Fleet.KEY)
                .pollInterval(Duration.ofHours(1))
                .build();
    }

    /** So many that every node has some, in slots far apart. */
    private static List<URI> addresses(String name) {
        List<URI> addresses = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            addresses.add(URI.create("https://" + name + i + ".example/jwks"));
        }
        assertThat(addresses.stream()
                        .map(address -> SlotHash.getSlot(KEYS.key(address)) * 3 / SlotHash.SLOT_COUNT)
                        .distinct())
                .hasSize(3);
        return addresses;
    }

    @Test
    void everyAddressHasItsTurnsItsWatchersAndItsPurges() throws Exception {
        try (RedisSnapshotStore here = store();
                RedisSnapshotStore there = store()) {
            for (URI address : addresses("many")) {
                Fleet.Told told = new Fleet.Told();
                Eventually.answer(() -> now(there.load(address)));
                there.watch(address, told);

                long generation = Eventually.answer(() -> granted(here.turn(address, wish(Kind.NEED, 0))));
                assertThat(now(there.turn(address, wish(Kind.NEED, 0)))).isInstanceOf(Turn.Taken.class);
                now(here.publish(snapshot(address, generation)));

                Eventually.check(() -> assertThat(told.all).contains("published " + generation));
                assertThat(now(there.load(address)).orElseThrow().generation()).isEqualTo(generation);
                now(here.purge(address, generation));
                Eventually.check(() -> assertThat(told.all).contains("purged " + generation));
                assertThat(now(there.load(address))).isEmpty();
            }
        }
    }

    @Test
    void aNodeThatIsGoneIsReplacedByItsReplica() throws Exception {
        try (RedisSnapshotStore store = store()) {
            Map<URI, Long> before = new HashMap<>();
            for (URI address : addresses("lost")) {
                long generation = Eventually.answer(() -> granted(store.turn(address, wish(Kind.MANUAL, 0))));
                now(store.publish(snapshot(address, generation)));
                before.put(address, generation);
            }
            ProcessHandle process = ProcessHandle.of(Servers.pid(PORTS.get(0))).orElseThrow();
            assertThat(process.destroyForcibly()).isTrue();

            for (URI address : before.keySet()) {
                long known = before.get(address);
                assertThat(Eventually.answer(() -> granted(store.turn(address, wish(Kind.MANUAL, known)))))
                        .isGreaterThan(known);
            }
        }
    }
}
