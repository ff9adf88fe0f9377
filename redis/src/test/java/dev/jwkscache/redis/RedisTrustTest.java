package dev.jwkscache.redis;

import static dev.jwkscache.redis.Fleet.ADDRESS;
import static dev.jwkscache.redis.Fleet.failureOf;
import static dev.jwkscache.redis.Fleet.granted;
import static dev.jwkscache.redis.Fleet.now;
import static dev.jwkscache.redis.Fleet.snapshot;
import static dev.jwkscache.redis.Fleet.wish;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jwkscache.real.Eventually;
import dev.jwkscache.spi.RefusedSnapshotException;
import dev.jwkscache.spi.SnapshotFormat;
import dev.jwkscache.spi.SnapshotRefusal;
import dev.jwkscache.spi.Turn;
import dev.jwkscache.spi.TurnRequest.Kind;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.embedded.RedisServer;

/** What somebody who can write to Redis, and has no key, can do to those who read there. */
class RedisTrustTest {
    private static final URI OTHER = URI.create("https://other.example/jwks");
    private static final FleetKeys KEYS = new FleetKeys("jwks-cache");
    private static final String HASH = KEYS.key(ADDRESS);
    private static int port;
    private static RedisServer server;

    private RedisSnapshotStore store;
    private long generation;

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
    void publish() throws Exception {
        Servers.ask(port, redis -> redis.flushall());
        store = Servers.store(port).build();
        generation = Eventually.answer(() -> granted(store.turn(ADDRESS, wish(Kind.NEED, 0))));
        now(store.publish(snapshot(generation)));
    }

    @AfterEach
    void close() {
        store.close();
    }

    private static byte[] field(String name) {
        return Servers.ask(port, redis -> redis.hget(HASH, name));
    }

    private static void alter(String field, byte[] value) {
        Servers.ask(port, redis -> redis.hset(HASH, Map.of(field, value)));
    }

    private static void alter(String field, long value) {
        alter(field, Long.toString(value).getBytes(UTF_8));
    }

    private void assertRefused(URI address, SnapshotRefusal refusal) throws Exception {
        assertThat(failureOf(store.load(address)))
                .isInstanceOfSatisfying(
                        RefusedSnapshotException.class,
                        e -> assertThat(e.refusal()).isEqualTo(refusal));
    }

    @Test
    void everyAlteredByteOfAnEntryIsNoticed() throws Exception {
        byte[] entry = field("entry");
        for (int i = 0; i < entry.length; i += 7) {
            byte[] altered = entry.clone();
            altered[i] ^= 1;
            alter("entry", altered);
            assertThat(failureOf(store.load(ADDRESS))).isInstanceOf(RefusedSnapshotException.class);
        }
        byte[] document = entry.clone();
        document[entry.length - 2] ^= 1;
        alter("entry", document);
        assertRefused(ADDRESS, SnapshotRefusal.ALTERED);
    }

    @Test
    void garbageIsRefused() throws Exception {
        alter("entry", "<html>".getBytes(UTF_8));
        assertRefused(ADDRESS, SnapshotRefusal.FORMAT);
    }

    @Test
    void theEntryOfAnotherAddressIsRefused() throws Exception {
        byte[] entry = field("entry");
        Servers.ask(
                port,
                redis -> redis.hset(
                        KEYS.key(OTHER),
                        Map.of(
                                "entry",
                                entry,
                                "generation",
                                Long.toString(generation).getBytes(UTF_8))));
        assertRefused(OTHER, SnapshotRefusal.ADDRESS);
    }

    @Test
    void anUnsignedEntryIsRefused() throws Exception {
        alter("entry", SnapshotFormat.unsigned().write(snapshot(generation)));
        assertRefused(ADDRESS, SnapshotRefusal.SIGNATURE);
    }

    @Test
    void theEntryOfSomebodyWithAnotherKeyIsRefused() throws Exception {
        alter("entry", SnapshotFormat.signed(new byte[32]).write(snapshot(generation)));
        assertRefused(ADDRESS, SnapshotRefusal.ALTERED);
    }

    @Test
    void anEntryUnderAnotherGenerationThanItsOwnIsRefused() throws Exception {
        alter("generation", generation + 1);
        assertRefused(ADDRESS, SnapshotRefusal.ALTERED);
    }

    @Test
    void whatWasPurgedAndPutBackIsRefused() throws Exception {
        byte[] entry = field("entry");
        now(store.purge(ADDRESS, generation));
        alter("entry", entry);
        alter("generation", generation);
        assertRefused(ADDRESS, SnapshotRefusal.PURGED);
    }

    @Test
    void anEntryThatNoCacheWouldWriteIsNotEvenFetched() throws Exception {
        Servers.ask(port, redis -> {
            redis.configSet("proto-max-bulk-len", "100mb");
            return redis.hset(HASH, Map.of("entry", new byte[65 << 20]));
        });
        assertRefused(ADDRESS, SnapshotRefusal.TRUNCATED);
    }

    @Test
    void aPurgeWithoutTheKeyIsToldToNobody() throws Exception {
        Fleet.Told told = new Fleet.Told();
        store.watch(ADDRESS, told);
        Eventually.check(() -> assertThat(told.all).containsExactly("published " + generation));

        alter("purged", generation + 10);
        alter("proof", SnapshotFormat.unsigned().write(snapshot(generation + 10)));
        announce();
        // An entry is signed as well, and is no purge.
        alter("proof", field("entry"));
        announce();
        byte[] elsewhere = SnapshotFormat.signed(Fleet.KEY).write(proof(OTHER, generation + 10));
        alter("proof", elsewhere);
        announce();
        alter("generation", generation + 20);
        announce();

        Eventually.check(() -> assertThat(told.all).contains("published " + (generation + 20)));
        assertThat(told.all).noneMatch(line -> line.startsWith("purged"));
    }

    @Test
    void aPurgeCountsForAsMuchAsIsSigned() throws Exception {
        Fleet.Told told = new Fleet.Told();
        now(store.purge(ADDRESS, generation - 1));
        alter("purged", generation + 50);
        store.watch(ADDRESS, told);

        Eventually.check(() -> assertThat(told.all).contains("purged " + (generation - 1)));
        assertThat(told.all).doesNotContain("purged " + (generation + 50));
    }

    private static dev.jwkscache.spi.StoredSnapshot proof(URI address, long generation) {
        return new dev.jwkscache.spi.StoredSnapshot(
                address, new byte[0], null, null, java.time.Instant.now(), generation);
    }

    /** Announces a change, and waits until the store has looked. */
    private void announce() throws Exception {
        Fleet.Told probe = new Fleet.Told();
        Servers.ask(
                port, redis -> redis.publish(KEYS.channel(), KEYS.name(ADDRESS).getBytes(UTF_8)));
        try (var watch = store.watch(ADDRESS, probe)) {
            assertThat(watch).isNotNull();
            Eventually.check(() -> assertThat(probe.all).isNotEmpty());
        }
    }

    @Test
    void generationsFarAheadAreNotTakenOver() throws Exception {
        Fleet.Told told = new Fleet.Told();
        alter("granted", 1L << 53);
        assertThat(failureOf(store.turn(ADDRESS, wish(Kind.MANUAL, 0))))
                .isInstanceOf(java.io.IOException.class)
                .hasMessageContaining("24 h ahead")
                .hasMessageContaining("delete");

        alter("generation", 1L << 53);
        store.watch(ADDRESS, told);
        assertThat(failureOf(store.turn(ADDRESS, wish(Kind.NEED, 0)))).hasMessageContaining("24 h ahead");
        announce(OTHER);
        assertThat(told.all).isEmpty();
    }

    private void announce(URI other) throws Exception {
        Fleet.Told probe = new Fleet.Told();
        store.watch(other, probe);
        now(store.publish(snapshot(other, granted(store.turn(other, wish(Kind.NEED, 0))))));
        Eventually.check(() -> assertThat(probe.all).isNotEmpty());
    }

    @Test
    void momentsThatLieAheadHoldNobodyUp() throws Exception {
        long ahead = System.currentTimeMillis() + 86_400_000L;
        alter("leaseSince", ahead);
        alter("leaseUntil", ahead + 60_000);
        alter("missAt", ahead);
        alter("failedAt", ahead);
        alter("failUntil", ahead + 60_000);
        alter("quietUntil", ahead + 60_000);

        granted(store.turn(ADDRESS, wish(Kind.MISS, generation)));
    }

    @Test
    void textOfRedisGetsNoFurther() throws Exception {
        long turn = granted(store.turn(ADDRESS, wish(Kind.NEED, generation)));
        now(store.failed(ADDRESS, turn, Fleet.failure(Fleet.LEASE, Fleet.LEASE)));
        alter("failReason", "\u001b[31mlook here\n".getBytes(UTF_8));

        assertThat(now(store.turn(ADDRESS, wish(Kind.NEED, generation))))
                .isInstanceOfSatisfying(
                        Turn.Failing.class,
                        failing -> assertThat(failing.reason()).isEqualTo("unknown"));
    }

    @Test
    void numbersThatAreNoneCountForNothing() throws Exception {
        for (String field : new String[] {"granted", "purged", "leaseUntil", "leaseSince", "quietUntil", "failedAt"}) {
            alter(field, "nonsense".getBytes(UTF_8));
        }
        assertThat(granted(store.turn(ADDRESS, wish(Kind.NEED, generation)))).isGreaterThan(generation);
    }

    @Test
    void somethingElseUnderTheKeyIsSaidInWords() throws Exception {
        Servers.ask(port, redis -> redis.set(HASH, new byte[] {1}));

        assertThat(failureOf(store.load(ADDRESS))).hasMessageContaining("keyPrefix");
    }
}
