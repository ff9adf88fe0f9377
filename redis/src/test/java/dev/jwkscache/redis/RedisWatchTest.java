package dev.jwkscache.redis;

import static dev.jwkscache.redis.Fleet.ADDRESS;
import static dev.jwkscache.redis.Fleet.granted;
import static dev.jwkscache.redis.Fleet.now;
import static dev.jwkscache.redis.Fleet.snapshot;
import static dev.jwkscache.redis.Fleet.wish;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jwkscache.real.Eventually;
import dev.jwkscache.spi.TurnRequest.Kind;
import io.lettuce.core.AclSetuserArgs;
import io.lettuce.core.KillArgs;
import io.lettuce.core.RedisURI;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.embedded.RedisServer;

/** Changes reach whoever watches: by announcement, by polling where that fails, and after an absence. */
class RedisWatchTest {
    /** So long that whatever is told within a test was not found by polling. */
    private static final Duration NEVER = Duration.ofHours(1);

    private int port;
    private RedisServer server;
    private Relay relay;
    private RedisSnapshotStore writer;
    private final Fleet.Told told = new Fleet.Told();

    @BeforeEach
    void start() throws Exception {
        port = Servers.freePort();
        server = Servers.start(port);
        relay = new Relay(port);
        writer = Servers.store(port).build();
        Eventually.answer(() -> now(writer.load(ADDRESS)));
    }

    @AfterEach
    void stop() throws Exception {
        writer.close();
        relay.close();
        server.stop();
    }

    private long publish() throws Exception {
        long generation = granted(writer.turn(ADDRESS, wish(Kind.MANUAL, 0)));
        now(writer.publish(snapshot(generation)));
        return generation;
    }

    private void isTold(String what) throws Exception {
        Eventually.check(() -> assertThat(told.all).contains(what));
    }

    /** Until Redis knows of so many subscriptions. */
    private void subscriptions(long number) throws Exception {
        Eventually.check(() -> assertThat(Servers.ask(port, redis -> redis.pubsubNumsub("jwks-cache:changes"))
                        .get("jwks-cache:changes"))
                .isEqualTo(number));
    }

    @Test
    void whatIsThereAlreadyIsToldAtOnce() throws Exception {
        long generation = publish();
        try (RedisSnapshotStore reader = Servers.store(port).pollInterval(NEVER).build()) {
            Eventually.answer(() -> now(reader.load(ADDRESS)));
            reader.watch(ADDRESS, told);
            isTold("published " + generation);
        }
    }

    @Test
    void anAnnouncementIsEnough() throws Exception {
        try (RedisSnapshotStore reader = Servers.store(port).pollInterval(NEVER).build()) {
            reader.watch(ADDRESS, told);
            subscriptions(2);
            for (int i = 0; i < 20; i++) {
                long generation = publish();
                isTold("published " + generation);
                now(writer.purge(ADDRESS, generation));
                isTold("purged " + generation);
            }
            assertThat(told.all).doesNotHaveDuplicates().hasSize(40);
        }
    }

    /** Somebody who may do everything but subscribe. */
    private RedisURI deaf() {
        Servers.ask(
                port,
                redis -> redis.aclSetuser(
                        "deaf",
                        AclSetuserArgs.Builder.on()
                                .addPassword("opensesame")
                                .allKeys()
                                .allCommands()
                                .resetChannels()));
        return RedisURI.Builder.redis("127.0.0.1", port)
                .withAuthentication("deaf", "opensesame".toCharArray())
                .build();
    }

    @Test
    void aStoreThatMayNotListenFindsOutByPolling() throws Exception {
        RedisURI deaf = deaf();
        try (RedisSnapshotStore reader = RedisSnapshotStore.builder(deaf)
                .hmacKey(Fleet.KEY)
                .pollInterval(Duration.ofMillis(100))
                .build()) {
            reader.watch(ADDRESS, told);
            Eventually.answer(() -> now(reader.load(ADDRESS)));
            long generation = publish();
            isTold("published " + generation);
            now(writer.purge(ADDRESS, generation));
            isTold("purged " + generation);
            subscriptions(1);
        }
    }

    @Test
    void aSubscriptionThatBreaksIsMadeAgain() throws Exception {
        try (RedisSnapshotStore reader = Servers.store(port).pollInterval(NEVER).build()) {
            reader.watch(ADDRESS, told);
            subscriptions(2);
            Servers.ask(port, redis -> redis.clientKill(KillArgs.Builder.typePubsub()));
            long generation = publish();
            isTold("published " + generation);
            subscriptions(2);
            now(writer.purge(ADDRESS, generation));
            isTold("purged " + generation);
        }
    }

    @Test
    void whoeverWasAwayIsToldWhenHeIsBack() throws Exception {
        try (RedisSnapshotStore reader =
                Servers.store(relay.port()).pollInterval(NEVER).build()) {
            reader.watch(ADDRESS, told);
            subscriptions(2);
            long first = publish();
            isTold("published " + first);

            relay.cut();
            subscriptions(1);
            now(writer.purge(ADDRESS, first));
            long second = publish();
            assertThat(told.all).containsExactly("published " + first);
            relay.mend();

            isTold("purged " + first);
            isTold("published " + second);
        }
    }

    @Test
    void whoeverCameWhileRedisWasAwayIsToldLater() throws Exception {
        relay.cut();
        try (RedisSnapshotStore reader =
                Servers.store(relay.port()).pollInterval(NEVER).build()) {
            reader.watch(ADDRESS, told);
            long generation = publish();
            relay.mend();

            isTold("published " + generation);
        }
    }

    @Test
    void aFloodOfAnnouncementsIsLookedAtOneAtATime() throws Exception {
        FleetKeys keys = new FleetKeys("jwks-cache");
        try (RedisSnapshotStore reader = Servers.store(port).pollInterval(NEVER).build()) {
            reader.watch(ADDRESS, told);
            subscriptions(2);
            long generation = publish();
            isTold("published " + generation);
            byte[] name = keys.name(ADDRESS).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
            Servers.ask(port, redis -> {
                for (int i = 0; i < 5000; i++) {
                    redis.publish(keys.channel(), i % 2 == 0 ? name : new byte[] {(byte) i});
                    assertThat(reader.underWay()).isLessThanOrEqualTo(1);
                }
                return "";
            });
            long next = publish();
            isTold("published " + next);
            assertThat(told.all).hasSize(2);
        }
    }

    @Test
    void aLookThatFailedIsMadeAgainAfterAReconnect() throws Exception {
        RedisURI deaf = deaf();
        try (RedisSnapshotStore reader = RedisSnapshotStore.builder(
                        RedisURI.builder(deaf).withPort(relay.port()).build())
                .hmacKey(Fleet.KEY)
                .pollInterval(NEVER)
                .build()) {
            Eventually.answer(() -> now(reader.load(ADDRESS)));
            relay.cut();
            Eventually.check(
                    () -> assertThat(Fleet.failureOf(reader.load(ADDRESS))).isNotNull());
            reader.watch(ADDRESS, told);
            long generation = publish();
            relay.mend();

            isTold("published " + generation);
        }
    }
}
