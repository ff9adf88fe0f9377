package dev.jwkscache;

import dev.jwkscache.spi.JwksOrigin;
import dev.jwkscache.spi.OriginRequest;
import dev.jwkscache.spi.OriginResponse;
import dev.jwkscache.spi.SnapshotRefusal;
import dev.jwkscache.testkit.Behaviour;
import dev.jwkscache.testkit.RecordedRequest;
import dev.jwkscache.testkit.ScriptedProvider;
import dev.jwkscache.testkit.SigningKey;
import dev.jwkscache.testkit.VirtualTime;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A cache and its provider in virtual time, without a network. Jitter stands in the middle unless a test says more. */
final class Stage implements AutoCloseable {
    static final String ALG = "ES256";
    static final Duration TTL = Duration.ofSeconds(600);
    static final Duration REFRESH = Duration.ofSeconds(300);
    static final Duration FETCH_TIMEOUT = Duration.ofSeconds(5);
    static final Duration MAX_STALENESS = Duration.ofSeconds(3600);
    static final Duration COOLDOWN = Duration.ofSeconds(10);
    static final Duration MISS_WAIT = Duration.ofSeconds(2);
    static final Duration MILLI = Duration.ofMillis(1);

    final VirtualTime time = new VirtualTime();
    final ScriptedProvider provider = ScriptedProvider.inMemory(time, ALG);
    final Recorder events = new Recorder(time);
    final JwksCache cache;
    double random = 0.5;

    Stage() {
        this(builder -> builder);
    }

    Stage(UnaryOperator<JwksCache.Builder> settings) {
        this(settings, scheduler -> scheduler);
    }

    Stage(UnaryOperator<JwksCache.Builder> settings, UnaryOperator<ScheduledExecutorService> schedulers) {
        cache = another(settings, schedulers.apply(time.scheduler()));
    }

    /** One more cache of the same provider in the same time, as after a restart or in another instance. */
    JwksCache another(UnaryOperator<JwksCache.Builder> settings) {
        return another(settings, time.scheduler());
    }

    private JwksCache another(UnaryOperator<JwksCache.Builder> settings, ScheduledExecutorService scheduler) {
        JwksCache.Builder builder = JwksCache.builder(provider.jwksUri())
                .time(time.wallClock(), time.nanoTime(), scheduler)
                .random(() -> random)
                .listener(events)
                .origin(this::fetch);
        return settings.apply(builder).build();
    }

    /** A cache that has its first set, at age zero. */
    static Stage started() {
        Stage stage = new Stage();
        stage.cache.start();
        return stage;
    }

    static Stage started(UnaryOperator<JwksCache.Builder> settings) {
        Stage stage = new Stage(settings);
        stage.cache.start();
        return stage;
    }

    String kid() {
        return kid(provider.current(ALG));
    }

    static String kid(SigningKey key) {
        return Objects.requireNonNull(key.kid());
    }

    int fetches() {
        return provider.requestCount();
    }

    RecordedRequest lastRequest() {
        List<RecordedRequest> requests = provider.requests();
        return requests.get(requests.size() - 1);
    }

    /** The engine of a cache alone, for those who look inside. */
    static Refresher refresher(
            Engine engine, JwksOrigin origin, TimeSource time, Counters counters, JwksCacheListener... listeners) {
        Settings settings = new SettingsTest().defaults();
        return new Refresher(
                settings,
                new Fetching(origin, settings, engine, counters),
                Sharing.NONE,
                engine,
                time,
                () -> 0.5,
                new CacheEvents(settings, new Events(List.of(listeners), engine.events())),
                counters);
    }

    TimeSource timeSource() {
        return new TimeSource(time.wallClock(), time.nanoTime());
    }

    /** Every way in which the provider can fail, for assertions that hold whatever fails. */
    static List<Behaviour> failures() {
        return List.of(
                Behaviour.refuse(),
                Behaviour.reset(),
                Behaviour.hangBeforeHeaders(),
                Behaviour.hangInBody(),
                Behaviour.drip(1, Duration.ofMillis(200)),
                Behaviour.status(500),
                Behaviour.status(404),
                Behaviour.tooManyRequests(Duration.ofSeconds(20)),
                Behaviour.html(),
                Behaviour.emptySet(),
                Behaviour.noKeys(),
                Behaviour.jsonArray(),
                Behaviour.truncated(),
                Behaviour.cutOff(),
                Behaviour.onlyEncryptionKeys(),
                Behaviour.oversize(2 << 20),
                Behaviour.deepNesting(100_000));
    }

    private CompletableFuture<OriginResponse> fetch(OriginRequest request) {
        Map<String, List<String>> headers = new HashMap<>();
        put(headers, "If-None-Match", request.etag());
        put(headers, "If-Modified-Since", request.lastModified());
        put(headers, "Cache-Control", request.forced() ? "no-cache" : null);
        var exchange = provider.exchange(headers);
        CompletableFuture<OriginResponse> answer =
                exchange.thenApply(given -> new OriginResponse(given.status(), given.headers(), given.body()));
        answer.whenComplete((response, failure) -> exchange.cancel(true));
        return answer;
    }

    private static void put(Map<String, List<String>> headers, String name, @Nullable String value) {
        if (value != null) {
            headers.put(name, List.of(value));
        }
    }

    /** Throws anything where only unchecked exceptions may be thrown. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    static <T extends Throwable> T sneaky(Throwable thrown) throws T {
        throw (T) thrown;
    }

    @Override
    public void close() {
        cache.close();
        provider.close();
    }

    /** Remembers what listeners are told. */
    static final class Recorder implements JwksCacheListener {
        final List<Refreshed> refreshed = new CopyOnWriteArrayList<>();
        final List<Moment> refreshedAt = new CopyOnWriteArrayList<>();
        final List<RefreshFailed> failed = new CopyOnWriteArrayList<>();
        final List<KeyFirstUsed> firstUsed = new CopyOnWriteArrayList<>();
        final List<JwksCache> opened = new CopyOnWriteArrayList<>();
        final List<JwksCache> closed = new CopyOnWriteArrayList<>();
        final List<URI> purged = new ArrayList<>();
        final List<SnapshotRefusal> refused = new CopyOnWriteArrayList<>();
        final List<String> storeErrors = new CopyOnWriteArrayList<>();
        final List<URI> storeRecovered = new CopyOnWriteArrayList<>();
        private final VirtualTime time;

        Recorder(VirtualTime time) {
            this.time = time;
        }

        @Override
        public void refreshed(Refreshed event) {
            refreshed.add(event);
            refreshedAt.add(
                    new Moment(time.nanoTime().getAsLong(), time.wallClock().millis()));
        }

        @Override
        public void refreshFailed(RefreshFailed event) {
            failed.add(event);
        }

        @Override
        public void opened(JwksCache cache) {
            opened.add(cache);
        }

        @Override
        public void closed(JwksCache cache) {
            closed.add(cache);
        }

        @Override
        public void keyFirstUsed(KeyFirstUsed event) {
            firstUsed.add(event);
        }

        @Override
        public void purged(URI address) {
            purged.add(address);
        }

        @Override
        public void storeFailed(URI address, String error) {
            storeErrors.add(error);
        }

        @Override
        public void storeRecovered(URI address) {
            storeRecovered.add(address);
        }

        @Override
        public void snapshotRefused(URI address, SnapshotRefusal reason, String detail) {
            refused.add(reason);
        }

        RefreshFailed lastFailure() {
            return failed.get(failed.size() - 1);
        }
    }
}
