package dev.jwkscache.sidecar.providers;

import dev.jwkscache.FileSnapshotStore;
import dev.jwkscache.redis.RedisSnapshotStore;
import dev.jwkscache.sidecar.configuration.Configuration.Store;
import dev.jwkscache.sidecar.configuration.SecretFile;
import dev.jwkscache.spi.SnapshotStore;
import io.lettuce.core.RedisURI;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Where keys and metadata are kept for a restart. */
record Stores(SnapshotStore snapshots, MetadataStore metadata, Runnable closing) implements AutoCloseable {

    /**
     * Opens what is configured.
     *
     * @throws IllegalArgumentException if it cannot be used; the message says what to do
     */
    static Stores of(Store store) {
        if (store instanceof Store.Folder folder) {
            FileSnapshotStore files = FileSnapshotStore.in(folder.folder());
            Path key = folder.hmacKeyFile();
            return new Stores(
                    key == null ? files : files.signedWith(key(key)),
                    new MetadataFolder(folder.folder().resolve("metadata")),
                    () -> {});
        }
        if (store instanceof Store.Redis redis) {
            RedisSnapshotStore shared = builder(redis).build();
            return new Stores(shared, MetadataStore.NONE, shared::close);
        }
        return new Stores(new MemorySnapshotStore(), MetadataStore.NONE, () -> {});
    }

    private static RedisSnapshotStore.Builder builder(Store.Redis redis) {
        List<RedisURI> uris = redis.uris().stream().map(RedisURI::create).toList();
        RedisSnapshotStore.Builder builder = redis.cluster()
                ? RedisSnapshotStore.clusterBuilder(
                        uris.get(0), uris.subList(1, uris.size()).toArray(RedisURI[]::new))
                : RedisSnapshotStore.builder(uris.get(0));
        String prefix = redis.keyPrefix();
        if (prefix != null) {
            builder.keyPrefix(prefix);
        }
        Path key = redis.hmacKeyFile();
        if (key != null) {
            builder.hmacKey(key(key));
        } else {
            // The configuration has no store in Redis without a key unless its user said that he trusts it.
            builder.trustStore();
        }
        return builder;
    }

    private static byte[] key(Path file) {
        try {
            return SecretFile.hmacKey(file);
        } catch (IOException e) {
            throw new IllegalArgumentException("store-hmac-key-file " + file + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        closing.run();
    }
}
