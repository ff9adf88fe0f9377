package dev.jwkscache.redis;

import static dev.jwkscache.redis.Fleet.ADDRESS;
import static dev.jwkscache.redis.Fleet.failureOf;
import static dev.jwkscache.redis.Fleet.granted;
import static dev.jwkscache.redis.Fleet.now;
import static dev.jwkscache.redis.Fleet.snapshot;
import static dev.jwkscache.redis.Fleet.wish;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.jwkscache.real.Eventually;
import dev.jwkscache.spi.StoredSnapshot;
import dev.jwkscache.spi.Turn;
import dev.jwkscache.spi.TurnRequest.Kind;
import io.lettuce.core.RedisURI;
import io.lettuce.core.RestoreArgs;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import redis.embedded.RedisServer;

/** Whatever happens to Redis, operations fail in words and in time, and the store is back by itself afterwards. */
class RedisTroubleTest {
    private int port;
    private RedisServer server;
    private RedisSnapshotStore store;

    @BeforeEach
    void start() throws Exception {
        port = Servers.freePort();
        server = Servers.start(port);
        store = Servers.store(port).build();
    }

    @AfterEach
    void stop() throws Exception {
        store.close();
        server.stop();
    }

    private long publish() throws Exception {
        long generation = Eventually.answer(() -> granted(store.turn(ADDRESS, wish(Kind.MANUAL, 0))));
        now(store.publish(snapshot(generation)));
        return generation;
    }

    @Test
    void aRedisThatIsAwayAtFirstIsFoundWhenItComes() throws Exception {
        Servers.stop(port, server);
        try (RedisSnapshotStore early = Servers.store(port).build()) {
            assertThat(failureOf(early.load(ADDRESS)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("no connection to Redis at 127.0.0.1:" + port);
            assertThat(failureOf(early.turn(ADDRESS, wish(Kind.NEED, 0)))).isInstanceOf(IOException.class);
            assertThat(failureOf(early.publish(snapshot(1)))).isInstanceOf(IOException.class);
            assertThat(failureOf(early.failed(ADDRESS, 1, Fleet.failure(Duration.ZERO, Duration.ZERO))))
                    .isInstanceOf(IOException.class);
            assertThat(failureOf(early.purge(ADDRESS, 1))).isInstanceOf(IOException.class);

            server = Servers.start(port);

            Eventually.answer(() -> granted(early.turn(ADDRESS, wish(Kind.MANUAL, 0))));
        }
    }

    @Test
    void aRestartedRedisKnowsNeitherTheScriptNorTheKeysAndIsUsedAgain() throws Exception {
        long before = publish();
        Servers.stop(port, server);
        for (int i = 0; i < 50; i++) {
            // At once: nothing waits in a queue for a server that is away.
            assertThat(failureOf(store.load(ADDRESS)))
                    .isInstanceOf(IOException.class)
                    .hasMessageNotContaining("commandTimeout");
        }
        assertThat(failureOf(store.load(ADDRESS))).hasMessageContaining("no connection");

        server = Servers.start(port);

        assertThat(Eventually.answer(() -> now(store.load(ADDRESS)))).isEmpty();
        assertThat(granted(store.turn(ADDRESS, wish(Kind.SCHEDULE, before)))).isGreaterThan(before);
    }

    @Test
    void aFlushedRedisGoesOnCounting() throws Exception {
        long before = publish();
        Servers.ask(port, redis -> redis.flushall() + redis.scriptFlush());

        assertThat(now(store.load(ADDRESS))).isEmpty();
        long after = granted(store.turn(ADDRESS, wish(Kind.SCHEDULE, 0)));
        assertThat(after).isGreaterThan(before);
        now(store.publish(snapshot(after)));
        assertThat(now(store.load(ADDRESS)).orElseThrow().generation()).isEqualTo(after);
    }

    @Test
    void aHangingRedisFailsEveryCommandAndNothingPilesUp() throws Exception {
        publish();
        long pid = Servers.pid(port);
        Servers.signal(pid, "STOP");
        try {
            assertThat(failureOf(store.load(ADDRESS))).hasMessageContaining("500 ms (commandTimeout)");
            List<CompletableFuture<?>> many = new ArrayList<>();
            for (int i = 0; i < 5000; i++) {
                many.add(store.load(ADDRESS));
            }
            for (CompletableFuture<?> one : many) {
                assertThat(failureOf(one)).isInstanceOf(IOException.class);
            }
            assertThat(store.underWay()).isZero();
            // The connection to the hanging process has been given up: another process may be the master by now.
            Eventually.check(() -> assertThat(failureOf(store.load(ADDRESS))).hasMessageContaining("no connection"));
        } finally {
            Servers.signal(pid, "CONT");
        }
        assertThat(Eventually.answer(() -> now(store.load(ADDRESS)))).isPresent();
    }

    @Test
    void anOperationIsBoundedAsAWholeThoughEachOfItsCommandsIsInTime() throws Exception {
        try (Relay relay = new Relay(port);
                RedisSnapshotStore slow = Servers.store(relay.port()).build()) {
            Eventually.answer(() -> now(slow.load(ADDRESS)));
            Servers.ask(port, redis -> redis.scriptFlush());
            relay.delay(400);

            // The digest that the server does not know any more, and then the script.
            assertThat(failureOf(slow.load(ADDRESS))).hasMessageContaining("500 ms (commandTimeout)");

            relay.delay(0);
            Eventually.answer(() -> now(slow.load(ADDRESS)));
        }
    }

    @Test
    void aFullRedisRefusesTurnsInWordsAndStillHandsOver() throws Exception {
        long generation = publish();
        Servers.ask(
                port, redis -> redis.configSet("maxmemory-policy", "noeviction") + redis.configSet("maxmemory", "1"));

        assertThat(failureOf(store.turn(ADDRESS, wish(Kind.NEED, generation))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("memory is full");
        assertThat(failureOf(store.publish(snapshot(generation + 1)))).hasMessageContaining("memory is full");
        assertThat(now(store.load(ADDRESS)).orElseThrow().generation()).isEqualTo(generation);
        now(store.purge(ADDRESS, generation));
        assertThat(now(store.load(ADDRESS))).isEmpty();

        Servers.ask(port, redis -> redis.configSet("maxmemory", "0"));
        now(store.publish(snapshot(generation)));
        assertThat(now(store.load(ADDRESS))).isEmpty();
        granted(store.turn(ADDRESS, wish(Kind.NEED, generation)));
    }

    @Test
    void aMasterThatBecameAReplicaIsNamedAndGivenUp() throws Exception {
        long generation = publish();
        int other = Servers.freePort();
        RedisServer master = Servers.start(other);
        try {
            Servers.ask(port, redis -> redis.replicaof("127.0.0.1", other));
            Eventually.check(() -> assertThat(failureOf(store.turn(ADDRESS, wish(Kind.NEED, generation))))
                    .hasMessageContaining("it is a replica"));
            Servers.ask(port, redis -> redis.replicaofNoOne());
            Eventually.answer(() -> granted(store.turn(ADDRESS, wish(Kind.MANUAL, generation))));
        } finally {
            master.stop();
        }
    }

    @Test
    void aRedisThatWantsAPasswordSaysSo() throws Exception {
        Servers.ask(port, redis -> redis.configSet("requirepass", "opensesame"));
        RedisURI uri = RedisURI.Builder.redis("127.0.0.1", port)
                .withPassword("wrongsesame".toCharArray())
                .build();
        try (RedisSnapshotStore wrong =
                RedisSnapshotStore.builder(uri).hmacKey(Fleet.KEY).build()) {
            assertThat(failureOf(wrong.load(ADDRESS)))
                    .isInstanceOf(IOException.class)
                    .hasMessageNotContaining("sesame");
        }
        uri = RedisURI.Builder.redis("127.0.0.1", port)
                .withPassword("opensesame".toCharArray())
                .build();
        try (RedisSnapshotStore right =
                RedisSnapshotStore.builder(uri).hmacKey(Fleet.KEY).build()) {
            Eventually.answer(() -> now(right.load(ADDRESS)));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {-3_000, 3_000, 7_200_000})
    void anInstanceWhoseClockIsWrongGoesOnAlone(long millis) throws Exception {
        long generation = publish();
        SteppedClock wrong = new SteppedClock(Instant.now().plusMillis(millis));
        try (RedisSnapshotStore astray = Servers.store(port).clock(wrong).build()) {
            Throwable failure = Eventually.answer(() -> {
                wrong.set(Instant.now().plusMillis(millis));
                Throwable last = failureOf(astray.load(ADDRESS));
                assertThat(last).hasMessageContaining("the clock of this machine and that of Redis");
                return last;
            });
            assertThat(failure).isInstanceOf(IOException.class).hasMessageContaining("NTP");
            assertThat(failureOf(astray.turn(ADDRESS, wish(Kind.MANUAL, 0)))).hasMessageContaining("the clock of");
            assertThat(failureOf(astray.publish(snapshot(generation + 1)))).hasMessageContaining("the clock of");
            assertThat(now(store.load(ADDRESS)).orElseThrow().generation()).isEqualTo(generation);
            // Nobody has to wait for a turn that was refused, and what must be forgotten is, by whatever clock.
            granted(store.turn(ADDRESS, wish(Kind.NEED, generation)));
            now(astray.purge(ADDRESS, generation));
            assertThat(now(store.load(ADDRESS))).isEmpty();
        }
    }

    @Test
    void keysDoNotBecomeYoungerThoughClocksDifferWithinTheTolerance() throws Exception {
        Eventually.answer(() -> now(store.load(ADDRESS)));
        SteppedClock ahead = new SteppedClock(Instant.now().plusMillis(1_000));
        SteppedClock behind = new SteppedClock(Instant.now().minusMillis(1_000));
        try (RedisSnapshotStore one = Servers.store(port).clock(ahead).build();
                RedisSnapshotStore other = Servers.store(port).clock(behind).build()) {
            StoredSnapshot fetched = new StoredSnapshot(ADDRESS, new byte[] {1}, null, null, ahead.instant(), 5);
            Eventually.answer(() -> {
                ahead.set(Instant.now().plusMillis(1_000));
                return now(one.publish(fetched));
            });
            StoredSnapshot loaded = Eventually.answer(() -> {
                        behind.set(Instant.now().minusMillis(1_000));
                        return now(other.load(ADDRESS));
                    })
                    .orElseThrow();

            Instant fetchedByTheClockOfTheReader = fetched.fetchedAt().minusMillis(2_000);
            assertThat(loaded.fetchedAt()).isBeforeOrEqualTo(fetchedByTheClockOfTheReader);
        }
    }

    @Test
    void whatNobodyWritesAnyMoreIsForgotten() throws Exception {
        String key = new FleetKeys("jwks-cache").key(ADDRESS);
        try (RedisSnapshotStore brief =
                Servers.store(port).keepFor(Duration.ofSeconds(1)).build()) {
            Eventually.answer(() -> now(brief.publish(snapshot(5))));
            long left = Servers.ask(port, redis -> redis.pttl(key));
            assertThat(left).isLessThanOrEqualTo(1000);
            Eventually.check(() -> assertThat(now(brief.load(ADDRESS))).isEmpty());
        }
        publish();
        long left = Servers.ask(port, redis -> redis.pttl(key));
        assertThat(left).isGreaterThan(Duration.ofHours(23).toMillis());
        List<String> keys = Servers.ask(port, redis -> redis.keys("*"));
        assertThat(keys).containsExactly(key);
    }

    @Test
    void aSnapshotThatCannotBeWrittenIsAFailureOfItsOwn() throws Exception {
        assertThat(failureOf(store.publish(snapshot(-1)))).isInstanceOf(IllegalArgumentException.class);
        assertThat(failureOf(store.purge(ADDRESS, -1))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aTurnThatTheLostRedisHasGrantedIsPublishedInTheNewOne() throws Exception {
        long granted = Eventually.answer(() -> granted(store.turn(ADDRESS, wish(Kind.NEED, 0))));
        Servers.ask(port, redis -> redis.flushall());
        now(store.publish(snapshot(granted)));

        assertThat(now(store.turn(ADDRESS, wish(Kind.NEED, 0)))).isEqualTo(new Turn.Newer(granted));
    }

    @Test
    void anOldCopyThatComesBackNeitherCountsBackwardsNorTellsOldNews() throws Exception {
        String key = new FleetKeys("jwks-cache").key(ADDRESS);
        Fleet.Told told = new Fleet.Told();
        store.watch(ADDRESS, told);
        long old = publish();
        byte[] copy = Servers.ask(port, redis -> redis.dump(key));
        long lost = publish();
        Eventually.check(() -> assertThat(told.all).contains("published " + lost));
        Servers.ask(
                port,
                redis ->
                        redis.restore(key, copy, RestoreArgs.Builder.ttl(60_000).replace()));

        long granted = granted(store.turn(ADDRESS, wish(Kind.NEED, lost)));
        assertThat(granted).isGreaterThan(lost);
        assertThat(now(store.load(ADDRESS)).orElseThrow().generation()).isEqualTo(old);
        now(store.publish(snapshot(granted)));
        now(store.publish(snapshot(lost)));

        assertThat(now(store.load(ADDRESS)).orElseThrow().generation()).isEqualTo(granted);
        Eventually.check(() -> assertThat(told.all).contains("published " + granted));
        List<String> sorted = new ArrayList<>(told.all);
        Collections.sort(sorted);
        assertThat(told.all).isEqualTo(sorted);
    }

    @Test
    void comingAndGoingIsLoggedOnceEach() throws Exception {
        Logger logger = (Logger) LoggerFactory.getLogger("jwks-cache");
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        Level before = logger.getLevel();
        logger.setLevel(Level.INFO);
        logger.addAppender(log);
        int quiet = Servers.freePort();
        try (RedisSnapshotStore late = Servers.store(quiet).build()) {
            late.watch(ADDRESS, new Fleet.Told());
            Eventually.check(() -> assertThat(events(log, quiet)).containsExactly("jwks_redis_lost"));
            for (int i = 0; i < 20; i++) {
                failureOf(late.load(ADDRESS));
            }
            RedisServer other = Servers.start(quiet);
            Eventually.answer(() -> now(late.load(ADDRESS)));
            Servers.stop(quiet, other);
            Eventually.check(() -> assertThat(events(log, quiet))
                    .containsExactly("jwks_redis_lost", "jwks_redis_connected", "jwks_redis_lost"));
        } finally {
            logger.detachAppender(log);
            logger.setLevel(before);
        }
    }

    private static List<String> events(ListAppender<ILoggingEvent> log, int port) {
        return log.list.stream()
                .filter(event -> event.getLevel().isGreaterOrEqual(Level.INFO))
                .filter(event -> String.valueOf(event.getKeyValuePairs()).contains("127.0.0.1:" + port))
                .map(ILoggingEvent::getMessage)
                .toList();
    }
}
