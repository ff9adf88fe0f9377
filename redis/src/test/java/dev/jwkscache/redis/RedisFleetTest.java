package dev.jwkscache.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jwkscache.CacheState;
import dev.jwkscache.JwksCache;
import dev.jwkscache.real.Eventually;
import dev.jwkscache.testkit.ScriptedProvider;
import dev.jwkscache.testkit.SigningKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.embedded.RedisServer;

/** Whole caches, one provider and one Redis, all of them real: one fetches for all, and nobody notices when Redis is gone. */
class RedisFleetTest {
    private static final String ALG = "ES256";
    private static final int INSTANCES = 5;

    private final ScriptedProvider provider = ScriptedProvider.start(ALG);
    private final List<RedisSnapshotStore> stores = new ArrayList<>();
    private final List<JwksCache> caches = new ArrayList<>();
    private int port;
    private RedisServer server;

    @BeforeEach
    void start() throws Exception {
        port = Servers.freePort();
        server = Servers.start(port);
        for (int i = 0; i < INSTANCES; i++) {
            RedisSnapshotStore store = Servers.store(port).build();
            stores.add(store);
            Eventually.answer(() -> Fleet.now(store.load(Fleet.ADDRESS)));
            // Time enough for a busy machine: what is tested here is who fetches, not how long that takes.
            caches.add(JwksCache.builder(provider.jwksUri())
                    .store(store)
                    .storeWait(Duration.ofSeconds(2))
                    .missCooldown(Duration.ofMillis(100))
                    .build());
        }
        for (JwksCache cache : caches) {
            cache.start();
        }
    }

    @AfterEach
    void stop() throws Exception {
        caches.forEach(JwksCache::close);
        stores.forEach(RedisSnapshotStore::close);
        provider.close();
        server.stop();
    }

    @Test
    void oneFetchesAndAllHaveTheKeysAndTheirAge() {
        assertThat(provider.requestCount()).isEqualTo(1);
        assertThat(caches).allSatisfy(cache -> {
            assertThat(cache.status().state()).isEqualTo(CacheState.FRESH);
            assertThat(cache.status().kids()).hasSize(1);
        });
        assertThat(caches.subList(1, INSTANCES)).allSatisfy(cache -> {
            assertThat(cache.status().storedSets()).isEqualTo(1);
            assertThat(cache.status().age().orElseThrow()).isGreaterThanOrEqualTo(Duration.ofSeconds(4));
        });
    }

    @Test
    void aNewKeyThatOneHasSeenIsAtHandInAll() throws Exception {
        SigningKey rotated = provider.rotate(ALG);
        caches.get(3).key(rotated.kid(), ALG);

        for (JwksCache cache : caches) {
            Eventually.check(() -> assertThat(cache.status().kids()).contains(rotated.kid()));
        }
        assertThat(provider.requestCount()).isEqualTo(2);
    }

    @Test
    void whatOnePurgesNobodyTrusts() throws Exception {
        provider.behave(dev.jwkscache.testkit.Behaviour.status(503));
        caches.get(2).purge();

        for (JwksCache cache : caches) {
            Eventually.check(() -> assertThat(cache.status().state()).isEqualTo(CacheState.EMPTY));
        }
    }

    @Test
    void withoutRedisEachGoesOnAloneAndBackItIsAFleetAgain() throws Exception {
        Servers.stop(port, server);
        for (JwksCache cache : caches) {
            SigningKey rotated = provider.rotate(ALG);
            Eventually.answer(() -> cache.key(rotated.kid(), ALG));
            assertThat(cache.get().kids()).contains(rotated.kid());
        }

        server = Servers.start(port);
        for (RedisSnapshotStore store : stores) {
            Eventually.answer(() -> Fleet.now(store.load(Fleet.ADDRESS)));
        }
        SigningKey last = provider.rotate(ALG);
        Eventually.answer(() -> caches.get(0).key(last.kid(), ALG));
        for (JwksCache cache : caches) {
            Eventually.check(() -> assertThat(cache.status().kids()).contains(last.kid()));
        }
    }
}
