package dev.jwkscache.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jwkscache.spi.Turn;
import dev.jwkscache.spi.TurnRequest.Kind;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import redis.embedded.RedisServer;

/** Whoever asks before the store is connected waits for that, and no longer than for any other answer. */
class FirstConnectionTest {

    @Test
    void theFirstQuestionIsAnsweredThoughTheStoreIsNotConnectedYet() throws Exception {
        int port = Servers.freePort();
        RedisServer server = Servers.start(port);
        try (RedisSnapshotStore store =
                Servers.store(port).commandTimeout(Duration.ofSeconds(10)).build()) {
            assertThat(Fleet.now(store.turn(Fleet.ADDRESS, Fleet.wish(Kind.NEED, 0))))
                    .isInstanceOf(Turn.Granted.class);
        } finally {
            server.stop();
        }
    }

    @Test
    void withoutRedisItIsRefused() throws Exception {
        try (RedisSnapshotStore store = Servers.store(Servers.freePort()).build()) {
            assertThat(Fleet.failureOf(store.turn(Fleet.ADDRESS, Fleet.wish(Kind.NEED, 0))))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void theEndOfTheStoreEndsTheWait() throws Exception {
        RedisSnapshotStore store = Servers.store(Servers.freePort())
                .commandTimeout(Duration.ofDays(1))
                .build();
        var turn = store.turn(Fleet.ADDRESS, Fleet.wish(Kind.NEED, 0));
        store.close();

        assertThat(Fleet.failureOf(turn)).isInstanceOf(IOException.class);
    }
}
