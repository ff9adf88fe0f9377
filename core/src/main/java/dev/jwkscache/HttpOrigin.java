package dev.jwkscache;

import dev.jwkscache.spi.JwksOrigin;
import dev.jwkscache.spi.OriginRequest;
import dev.jwkscache.spi.OriginResponse;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One exchange over HTTP: validators, size limit, redirects of the same origin, content decoding. Knows nothing of
 * caching.
 *
 * <p>The JDK's own request timeout ends at the headers, so that whoever calls sets the one deadline and cancels; then the
 * connection is closed, in whatever phase it is.
 */
final class HttpOrigin implements JwksOrigin {
    private static final int MAX_REDIRECTS = 5;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final String ACCEPT = "application/jwk-set+json, application/json;q=0.9, */*;q=0.8";
    private static final String USER_AGENT = "jwks-cache";

    private final URI address;
    private final int maxBytes;
    private final Transport transport;
    private final Transport.Route route;
    private final Clients clients;

    HttpOrigin(URI address, int maxBytes, Transport transport, Clients clients) {
        this.address = address;
        this.maxBytes = maxBytes;
        this.transport = transport;
        // Redirects stay at the origin, scheme included: an address without TLS never needs any.
        this.route =
                "http".equalsIgnoreCase(address.getScheme()) ? transport.route().withoutTls() : transport.route();
        this.clients = clients;
    }

    @Override
    public CompletableFuture<OriginResponse> fetch(OriginRequest request) {
        try {
            Exchange exchange = new Exchange(request, clients.client(route));
            exchange.send(address, 0);
            return exchange.result;
        } catch (FetchException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private HttpRequest toHttp(URI target, OriginRequest request) throws FetchException {
        HttpRequest.Builder http = HttpRequest.newBuilder(target)
                .timeout(request.timeout())
                .header("Accept", ACCEPT)
                .header("Accept-Encoding", "gzip")
                .header("User-Agent", USER_AGENT);
        for (Transport.Header header : transport.headers()) {
            String value = header.value().get();
            if (value == null || !HeaderFields.isValue(value)) {
                // Not repeated: it may be a secret.
                throw new FetchException(
                        FailureReason.REQUEST,
                        "the value of header field " + header.name() + " is none (RFC 9110 §5.5)");
            }
            http.setHeader(header.name(), value);
        }
        if (request.forced()) {
            http.header("Cache-Control", "no-cache");
        }
        String etag = request.etag();
        if (etag != null) {
            http.header("If-None-Match", etag);
        }
        String lastModified = request.lastModified();
        if (lastModified != null) {
            http.header("If-Modified-Since", lastModified);
        }
        return http.GET().build();
    }

    /** Gives the client for a route. */
    interface Clients {
        HttpClient client(Transport.Route route) throws FetchException;
    }

    /** The way from the request over its redirects to the answer. */
    private final class Exchange {
        private final OriginRequest request;
        private final HttpClient client;
        private final CompletableFuture<OriginResponse> result = new CompletableFuture<>();
        private volatile @Nullable Runnable abort;

        Exchange(OriginRequest request, HttpClient client) {
            this.request = request;
            this.client = client;
            result.whenComplete((response, failure) -> abort());
        }

        void send(URI target, int redirects) throws FetchException {
            LimitedBody body = new LimitedBody(maxBytes);
            CompletableFuture<HttpResponse<byte[]>> sent =
                    client.sendAsync(toHttp(target, request), head -> body.accept(head));
            abort = () -> {
                sent.cancel(true);
                body.cancel();
            };
            if (result.isDone()) {
                abort();
            }
            sent.whenComplete((response, failure) -> {
                try {
                    if (failure != null) {
                        result.completeExceptionally(failure);
                    } else if (REDIRECTS.contains(response.statusCode())) {
                        follow(target, response, redirects);
                    } else {
                        result.complete(decoded(response));
                    }
                } catch (FetchException | RuntimeException | Error e) {
                    result.completeExceptionally(e);
                }
            });
        }

        private void follow(URI from, HttpResponse<byte[]> response, int redirects) throws FetchException {
            if (redirects == MAX_REDIRECTS) {
                throw new FetchException(FailureReason.REDIRECT, "more than " + MAX_REDIRECTS + " redirects");
            }
            String location = response.headers().firstValue("Location").orElse(null);
            send(Addresses.redirectTarget(from, location), redirects + 1);
        }

        private OriginResponse decoded(HttpResponse<byte[]> response) throws FetchException {
            String encoding = response.headers().firstValue("Content-Encoding").orElse("identity");
            byte[] body = response.statusCode() == 200
                    ? ContentDecoding.decode(encoding, response.body(), maxBytes)
                    : response.body();
            return new OriginResponse(response.statusCode(), response.headers().map(), body);
        }

        private void abort() {
            Runnable running = abort;
            if (running != null) {
                running.run();
            }
        }
    }
}
