package dev.jwkscache.sidecar.serving;

import dev.jwkscache.JwkSet;
import dev.jwkscache.sidecar.providers.Provider;
import dev.jwkscache.sidecar.providers.Providers;
import dev.jwkscache.sidecar.serving.Front.Stamp;
import dev.jwkscache.sidecar.serving.KeyPath.Resource;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** Answers requests for keys: at once with what is at hand, else when the cache says. Thread-safe; never blocks. */
final class KeyHandler implements Handler<HttpServerRequest> {
    private static final String PEM = ".pem";
    private static final String PEM_TYPE = "application/x-pem-file";

    private final Vertx vertx;
    private final Providers providers;
    private final Reply reply;
    private final Duration rereadWait;
    private final @Nullable String baseAddress;
    private final RequestCounter counter;
    private final ConcurrentMap<String, Front> fronts = new ConcurrentHashMap<>();
    private final Discovery discovery = new Discovery();

    KeyHandler(
            Vertx vertx,
            Providers providers,
            Reply reply,
            Duration rereadWait,
            @Nullable String baseAddress,
            RequestCounter counter) {
        this.vertx = vertx;
        this.providers = providers;
        this.reply = reply;
        this.rereadWait = rereadWait;
        this.baseAddress = baseAddress;
        this.counter = counter;
    }

    @Override
    public void handle(HttpServerRequest request) {
        if (bringsContent(request)) {
            request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
            counter.answered("", "", reply.refused(request, 400, "a request for keys has no content"));
            return;
        }
        HttpMethod method = request.method();
        if (method.equals(HttpMethod.OPTIONS) && reply.sharesWithOrigins()) {
            counter.answered("", "", reply.preflight(request));
            return;
        }
        if (!method.equals(HttpMethod.GET) && !method.equals(HttpMethod.HEAD)) {
            counter.answered("", "", reply.methodNotAllowed(request));
            return;
        }
        String path = request.path();
        KeyPath asked = path == null ? null : KeyPath.of(path);
        Provider provider = asked == null ? null : providers.named(asked.provider());
        if (asked == null || provider == null) {
            String error = asked == null ? "there is nothing here" : "no keys are kept under this name";
            counter.answered("", "", reply.refused(request, 404, error));
            return;
        }
        switch (asked.resource()) {
            case SET -> set(request, front(provider));
            case KEY -> key(request, front(provider), asked.kid());
            case METADATA -> metadata(request, front(provider));
        }
    }

    private static boolean bringsContent(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        return (length != null && !length.equals("0")) || request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null;
    }

    /** A provider that has taken the place of another of its name has a front of its own. */
    @SuppressWarnings("ReferenceEquality")
    private Front front(Provider provider) {
        Front front = fronts.get(provider.name());
        if (front == null || front.provider() != provider) {
            front = new Front(provider, rereadWait);
            fronts.put(provider.name(), front);
        }
        return front;
    }

    /** Forgets what was made ready for a provider that is gone. */
    void removed(String name) {
        fronts.remove(name);
    }

    private void set(HttpServerRequest request, Front front) {
        long now = System.nanoTime();
        CompletableFuture<?> first = wantsNewest(request) ? front.newest() : front.worthWaitingFor(now);
        if (first == null || first.isDone()) {
            sendSet(request, front, now);
        } else {
            after(first, () -> sendSet(request, front, System.nanoTime()));
        }
    }

    /** RFC 9111 §5.2.1.1, §5.2.1.4: keys that this sidecar has kept are not wanted. */
    private static boolean wantsNewest(HttpServerRequest request) {
        String wish = request.getHeader(HttpHeaders.CACHE_CONTROL);
        return wish != null && (wish.contains("no-cache") || wish.equals("max-age=0"));
    }

    private void sendSet(HttpServerRequest request, Front front, long now) {
        withKeys(
                request,
                front,
                Resource.SET,
                now,
                (set, stamp) -> reply.document(request, front.rendered(set).document(), stamp));
    }

    private void key(HttpServerRequest request, Front front, String kid) {
        withKeys(request, front, Resource.KEY, System.nanoTime(), (set, stamp) -> {
            Document found = find(request, front, set, kid);
            if (found != null) {
                return reply.document(request, found, stamp);
            }
            after(front.newest(), () -> sendKey(request, front, kid));
            return PENDING;
        });
    }

    private void sendKey(HttpServerRequest request, Front front, String kid) {
        withKeys(request, front, Resource.KEY, System.nanoTime(), (set, stamp) -> {
            Document found = find(request, front, set, kid);
            return found != null
                    ? reply.document(request, found, stamp)
                    : reply.refused(request, 404, "the set has no key of this kid");
        });
    }

    private static @Nullable Document find(HttpServerRequest request, Front front, JwkSet set, String kid) {
        RenderedSet rendered = front.rendered(set);
        String accept = request.getHeader(HttpHeaders.ACCEPT);
        boolean pem = accept != null && accept.contains(PEM_TYPE);
        Document found = pem ? rendered.pem(kid) : rendered.key(kid);
        String name = kid;
        if (found == null && kid.endsWith(PEM)) {
            name = kid.substring(0, kid.length() - PEM.length());
            found = rendered.pem(name);
        }
        if (found != null) {
            front.provider().keys().used(name);
        }
        return found;
    }

    private void metadata(HttpServerRequest request, Front front) {
        Provider provider = front.provider();
        Stamp stamp = front.stamp(System.nanoTime());
        String host = request.getHeader(HttpHeaders.HOST);
        String base = baseAddress != null ? baseAddress : "http://" + host;
        int status;
        if (!provider.isIssuer()) {
            status = reply.refused(request, 404, "this provider is known by its jwks_uri, which has no metadata");
        } else if (baseAddress == null && !Discovery.isHost(host)) {
            status = reply.refused(request, 400, "the request does not say at which host this is");
        } else {
            String document = provider.metadata().orElse(null);
            status = document == null
                    ? reply.notYet(request, "the issuer's metadata could not be read yet")
                    : reply.document(
                            request, discovery.turned(document, base + "/" + provider.name() + "/jwks.json"), stamp);
        }
        counter.answered(provider.name(), Resource.METADATA.label(), status);
    }

    /** What is done with keys; tells the status of the answer. */
    private interface Answer {
        int with(JwkSet set, Stamp stamp);
    }

    /** Stands for a status where the answer comes later. */
    private static final int PENDING = 0;

    private void withKeys(HttpServerRequest request, Front front, Resource resource, long now, Answer answer) {
        // Before the keys, so that what it says is never too good for them.
        Stamp stamp = front.stamp(now);
        CompletableFuture<JwkSet> keys = front.provider().cache().getAsync();
        if (keys.isDone()) {
            settle(request, front, resource, keys, stamp, answer);
        } else {
            after(keys, () -> settle(request, front, resource, keys, front.stamp(System.nanoTime()), answer));
        }
    }

    private void settle(
            HttpServerRequest request,
            Front front,
            Resource resource,
            CompletableFuture<JwkSet> keys,
            Stamp stamp,
            Answer answer) {
        int status;
        try {
            status = answer.with(keys.join(), stamp);
        } catch (CompletionException refused) {
            status = reply.unavailable(request, refused.getCause());
        }
        if (status != PENDING) {
            counter.answered(front.provider().name(), resource.label(), status);
        }
    }

    /** Goes on where the request is at home. */
    private void after(CompletableFuture<?> awaited, Runnable next) {
        Context context = vertx.getOrCreateContext();
        awaited.whenComplete((value, failure) -> context.runOnContext(done -> next.run()));
    }
}
