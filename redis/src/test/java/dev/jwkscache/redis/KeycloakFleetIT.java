package dev.jwkscache.redis;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSObject;
import dev.jwkscache.CacheState;
import dev.jwkscache.JwksCache;
import dev.jwkscache.keycloak.KeycloakServer;
import dev.jwkscache.real.Eventually;
import java.security.Signature;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import redis.embedded.RedisServer;

/** A fleet of whole caches on a real Redis, whose issuer is a real Keycloak; verified with its tokens. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class KeycloakFleetIT {
    private static final String ALG = "ES256";
    private static final int INSTANCES = 5;

    private static final List<RedisSnapshotStore> STORES = new ArrayList<>();
    private static final List<JwksCache> CACHES = new ArrayList<>();
    private static final KeycloakServer KEYCLOAK = KeycloakServer.prepared();
    private static RedisServer redis;
    private static int port;

    @BeforeAll
    static void start() throws Exception {
        port = Servers.freePort();
        redis = Servers.start(port);
        KEYCLOAK.start();
        for (int i = 0; i < INSTANCES; i++) {
            CACHES.add(instance());
        }
        CACHES.forEach(JwksCache::start);
    }

    @AfterAll
    static void stop() throws Exception {
        CACHES.forEach(JwksCache::close);
        STORES.forEach(RedisSnapshotStore::close);
        KEYCLOAK.close();
        redis.stop();
    }

    private static JwksCache instance() throws Exception {
        RedisSnapshotStore store = Servers.store(port).build();
        STORES.add(store);
        Eventually.answer(() -> Fleet.now(store.load(Fleet.ADDRESS)));
        // Time enough for a busy machine: what is tested here is who fetches, not how long that takes.
        return JwksCache.forIssuer(KEYCLOAK.issuer())
                .fetchBase(KEYCLOAK.baseUri())
                .store(store)
                .storeWait(Duration.ofSeconds(2))
                .missCooldown(Duration.ofMillis(100))
                .build();
    }

    @Test
    @Order(1)
    void fiveInstancesCostTheProviderOneFetch() throws Exception {
        assertThat(fetches()).isEqualTo(1);
        String token = KEYCLOAK.admin().accessToken(ALG);
        for (JwksCache cache : CACHES) {
            assertThat(isVerified(token, cache)).isTrue();
        }
        assertThat(fetches()).isEqualTo(1);
    }

    @Test
    @Order(2)
    void aKeyThatOneInstanceHasMetIsAtHandInAllAndOnesThatAreWithdrawnInNone() throws Exception {
        String component = KEYCLOAK.admin().addKey(ALG, 20_000);
        String kid = KEYCLOAK.admin().kidOf(component);
        String token = KEYCLOAK.admin().accessToken(ALG);
        assertThat(JWSObject.parse(token).getHeader().getKeyID()).isEqualTo(kid);

        assertThat(isVerified(token, CACHES.get(3))).isTrue();
        for (JwksCache cache : CACHES) {
            Eventually.check(() -> assertThat(cache.status().kids()).contains(kid));
            assertThat(isVerified(token, cache)).isTrue();
        }
        assertThat(fetches()).isEqualTo(2);

        KEYCLOAK.admin().delete(component);
        CACHES.get(1).refresh().join();
        for (JwksCache cache : CACHES) {
            Eventually.check(() -> assertThat(cache.status().kids()).doesNotContain(kid));
        }
        assertThat(fetches()).isEqualTo(3);
    }

    @Test
    @Order(3)
    void withKeycloakDownAnInstanceThatStartsHasTheKeysOfItsFleet() throws Exception {
        String token = KEYCLOAK.admin().accessToken(ALG);
        KEYCLOAK.kill();

        try (JwksCache late = instance()) {
            late.start();

            assertThat(isVerified(token, late)).isTrue();
            assertThat(late.status().fetches()).isZero();
            assertThat(late.status().state()).isEqualTo(CacheState.FRESH);
        }
    }

    private static long fetches() {
        return CACHES.stream().mapToLong(cache -> cache.status().fetches()).sum();
    }

    private static boolean isVerified(String token, JwksCache cache) throws Exception {
        JWSObject jws = JWSObject.parse(token);
        Signature signature = cache.key(
                        jws.getHeader().getKeyID(),
                        jws.getHeader().getAlgorithm().getName())
                .newSignature();
        signature.update(jws.getSigningInput());
        return signature.verify(jws.getSignature().decode());
    }
}
