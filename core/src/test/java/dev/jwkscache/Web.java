package dev.jwkscache;

import dev.jwkscache.spi.JwksOrigin;
import dev.jwkscache.spi.OriginRequest;
import dev.jwkscache.spi.OriginResponse;
import dev.jwkscache.testkit.VirtualTime;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Addresses without a network, in virtual time, each of which answers as a test says; 404 where it says nothing. */
final class Web implements Function<URI, JwksOrigin> {
    final List<Visit> visits = new CopyOnWriteArrayList<>();
    private final Map<URI, JwksOrigin> sites = new ConcurrentHashMap<>();
    private final VirtualTime time;

    Web(VirtualTime time) {
        this.time = time;
    }

    record Visit(URI address, OriginRequest request, CompletableFuture<OriginResponse> answer, Moment at) {}

    @Override
    public JwksOrigin apply(URI address) {
        return request -> {
            CompletableFuture<OriginResponse> answer = new CompletableFuture<>();
            visits.add(new Visit(address, request, answer, now()));
            CompletableFuture<OriginResponse> given = sites.getOrDefault(
                            address, any -> CompletableFuture.completedFuture(status(404)))
                    .fetch(request);
            answer.whenComplete((response, thrown) -> given.cancel(true));
            given.whenComplete((response, thrown) -> {
                if (thrown != null) {
                    answer.completeExceptionally(thrown);
                } else {
                    answer.complete(response);
                }
            });
            return answer;
        };
    }

    void at(URI address, JwksOrigin site) {
        sites.put(address, site);
    }

    void at(URI address, OriginResponse response) {
        at(address, request -> CompletableFuture.completedFuture(response));
    }

    void at(URI address, String document) {
        at(address, ok(document, Map.of()));
    }

    void hangAt(URI address) {
        at(address, request -> new CompletableFuture<>());
    }

    void slowAt(URI address, Duration delay, OriginResponse response) {
        at(address, request -> {
            CompletableFuture<OriginResponse> answer = new CompletableFuture<>();
            time.scheduler().schedule(() -> answer.complete(response), delay.toNanos(), TimeUnit.NANOSECONDS);
            return answer;
        });
    }

    /** Visits of an address since the beginning, oldest first. */
    List<Visit> visits(URI address) {
        return visits.stream().filter(visit -> visit.address().equals(address)).toList();
    }

    Moment now() {
        return new Moment(time.nanoTime().getAsLong(), time.wallClock().millis());
    }

    static OriginResponse status(int status) {
        return new OriginResponse(status, Map.of(), new byte[0]);
    }

    static OriginResponse ok(String document, Map<String, List<String>> headers) {
        return new OriginResponse(200, headers, document.getBytes(StandardCharsets.UTF_8));
    }
}
