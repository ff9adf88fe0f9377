package dev.jwkscache.micrometer;

import dev.jwkscache.JwksCache;
import dev.jwkscache.JwksCacheListener;
import dev.jwkscache.spi.OriginRequest;
import dev.jwkscache.spi.OriginResponse;
import dev.jwkscache.testkit.ScriptedProvider;
import dev.jwkscache.testkit.SigningKey;
import dev.jwkscache.testkit.VirtualTime;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/** A provider in virtual time, and caches of it. */
final class Stage implements AutoCloseable {
    static final String ALG = "ES256";

    final VirtualTime time = new VirtualTime();
    final ScriptedProvider provider = ScriptedProvider.inMemory(time, ALG);

    JwksCache cache(JwksCacheListener listener) {
        return settings(provider.jwksUri(), listener).build();
    }

    JwksCache.Builder settings(URI address, JwksCacheListener listener) {
        return JwksCache.builder(address)
                .time(time.wallClock(), time.nanoTime(), time.scheduler())
                .origin(this::fetch)
                .listener(listener);
    }

    static String kid(SigningKey key) {
        return Objects.requireNonNull(key.kid());
    }

    /** To when the cache fetches by itself: its jitter is its own. */
    void advanceToNextAttempt(JwksCache cache) {
        time.advance(Duration.between(now(), cache.status().nextAttempt().orElseThrow()));
    }

    Instant now() {
        return time.wallClock().instant();
    }

    private CompletableFuture<OriginResponse> fetch(OriginRequest request) {
        Map<String, List<String>> headers =
                request.etag() == null ? Map.of() : Map.of("If-None-Match", List.of(request.etag()));
        return provider.exchange(headers)
                .thenApply(answer -> new OriginResponse(answer.status(), answer.headers(), answer.body()));
    }

    @Override
    public void close() {
        provider.close();
    }
}
