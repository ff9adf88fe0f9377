package dev.jwkscache.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.RedisURI;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a store is built from. Nothing listens on the port that is named here. */
class RedisSettingsTest {
    private static final RedisURI NOBODY = RedisURI.Builder.redis("127.0.0.1", 1)
            .withAuthentication("somebody", "opensesame")
            .build();

    @Test
    void withoutAKeyItIsRefusedUnlessTheStoreIsTrusted() {
        assertThatThrownBy(() -> RedisSnapshotStore.builder(NOBODY).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("hmacKey")
                .hasMessageContaining("trustStore()")
                .hasMessageContaining("whose tokens are accepted")
                .hasMessageContaining("32");
        try (var store = RedisSnapshotStore.builder(NOBODY).trustStore().build()) {
            assertThat(store.toString()).contains("unsigned");
        }
    }

    @Test
    void aKeyAndTrustContradictEachOther() {
        assertThatThrownBy(() -> RedisSnapshotStore.builder(NOBODY)
                        .hmacKey(Fleet.KEY)
                        .trustStore()
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("contradict");
    }

    @Test
    void aShortKeyIsRefusedWithoutBeingNamed() {
        assertThatThrownBy(() -> RedisSnapshotStore.builder(NOBODY)
                        .hmacKey("secret".getBytes(java.nio.charset.StandardCharsets.UTF_8))
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("6 bytes")
                .hasMessageNotContaining("secret");
    }

    @Test
    void valuesOutOfBoundsAreNamedWithTheBounds() {
        assertRefused(signed().commandTimeout(Duration.ZERO), "commandTimeout", "PT0S", "PT0.01S");
        assertRefused(signed().pollInterval(Duration.ofDays(400)), "pollInterval", "PT9600H", "PT8760H");
        assertRefused(signed().keepFor(Duration.ofMillis(-1)), "keepFor", "PT0.01S");
        assertRefused(signed().keyPrefix(""), "keyPrefix", "0 characters", "1 to 100");
        assertRefused(signed().keyPrefix("two words"), "keyPrefix", "ASCII");
    }

    private static RedisSnapshotStore.Builder signed() {
        return RedisSnapshotStore.builder(NOBODY).hmacKey(Fleet.KEY);
    }

    private static void assertRefused(RedisSnapshotStore.Builder builder, String... words) {
        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(words);
    }

    @Test
    void itSaysWhereItIsAndNeverHowToGetIn() throws Exception {
        try (var store = signed().build()) {
            assertThat(store.toString()).contains("127.0.0.1:1", "signed").doesNotContain("sesame", "somebody");
            assertThat(Fleet.failureOf(store.load(Fleet.ADDRESS)))
                    .hasMessageContaining("127.0.0.1:1")
                    .hasMessageNotContaining("sesame");
        }
        RedisURI sentinel = RedisURI.Builder.sentinel("127.0.0.1", 1, "main", "opensesame")
                .withSentinel("127.0.0.1", 2, "opensesame")
                .build();
        try (var store = RedisSnapshotStore.builder(sentinel).hmacKey(Fleet.KEY).build()) {
            assertThat(store.toString())
                    .contains("main of Sentinel 127.0.0.1:1,127.0.0.1:2")
                    .doesNotContain("sesame");
        }
        try (var store = RedisSnapshotStore.clusterBuilder(NOBODY, RedisURI.create("127.0.0.1", 2))
                .hmacKey(Fleet.KEY)
                .build()) {
            assertThat(store.toString())
                    .contains("cluster 127.0.0.1:1,127.0.0.1:2")
                    .doesNotContain("sesame");
        }
    }

    @Test
    void theAddressOfItsOwnerIsLeftAlone() {
        RedisURI uri = RedisURI.create("127.0.0.1", 1);
        Duration before = uri.getTimeout();
        RedisSnapshotStore.builder(uri).trustStore().build().close();

        assertThat(uri.getTimeout()).isEqualTo(before);
    }
}
