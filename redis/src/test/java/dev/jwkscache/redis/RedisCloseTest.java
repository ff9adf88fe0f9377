package dev.jwkscache.redis;

import static dev.jwkscache.redis.Fleet.ADDRESS;
import static dev.jwkscache.redis.Fleet.failureOf;
import static dev.jwkscache.redis.Fleet.now;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jwkscache.real.Eventually;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import redis.embedded.RedisServer;

/** A closed store leaves nothing behind, whatever its Redis does. */
class RedisCloseTest {

    private static List<String> threads(Set<Thread> before) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !before.contains(thread) && thread.isAlive())
                .map(Thread::getName)
                .filter(name -> !name.startsWith("process reaper"))
                .sorted()
                .toList();
    }

    @Test
    void itsThreadsAreFewNamedDaemonsAndEndWithIt() throws Exception {
        int port = Servers.freePort();
        RedisServer server = Servers.start(port);
        try {
            Set<Thread> before = Thread.getAllStackTraces().keySet();
            RedisSnapshotStore store = Servers.store(port).build();
            store.watch(ADDRESS, new Fleet.Told());
            Eventually.answer(() -> now(store.load(ADDRESS)));

            assertThat(threads(before))
                    .hasSizeLessThanOrEqualTo(7)
                    .anyMatch(name -> name.startsWith("jwks-cache-redis"))
                    .allMatch(name -> name.startsWith("jwks-cache-redis") || name.startsWith("globalEventExecutor"));
            assertThat(Thread.getAllStackTraces().keySet())
                    .filteredOn(thread -> thread.getName().startsWith("jwks-cache-redis"))
                    .allMatch(Thread::isDaemon);
            store.close();

            Eventually.check(() -> assertThat(threads(before)).isEmpty());
            String clients = Servers.ask(port, redis -> redis.clientList());
            assertThat(clients.lines()).hasSize(1);
        } finally {
            server.stop();
        }
    }

    @Test
    void aRedisThatWasNeverThereDoesNotHoldItUp() throws Exception {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        RedisSnapshotStore store = Servers.store(Servers.freePort()).build();
        store.watch(ADDRESS, new Fleet.Told());
        assertThat(failureOf(store.load(ADDRESS))).isInstanceOf(IOException.class);
        store.close();

        Eventually.check(() -> assertThat(threads(before)).isEmpty());
    }

    @Test
    void aRedisThatHangsDoesNotHoldItUpAndWhatIsUnderWayFails() throws Exception {
        int port = Servers.freePort();
        RedisServer server = Servers.start(port);
        long pid = Servers.pid(port);
        try {
            Set<Thread> before = Thread.getAllStackTraces().keySet();
            RedisSnapshotStore store = Servers.store(port)
                    .commandTimeout(java.time.Duration.ofMinutes(5))
                    .build();
            Eventually.answer(() -> now(store.load(ADDRESS)));
            Servers.signal(pid, "STOP");
            CompletableFuture<?> underWay = store.load(ADDRESS);
            store.close();

            assertThat(failureOf(underWay)).isInstanceOf(IOException.class).hasMessageContaining("closed");
            Eventually.check(() -> assertThat(threads(before)).isEmpty());
        } finally {
            Servers.signal(pid, "CONT");
            server.stop();
        }
    }

    @Test
    void aClosedStoreFailsEverythingAndClosesOnlyOnce() throws Exception {
        RedisSnapshotStore store = Servers.store(Servers.freePort()).build();
        store.close();
        store.close();

        assertThat(failureOf(store.load(ADDRESS)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("closed");
        store.watch(ADDRESS, new Fleet.Told()).close();
    }
}
