package dev.jwkscache;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpClient.Version;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The one HTTP client of the process, made for the first exchange. HTTP/1.1: one small document every few minutes gains
 * nothing from a connection that is kept for more.
 */
final class SharedHttpClient {
    /** {@code HttpClient.shutdownNow()}, which JDK 21 brought; before, a client ends when it is collected. */
    private static final @Nullable MethodHandle SHUTDOWN_NOW = shutdownNow();

    private final Executor executor;
    private @Nullable HttpClient client;
    private boolean closed;

    SharedHttpClient(Executor executor) {
        this.executor = executor;
    }

    synchronized HttpClient client() {
        if (closed) {
            throw new IllegalStateException("the HTTP client is closed");
        }
        if (client == null) {
            client = HttpClient.newBuilder()
                    .version(Version.HTTP_1_1)
                    .followRedirects(Redirect.NEVER)
                    .executor(executor)
                    .build();
        }
        return client;
    }

    synchronized void close() {
        closed = true;
        HttpClient last = client;
        client = null;
        if (last != null && SHUTDOWN_NOW != null) {
            try {
                SHUTDOWN_NOW.invoke(last);
            } catch (Throwable ignored) {
                // The client is unreachable now, so that it ends when it is collected, as on older JDKs.
            }
        }
    }

    private static @Nullable MethodHandle shutdownNow() {
        try {
            return MethodHandles.publicLookup()
                    .findVirtual(HttpClient.class, "shutdownNow", MethodType.methodType(void.class));
        } catch (ReflectiveOperationException beforeJdk21) {
            return null;
        }
    }
}
