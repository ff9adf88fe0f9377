package dev.jwkscache;

import dev.jwkscache.spi.OriginResponse;
import dev.jwkscache.testkit.ScriptedProvider;
import dev.jwkscache.testkit.VirtualTime;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/** Many issuers with a provider each, made when they are first asked for, in virtual time. */
final class Town implements AutoCloseable {
    /** How issuers begin that have no provider. */
    static final String INVENTED = "https://invented-";

    final VirtualTime time = new VirtualTime();
    final JwksCaches caches;
    private final Map<String, ScriptedProvider> providers = new ConcurrentHashMap<>();

    Town(UnaryOperator<JwksCaches.Builder> settings) {
        caches = settings.apply(JwksCaches.builder().time(time.nanoTime(), time.scheduler()))
                .build();
    }

    /** One that allows every issuer of the example domain. */
    static Town allowing(UnaryOperator<JwksCaches.Builder> settings) {
        Town[] town = new Town[1];
        town[0] = new Town(builder -> settings.apply(builder.allow(
                issuer -> issuer.startsWith("https://") && issuer.endsWith(".example"),
                issuer -> town[0].settings(issuer))));
        return town[0];
    }

    ScriptedProvider provider(String issuer) {
        return providers.computeIfAbsent(issuer, any -> ScriptedProvider.inMemory(time, Stage.ALG));
    }

    JwksCache.Builder settings(String issuer) {
        JwksCache.Builder settings = JwksCache.builder(URI.create(issuer))
                .time(time.wallClock(), time.nanoTime(), time.scheduler())
                .random(() -> 0.5);
        if (issuer.startsWith(INVENTED)) {
            return settings.origin(
                    request -> CompletableFuture.completedFuture(new OriginResponse(404, Map.of(), new byte[0])));
        }
        ScriptedProvider provider = provider(issuer);
        return settings.origin(request -> {
            var exchange = provider.exchange(Map.of());
            CompletableFuture<OriginResponse> answer =
                    exchange.thenApply(given -> new OriginResponse(given.status(), given.headers(), given.body()));
            answer.whenComplete((response, thrown) -> exchange.cancel(true));
            return answer;
        });
    }

    /** The key of an issuer by the kid that its provider publishes now. */
    VerificationKey key(String issuer) {
        return caches.forIssuer(issuer).key(provider(issuer).current(Stage.ALG).kid(), Stage.ALG);
    }

    void advance(Duration duration) {
        time.advance(duration);
    }

    static String issuer(int number) {
        return "https://" + number + ".example";
    }

    @Override
    public void close() {
        caches.close();
        providers.values().forEach(ScriptedProvider::close);
    }
}
