package dev.jwkscache;

import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpClient.Version;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP clients of the process, one for each way to connect, made for the first exchange and anew after ten minutes:
 * so no connection outlives a change of address or of trust for longer. HTTP/1.1: one small document every few minutes
 * gains nothing from a connection that is kept for more.
 */
final class HttpClients {
    static final Duration LIFE = Duration.ofMinutes(10);

    private final ConcurrentMap<Transport.Route, Generation> generations = new ConcurrentHashMap<>();
    private final Executor executor;
    private final LongSupplier nanoTime;
    private volatile boolean closed;

    HttpClients(Executor executor, LongSupplier nanoTime) {
        this.executor = executor;
        this.nanoTime = nanoTime;
    }

    /**
     * The client for that route.
     *
     * @throws FetchException if the trust that the route names cannot be set up
     */
    HttpClient client(Transport.Route route) throws FetchException {
        Generation current = generations.get(route);
        long now = nanoTime.getAsLong();
        if (current != null && now - current.since() < LIFE.toNanos()) {
            return current.client();
        }
        HttpClient before = current == null ? null : current.client();
        Generation next = new Generation(build(route), now, before);
        boolean won = current == null
                ? generations.putIfAbsent(route, next) == null
                : generations.replace(route, current, next);
        if (!won) {
            end("shutdownNow", next.client());
            return client(route);
        }
        if (current != null) {
            // Not the one just replaced: somebody may be about to use it.
            end("shutdown", current.before());
        }
        if (closed) {
            close();
            throw new FetchException(FailureReason.ORIGIN, "the cache is closed");
        }
        return next.client();
    }

    /** Ends every client and whatever runs on it; does not wait. */
    void close() {
        closed = true;
        generations.forEach((route, generation) -> {
            generations.remove(route, generation);
            end("shutdownNow", generation.client());
            end("shutdownNow", generation.before());
        });
    }

    private HttpClient build(Transport.Route route) throws FetchException {
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(Version.HTTP_1_1)
                .followRedirects(Redirect.NEVER)
                .executor(executor);
        SSLContext context = route.plain() ? new NoTls() : route.sslContext();
        Path trusted = route.trustedCertificates();
        if (trusted != null) {
            try {
                context = TrustedCertificates.context(trusted);
            } catch (GeneralSecurityException e) {
                throw new FetchException(FailureReason.TLS, "this JVM offers no TLS");
            }
        }
        if (context != null) {
            builder.sslContext(context);
        }
        ProxySelector proxy = route.proxy();
        if (proxy != null) {
            builder.proxy(proxy);
        }
        return builder.build();
    }

    /** Calls one of the ways to end a client that JDK 21 brought; before, a client ends when it is collected. */
    private static void end(String way, @Nullable HttpClient client) {
        if (client == null) {
            return;
        }
        try {
            HttpClient.class.getMethod(way).invoke(client);
        } catch (ReflectiveOperationException | RuntimeException ignored) {
            // Unreachable now, the client ends when it is collected, as on older JDKs.
        }
    }

    private record Generation(
            HttpClient client, long since, @Nullable HttpClient before) {}
}
