package dev.jwkscache.bench.fleet.simulation;

import dev.jwkscache.bench.fleet.simulation.Happening.ProviderTrouble;
import dev.jwkscache.spi.JwksOrigin;
import dev.jwkscache.spi.OriginRequest;
import dev.jwkscache.spi.OriginResponse;
import dev.jwkscache.testkit.ScriptedProvider;
import dev.jwkscache.testkit.SigningKey;
import dev.jwkscache.testkit.VirtualTime;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One provider for all instances: 20 to 80 ms away, with an entity tag, two keys published and one of them retired. */
final class SimulatedProvider implements JwksOrigin, AutoCloseable {
    static final String ALG = "ES256";

    private static final long LEAST_NANOS = Duration.ofMillis(20).toNanos();
    private static final long MOST_NANOS = Duration.ofMillis(80).toNanos();
    private static final Duration REFUSED = Duration.ofMillis(1);

    private final ScriptedProvider keys = ScriptedProvider.inMemory(new VirtualTime(), ALG);
    private final SimulatedTime time;
    private final RequestTally tally;
    private final SplittableRandom random;
    private OriginResponse document;
    private OriginResponse unchanged;
    private String etag = "";
    private ProviderTrouble.@Nullable ProviderFault trouble;

    SimulatedProvider(SimulatedTime time, RequestTally tally, SplittableRandom random) {
        this.time = time;
        this.tally = tally;
        this.random = random;
        document = unchanged = new OriginResponse(500, Map.of(), new byte[0]);
        publish();
    }

    String newestKid() {
        return Objects.requireNonNull(keys.current(ALG).kid());
    }

    /** Publishes a new key; of the older ones, the newest stays. */
    void rotate() {
        keys.rotate(ALG);
        List<SigningKey> all = keys.keys();
        for (SigningKey old : all.subList(0, Math.max(0, all.size() - 2))) {
            keys.withdraw(old);
        }
        publish();
    }

    void trouble(ProviderTrouble.@Nullable ProviderFault kind) {
        trouble = kind;
    }

    boolean isInTrouble() {
        return trouble != null;
    }

    private void publish() {
        etag = "\"" + newestKid() + "\"";
        Map<String, List<String>> headers = Map.of("etag", List.of(etag));
        document = new OriginResponse(200, headers, keys.document().getBytes(StandardCharsets.UTF_8));
        unchanged = new OriginResponse(304, headers, new byte[0]);
    }

    @Override
    public CompletableFuture<OriginResponse> fetch(OriginRequest request) {
        tally.count(time.elapsedNanos());
        CompletableFuture<OriginResponse> answer = new CompletableFuture<>();
        ProviderTrouble.ProviderFault kind = trouble;
        if (kind == null) {
            OriginResponse response = etag.equals(request.etag()) ? unchanged : document;
            answer(answer, response);
            return answer;
        }
        switch (kind) {
            case REFUSING ->
                time.after(() -> answer.completeExceptionally(new ConnectException("connection refused")), REFUSED);
            case HANGING -> {}
            case TOO_MANY_REQUESTS ->
                answer(answer, new OriginResponse(429, Map.of("retry-after", List.of("120")), new byte[0]));
        }
        return answer;
    }

    private void answer(CompletableFuture<OriginResponse> answer, OriginResponse response) {
        long delay = random.nextLong(LEAST_NANOS, MOST_NANOS);
        time.at(() -> answer.complete(response), time.elapsedNanos() + delay);
    }

    /** Called by each cache that ends; this provider is everybody's. */
    @Override
    public void close() {}

    void end() {
        keys.close();
    }
}
