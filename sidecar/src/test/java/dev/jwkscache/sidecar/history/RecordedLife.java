package dev.jwkscache.sidecar.history;

import dev.jwkscache.CacheState;
import dev.jwkscache.CacheStatus;
import dev.jwkscache.JwksCache;
import dev.jwkscache.sidecar.configuration.Configuration;
import dev.jwkscache.spi.OriginResponse;
import dev.jwkscache.spi.SnapshotStore;
import dev.jwkscache.spi.StoredSnapshot;
import dev.jwkscache.testkit.ScriptedProvider;
import dev.jwkscache.testkit.SigningKey;
import dev.jwkscache.testkit.VirtualTime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A provider, a cache that outlives restarts through its store, and their record, in virtual time. */
final class RecordedLife implements AutoCloseable {
    static final Duration MAX_STALENESS = Duration.ofSeconds(3600);

    final VirtualTime time = new VirtualTime();
    final ScriptedProvider provider = ScriptedProvider.inMemory(time, "ES256");
    private final Configuration.History where;
    private final MemoryStore store = new MemoryStore();
    private @Nullable HistoryRecord record;
    private @Nullable JwksCache cache;

    RecordedLife(Path folder) {
        this(folder, 1 << 20, 10);
    }

    RecordedLife(Path folder, long maxBytes, int maxFiles) {
        where = new Configuration.History(folder, maxBytes, maxFiles);
    }

    /** Starts a sidecar, with what the last one has left in its store. */
    RecordedLife start() {
        HistoryRecord begun = HistoryRecord.open(where, time.wallClock(), time.nanoTime());
        record = begun;
        cache = cache("default", begun);
        return this;
    }

    JwksCache cache(String name, HistoryRecord into) {
        JwksCache built = JwksCache.builder(provider.jwksUri())
                .time(time.wallClock(), time.nanoTime(), time.scheduler())
                .origin(request -> provider.exchange(Map.of())
                        .thenApply(given -> new OriginResponse(given.status(), given.headers(), given.body())))
                .store(store)
                .listener(into.listenerFor(name))
                .build();
        built.startAsync();
        time.runDue();
        return built;
    }

    HistoryRecord record() {
        return Objects.requireNonNull(record);
    }

    JwksCache cache() {
        return Objects.requireNonNull(cache);
    }

    boolean runs() {
        return cache != null;
    }

    void stop() {
        record().close();
        cache().close();
        time.runDue();
        record = null;
        cache = null;
    }

    /** Ends without a word: the files stay as they are at this moment. */
    void crash() {
        Map<Path, byte[]> left = files();
        stop();
        try {
            for (Path file : files().keySet()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        left.forEach(RecordedLife::write);
    }

    /** Ends in the middle of a line. */
    void crashInLine() {
        crash();
        Path last = lastFile();
        byte[] line = "{\"at\":\"2026-01-01T00:00:0".getBytes(StandardCharsets.US_ASCII);
        byte[] whole = files().get(last);
        byte[] torn = Arrays.copyOf(Objects.requireNonNull(whole), whole.length + line.length);
        System.arraycopy(line, 0, torn, whole.length, line.length);
        write(last, torn);
    }

    Instant advance(Duration by) {
        time.advance(by);
        return now();
    }

    Instant now() {
        return time.wallClock().instant();
    }

    Instant refresh() {
        cache().refresh();
        time.runDue();
        return now();
    }

    static String kid(SigningKey key) {
        return Objects.requireNonNull(key.kid());
    }

    /** What the cache would serve now, by itself. */
    Set<String> served() {
        if (cache == null) {
            return Set.of();
        }
        CacheStatus status = cache.status();
        return status.state() == CacheState.FRESH || status.state() == CacheState.STALE ? status.kids() : Set.of();
    }

    History history() {
        try {
            return History.read(where.folder(), now());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Answer at(Instant then) {
        return history().at(then, trust -> true);
    }

    List<String> kidsAt(Instant then) {
        return kids(at(then));
    }

    static List<String> kids(Answer answer) {
        return answer.keys().stream()
                .map(trust -> String.valueOf(trust.key().kid()))
                .toList();
    }

    Path lastFile() {
        return new ArrayList<>(files().keySet()).get(files().size() - 1);
    }

    Map<Path, byte[]> files() {
        Map<Path, byte[]> files = new TreeMap<>();
        try (Stream<Path> paths = Files.list(where.folder())) {
            for (Path path :
                    paths.filter(file -> file.toString().endsWith(".jsonl")).toList()) {
                files.put(path, Files.readAllBytes(path));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }

    String text() {
        StringBuilder text = new StringBuilder();
        files().values().forEach(bytes -> text.append(new String(bytes, StandardCharsets.US_ASCII)));
        return text.toString();
    }

    static void write(Path file, byte[] content) {
        try {
            Files.write(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        if (cache != null) {
            stop();
        }
        provider.close();
    }

    /** Keeps the last set, as the file store does, without a disk. */
    private static final class MemoryStore implements SnapshotStore {
        private final AtomicReference<@Nullable StoredSnapshot> kept = new AtomicReference<>();

        @Override
        public CompletableFuture<Optional<StoredSnapshot>> load(URI address) {
            return CompletableFuture.completedFuture(Optional.ofNullable(kept.get()));
        }

        @Override
        public CompletableFuture<Void> publish(StoredSnapshot snapshot) {
            kept.set(snapshot);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletableFuture<Void> purge(URI address, long generation) {
            kept.set(null);
            return CompletableFuture.completedFuture(null);
        }
    }
}
