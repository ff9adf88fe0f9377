package dev.jwkscache.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.jwkscache.spi.FleetStore.FleetFailure;
import dev.jwkscache.spi.SnapshotStore.Watcher;
import dev.jwkscache.spi.StoredSnapshot;
import dev.jwkscache.spi.Turn;
import dev.jwkscache.spi.TurnRequest;
import dev.jwkscache.spi.TurnRequest.Kind;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** What the tests of fleet stores say again and again. */
final class Fleet {
    static final URI ADDRESS = URI.create("https://idp.example/jwks");
    static final byte[] KEY = "0123456789abcdef0123456789abcdef".getBytes(UTF_8);
    static final Duration LEASE = Duration.ofMinutes(1);
    static final Duration SPACING = Duration.ofMinutes(5);

    private Fleet() {}

    static TurnRequest wish(Kind kind, long known) {
        return new TurnRequest(kind, known, LEASE, SPACING, LEASE);
    }

    static StoredSnapshot snapshot(URI address, long generation) {
        return new StoredSnapshot(
                address,
                ("{\"keys\":[],\"n\":" + generation + "}").getBytes(UTF_8),
                "\"tag-" + generation + "\"",
                null,
                Instant.now(),
                generation);
    }

    static StoredSnapshot snapshot(long generation) {
        return snapshot(ADDRESS, generation);
    }

    static FleetFailure failure(Duration pause, Duration quiet) {
        return new FleetFailure(2, "timeout", pause, quiet);
    }

    static long granted(CompletableFuture<Turn> turn) throws Exception {
        return ((Turn.Granted) now(turn)).generation();
    }

    /** The answer; unpacked, what it failed with. */
    static <T> T now(CompletableFuture<T> future) throws Exception {
        try {
            return future.get(30, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    static Throwable failureOf(CompletableFuture<?> future) throws Exception {
        try {
            Object answer = future.get(30, TimeUnit.SECONDS);
            throw new AssertionError("answered " + answer);
        } catch (ExecutionException e) {
            return e.getCause();
        }
    }

    /** Remembers what it was told. */
    static class Told implements Watcher {
        final List<String> all = new CopyOnWriteArrayList<>();

        @Override
        public void published(long generation) {
            all.add("published " + generation);
        }

        @Override
        public void purged(long generation) {
            all.add("purged " + generation);
        }
    }
}
