package dev.jwkscache.sidecar.demo;

import dev.jwkscache.Jwk;
import dev.jwkscache.JwkSet;
import dev.jwkscache.JwksCache;
import dev.jwkscache.sidecar.demo.Judge.Judgement;
import dev.jwkscache.spi.OriginResponse;
import dev.jwkscache.testkit.ScriptedProvider;
import dev.jwkscache.testkit.VirtualTime;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The demonstration without network and in virtual time: a provider, a cache in place of the sidecar, and that of a service. */
final class VirtualDemo implements AutoCloseable {
    final VirtualTime time = new VirtualTime();
    final Supplier<Moment> clock = Moment.clock(time.nanoTime(), time.wallClock());
    final Judge judge = new Judge(clock, DemoSpans.MAX_STALENESS, DemoSpans.CALLERS_MAX_STALENESS, DemoSpans.SETTLING);
    final ScriptedProvider scripted = ScriptedProvider.inMemory(time, "RS256", "ES256");
    final DemoProvider provider = new DemoProvider(scripted, clock, judge);
    final JwksCache sidecar = JwksCache.builder(scripted.jwksUri())
            .timeToLive(DemoSpans.TIME_TO_LIVE)
            .refreshInterval(DemoSpans.REFRESH_INTERVAL)
            .fetchTimeout(DemoSpans.FETCH_TIMEOUT)
            .maxStaleness(DemoSpans.MAX_STALENESS)
            .keepJson(true)
            .listener(judge)
            .time(time.wallClock(), time.nanoTime(), time.scheduler())
            .origin(request -> scripted.exchange(Map.of())
                    .thenApply(answer -> new OriginResponse(answer.status(), answer.headers(), answer.body())))
            .build();
    private final JwksCache service = JwksCache.builder(URI.create("https://sidecar.test/idp/jwks.json"))
            .timeToLive(DemoSpans.CALLERS_TIME_TO_LIVE)
            .refreshInterval(DemoSpans.CALLERS_REFRESH_INTERVAL)
            .maxStaleness(DemoSpans.CALLERS_MAX_STALENESS)
            .missCooldown(DemoSpans.CALLERS_MISS_COOLDOWN)
            .missWait(Duration.ZERO)
            .time(time.wallClock(), time.nanoTime(), time.scheduler())
            .origin(request -> served())
            .build();
    private final Verifier verifier = new Verifier(service);

    VirtualDemo() {
        sidecar.start();
        service.start();
        judge.begin();
    }

    private CompletableFuture<OriginResponse> served() {
        return sidecar.getAsync()
                .handle((set, refused) -> set == null
                        ? new OriginResponse(503, Map.of("retry-after", List.of("6")), new byte[0])
                        : new OriginResponse(200, Map.of(), document(set)));
    }

    private static byte[] document(JwkSet set) {
        return set.keys().stream()
                .map(Jwk::json)
                .flatMap(java.util.Optional::stream)
                .collect(Collectors.joining(",", "{\"keys\":[", "]}"))
                .getBytes(StandardCharsets.UTF_8);
    }

    /** Lets time pass, with what the demonstration does meanwhile. */
    void pass(Duration span) {
        Duration step = Duration.ofMillis(200);
        for (Duration left = span; !left.isNegative() && !left.isZero(); left = left.minus(step)) {
            time.advance(left.compareTo(step) < 0 ? left : step);
            provider.tick();
        }
    }

    /** A token of that key is presented to the service. */
    Judgement present(Token.Issuer issuer) {
        Token token = provider.tokens().all().stream()
                .filter(one -> one.issuer().equals(issuer))
                .findFirst()
                .orElseThrow();
        Moment presented = clock.get();
        boolean wasWithdrawn = issuer.withdrawn();
        return judge.judge(issuer, wasWithdrawn, verifier.verify(token.text()).accepted(), presented);
    }

    Token.Issuer oldest() {
        return provider.tokens().issuers().get(0);
    }

    Token.Issuer newest() {
        List<Token.Issuer> issuers = provider.tokens().issuers();
        return issuers.get(issuers.size() - 1);
    }

    @Override
    public void close() {
        service.close();
        sidecar.close();
        provider.close();
    }
}
