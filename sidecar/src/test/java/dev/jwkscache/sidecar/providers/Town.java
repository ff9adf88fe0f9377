package dev.jwkscache.sidecar.providers;

import dev.jwkscache.JwksCache;
import dev.jwkscache.JwksCacheListener;
import dev.jwkscache.sidecar.configuration.Configuration;
import dev.jwkscache.sidecar.configuration.ProviderConfiguration;
import dev.jwkscache.sidecar.configuration.ProviderConfiguration.Kind;
import dev.jwkscache.spi.OriginRequest;
import dev.jwkscache.spi.OriginResponse;
import dev.jwkscache.testkit.ScriptedProvider;
import dev.jwkscache.testkit.VirtualTime;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Providers on virtual time, behind which one scripted provider answers in memory. */
public final class Town implements AutoCloseable {
    public static final String ALG = "ES256";

    public final VirtualTime time = new VirtualTime();
    public final ScriptedProvider provider = ScriptedProvider.inMemory(time, ALG);
    public final Providers providers;

    public Town() {
        this(Stores.of(new Configuration.Store.None()), name -> List.of());
    }

    Town(Stores stores, Function<String, List<JwksCacheListener>> listeners) {
        providers = new Providers(stores, time.wallClock(), listeners, this::surrounded);
    }

    /** With one provider named default, known by its jwks_uri, that has its first keys. */
    public static Town started() {
        Town town = new Town();
        town.providers.keep(List.of(town.named("default", Map.of())));
        return town;
    }

    public ProviderConfiguration named(String name, Map<String, String> settings) {
        return new ProviderConfiguration(name, provider.jwksUri(), Kind.JWKS_URI, settings);
    }

    public Provider only() {
        return providers.all().iterator().next();
    }

    public String kid() {
        return String.valueOf(provider.current(ALG).kid());
    }

    public void pass(Duration span) {
        time.advance(span);
    }

    private JwksCache.Builder surrounded(JwksCache.Builder builder) {
        return builder.time(time.wallClock(), time.nanoTime(), time.scheduler()).origin(this::fetch);
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

    /** A configuration for real servers on any free port of loopback. */
    public static Configuration configuration(List<ProviderConfiguration> providers) {
        return new Configuration(
                providers,
                new Configuration.Listen("127.0.0.1", 0),
                new Configuration.Listen("127.0.0.1", 0),
                null,
                new Configuration.Limits(100, Duration.ofSeconds(60), Duration.ofSeconds(10), 8192),
                new Configuration.Store.None(),
                null,
                Set.of(),
                Duration.ofSeconds(300),
                Duration.ofSeconds(5),
                Duration.ofMillis(250),
                null);
    }

    @Override
    public void close() {
        providers.close();
        provider.close();
    }
}
