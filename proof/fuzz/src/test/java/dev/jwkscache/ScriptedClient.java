package dev.jwkscache;

import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.PushPromiseHandler;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;

/** The JDK's client without a network: gives one answer to every request, in this thread. */
final class ScriptedClient extends HttpClient {
    private final int status;
    private final HttpHeaders headers;
    private final byte[] content;
    private final int chunk;
    final List<HttpRequest> requests = new ArrayList<>();

    ScriptedClient(int status, HttpHeaders headers, byte[] content, int chunk) {
        this.status = status;
        this.headers = headers;
        this.content = content;
        this.chunk = chunk;
    }

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(HttpRequest request, BodyHandler<T> handler) {
        requests.add(request);
        BodySubscriber<T> body = handler.apply(new Head(status, headers));
        deliver(body);
        return body.getBody()
                .<HttpResponse<T>>thenApply(read -> new Answer<>(request, new Head(status, headers), read))
                .toCompletableFuture();
    }

    private <T> void deliver(BodySubscriber<T> body) {
        boolean[] cancelled = {false};
        boolean[] asked = {false};
        body.onSubscribe(new Flow.Subscription() {
            @Override
            public void request(long n) {
                asked[0] = true;
            }

            @Override
            public void cancel() {
                cancelled[0] = true;
            }
        });
        for (int from = 0; asked[0] && from < content.length && !cancelled[0]; from += chunk) {
            body.onNext(List.of(ByteBuffer.wrap(content, from, Math.min(chunk, content.length - from))));
        }
        if (!cancelled[0]) {
            body.onComplete();
        }
    }

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(
            HttpRequest request, BodyHandler<T> handler, PushPromiseHandler<T> pushes) {
        throw new UnsupportedOperationException();
    }

    @Override
    public <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<CookieHandler> cookieHandler() {
        return Optional.empty();
    }

    @Override
    public Optional<Duration> connectTimeout() {
        return Optional.empty();
    }

    @Override
    public Redirect followRedirects() {
        return Redirect.NEVER;
    }

    @Override
    public Optional<ProxySelector> proxy() {
        return Optional.empty();
    }

    @Override
    public SSLContext sslContext() {
        throw new UnsupportedOperationException();
    }

    @Override
    public SSLParameters sslParameters() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<Authenticator> authenticator() {
        return Optional.empty();
    }

    @Override
    public Version version() {
        return Version.HTTP_1_1;
    }

    @Override
    public Optional<Executor> executor() {
        return Optional.empty();
    }

    private record Head(int statusCode, HttpHeaders headers) implements ResponseInfo {
        @Override
        public Version version() {
            return Version.HTTP_1_1;
        }
    }

    private record Answer<T>(HttpRequest request, ResponseInfo head, T body) implements HttpResponse<T> {
        @Override
        public int statusCode() {
            return head.statusCode();
        }

        @Override
        public Optional<HttpResponse<T>> previousResponse() {
            return Optional.empty();
        }

        @Override
        public HttpHeaders headers() {
            return head.headers();
        }

        @Override
        public Optional<SSLSession> sslSession() {
            return Optional.empty();
        }

        @Override
        public URI uri() {
            return request.uri();
        }

        @Override
        public Version version() {
            return Version.HTTP_1_1;
        }
    }
}
