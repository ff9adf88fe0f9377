package dev.jwkscache.micrometer;

import static dev.jwkscache.micrometer.Stage.ALG;
import static dev.jwkscache.micrometer.Stage.kid;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jwkscache.JwksCache;
import dev.jwkscache.UnknownKeyException;
import dev.jwkscache.spi.SnapshotStore;
import dev.jwkscache.spi.StoredSnapshot;
import dev.jwkscache.testkit.Behaviour;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** A life in which every meter has something to tell. */
final class EveryMeter {
    private EveryMeter() {}

    /** Lives it in that registry, and looks before it ends. */
    static <T> T lived(MeterRegistry registry, Supplier<T> look) {
        JwksCacheMetrics metrics = new JwksCacheMetrics("idp");
        metrics.bindTo(registry);
        try (Stage stage = new Stage();
                JwksCache cache = stage.settings(stage.provider.jwksUri(), metrics)
                        .store(new Faulty())
                        .build()) {
            cache.start();
            cache.key(kid(stage.provider.rotate(ALG)), ALG);
            assertThatThrownBy(() -> cache.key("forged", ALG)).isInstanceOf(UnknownKeyException.class);
            stage.provider.behave(Behaviour.status(503));
            stage.time.advance(Duration.ofMinutes(20));
            return look.get();
        }
    }

    /** Keeps what is another's, and cannot write. */
    private static final class Faulty implements SnapshotStore {
        @Override
        public CompletableFuture<Optional<StoredSnapshot>> load(URI address) {
            return CompletableFuture.completedFuture(Optional.of(new StoredSnapshot(
                    URI.create("https://other.example"), new byte[0], null, null, Instant.EPOCH, 1)));
        }

        @Override
        public CompletableFuture<Void> publish(StoredSnapshot snapshot) {
            return CompletableFuture.failedFuture(new IOException("the disk is full"));
        }

        @Override
        public CompletableFuture<Void> purge(URI address, long generation) {
            return CompletableFuture.completedFuture(null);
        }
    }
}
