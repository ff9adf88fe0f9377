package dev.jwkscache;

import dev.jwkscache.spi.JwksOrigin;
import dev.jwkscache.spi.OriginRequest;
import dev.jwkscache.spi.OriginResponse;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads an issuer's metadata from the first of its well-known addresses that has it, and begins there the next time. */
final class Discovery {
    private final Issuer issuer;
    private final Function<URI, JwksOrigin> http;
    private volatile List<URI> places;

    Discovery(Issuer issuer, Function<URI, JwksOrigin> http) {
        this.issuer = issuer;
        this.http = http;
        this.places = WellKnown.addresses(issuer.reachedAt());
    }

    /** Completes with the metadata or a {@link FetchException}; cancelling it ends the exchange under way. */
    CompletableFuture<Metadata> read(OriginRequest request) {
        OriginRequest whole = new OriginRequest(null, null, request.forced(), request.timeout(), request.failures());
        Steps<Metadata> steps = new Steps<>();
        readAt(places, 0, whole, steps, "");
        return steps.result();
    }

    private void readAt(List<URI> order, int index, OriginRequest request, Steps<Metadata> steps, String before) {
        URI place = order.get(index);
        steps.start(() -> http.apply(place).fetch(request), (answer, thrown) -> {
            OriginResponse response = answered(place, answer, thrown);
            if (response.status() == 200) {
                Metadata metadata = Metadata.read(response.body(), issuer, place);
                places = startingWith(place, order);
                steps.result().complete(metadata);
                return;
            }
            String refusals = before + (before.isEmpty() ? "" : ", ") + "status " + response.status() + " at "
                    + SafeText.address(place);
            if (!WellKnown.isNotHere(response.status())) {
                throw new FetchException(
                        FailureReason.STATUS, "the issuer's metadata cannot be had: " + refusals, response);
            }
            if (index + 1 == order.size()) {
                throw new FetchException(
                        FailureReason.STATUS,
                        "the issuer's metadata is at none of its addresses: " + refusals
                                + "; if it publishes none, name the address of the keys with JwksCache.builder",
                        response);
            }
            readAt(order, index + 1, request, steps, refusals);
        });
    }

    private static OriginResponse answered(URI place, @Nullable OriginResponse answer, @Nullable Throwable thrown)
            throws FetchException {
        if (thrown == null) {
            return Objects.requireNonNull(answer);
        }
        FetchException failure = Failures.explain(thrown);
        throw new FetchException(
                failure.reason(), "the metadata at " + SafeText.address(place) + ": " + failure.detail());
    }

    private static List<URI> startingWith(URI first, List<URI> all) {
        List<URI> order = new ArrayList<>(List.of(first));
        all.stream().filter(place -> !place.equals(first)).forEach(order::add);
        return List.copyOf(order);
    }
}
