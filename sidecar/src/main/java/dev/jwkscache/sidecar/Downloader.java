package dev.jwkscache.sidecar;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.zip.GZIPInputStream;

/**
 * Fetches a document once, as a cache would ask for it, and more patiently than a cache: it follows redirects to other
 * origins and takes what is too large, to tell of them.
 */
final class Downloader {
    /** More than any cache takes, so that an oversize set can still be looked at. */
    static final int MOST_BYTES = 8 << 20;

    private static final int MOST_REDIRECTS = 5;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

    private final HttpClient client = HttpClient.newBuilder()
            .version(Version.HTTP_1_1)
            .followRedirects(Redirect.NEVER)
            .build();
    private final Duration timeout;
    private final boolean plainHttpAllowed;

    /**
     * Creates a downloader.
     *
     * @param timeout over the whole exchange, redirects and body included
     */
    Downloader(Duration timeout, boolean plainHttpAllowed) {
        this.timeout = timeout;
        this.plainHttpAllowed = plainHttpAllowed;
    }

    /**
     * Fetches a document.
     *
     * @throws CommandFailure if there is none: nobody answers, not in time, not with status 200, too much, or with a
     *     redirect that nobody should follow
     */
    Download fetch(URI address) throws InterruptedException {
        long begun = System.nanoTime();
        List<URI> redirects = new ArrayList<>();
        URI at = address;
        while (true) {
            HttpResponse<byte[]> response = exchange(at, timeout.toNanos() - (System.nanoTime() - begun));
            if (REDIRECTS.contains(response.statusCode())) {
                at = target(at, response);
                redirects.add(at);
                if (redirects.size() > MOST_REDIRECTS) {
                    throw new CommandFailure(Address.show(address) + " redirects more than " + MOST_REDIRECTS
                            + " times, the last time to " + Address.show(at));
                }
                continue;
            }
            if (response.statusCode() != 200) {
                throw new CommandFailure(
                        Address.show(at) + " answers with status " + response.statusCode() + " instead of 200");
            }
            byte[] body = decoded(at, response);
            Duration took = Duration.ofNanos(System.nanoTime() - begun);
            return new Download(at, redirects, response.headers(), body, response.body().length, took);
        }
    }

    private HttpResponse<byte[]> exchange(URI address, long nanos) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(address)
                .header("Accept", "application/jwk-set+json, application/json;q=0.9, */*;q=0.8")
                .header("Accept-Encoding", "gzip")
                .header("User-Agent", Main.NAME)
                .build();
        CompletableFuture<HttpResponse<byte[]>> exchange =
                client.sendAsync(request, head -> new CappedBody(MOST_BYTES));
        try {
            return exchange.get(Math.max(nanos, 1), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new CommandFailure(Address.show(address) + " gave no complete answer within " + Spans.text(timeout));
        } catch (ExecutionException e) {
            throw new CommandFailure(Address.show(address) + " is unreachable: " + Trouble.describe(e));
        } finally {
            // Closes the connection, whatever the exchange waits for.
            exchange.cancel(true);
        }
    }

    private URI target(URI from, HttpResponse<byte[]> response) {
        String location = response.headers().firstValue("Location").orElse("");
        URI target;
        try {
            target = from.resolve(location);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(
                    Address.show(from) + " redirects to '" + Printable.of(location, 200) + "', which is no address");
        }
        if (location.isEmpty() || target.getHost() == null || !Address.isHttp(target)) {
            throw new CommandFailure(
                    Address.show(from) + " answers with status " + response.statusCode() + ", a redirect to nowhere");
        }
        if (Address.isPlain(target) && !plainHttpAllowed && !Address.isLoopback(target.getHost())) {
            throw new CommandFailure(Address.show(from) + " redirects to plain http, to " + Address.show(target)
                    + ", which is not followed: whoever is on the way could replace the keys");
        }
        return target;
    }

    private static byte[] decoded(URI address, HttpResponse<byte[]> response) {
        String encoding = response.headers()
                .firstValue("Content-Encoding")
                .orElse("identity")
                .strip()
                .toLowerCase(Locale.ROOT);
        if (encoding.equals("identity") || encoding.isEmpty()) {
            return response.body();
        }
        if (!encoding.equals("gzip") && !encoding.equals("x-gzip")) {
            throw new CommandFailure(Address.show(address) + " answers with Content-Encoding "
                    + Printable.of(encoding, 40) + ", which nobody asked for");
        }
        try (GZIPInputStream content = new GZIPInputStream(new ByteArrayInputStream(response.body()))) {
            byte[] body = content.readNBytes(MOST_BYTES + 1);
            if (body.length > MOST_BYTES) {
                throw new CommandFailure(Address.show(address) + " sends more than 8 MiB after decompression");
            }
            return body;
        } catch (IOException e) {
            throw new CommandFailure(Address.show(address) + " sends gzip that does not decompress");
        }
    }
}
