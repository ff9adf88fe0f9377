package dev.jwkscache.sidecar.serving;

import dev.jwkscache.JwkSet;
import dev.jwkscache.sidecar.providers.Provider;
import dev.jwkscache.sidecar.providers.Providers;
import dev.jwkscache.sidecar.serving.Front.Stamp;
import dev.jwkscache.sidecar.serving.KeyPath.Resource;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Answers requests for keys: at once with what is at hand, else when the cache says. Thread-safe; never blocks. */
final class KeyHandler {
    private static final String PEM = ".pem";
    private static final String PEM_TYPE = "application/x-pem-file";

    private final Providers providers;
    private final CrossOrigin crossOrigin;
    private final Duration rereadWait;
    private final @Nullable String baseAddress;
    private final RequestCounter counter;
    private final LongSupplier nanoTime;
    private final ConcurrentMap<String, Front> fronts = new ConcurrentHashMap<>();
    private final Discovery discovery = new Discovery();

    KeyHandler(
            Providers providers,
            CrossOrigin crossOrigin,
            Duration rereadWait,
            @Nullable String baseAddress,
            RequestCounter counter,
            LongSupplier nanoTime) {
        this.providers = providers;
        this.crossOrigin = crossOrigin;
        this.rereadWait = rereadWait;
        this.baseAddress = baseAddress;
        this.counter = counter;
        this.nanoTime = nanoTime;
    }

    /** What comes of a request; nothing that is in it is ever fetched from. */
    Outcome handle(HttpRequest request) {
        HttpMethod method = request.method();
        if (method.equals(HttpMethod.OPTIONS) && !crossOrigin.isOff()) {
            return counted("", "", request, Answers.preflight());
        }
        if (!method.equals(HttpMethod.GET) && !method.equals(HttpMethod.HEAD)) {
            return counted("", "", request, Answers.methodNotAllowed());
        }
        String uri = request.uri();
        int query = uri.indexOf('?');
        KeyPath asked = KeyPath.of(query < 0 ? uri : uri.substring(0, query));
        if (asked == null) {
            return counted("", "", request, Answers.refused(404, "there is nothing here"));
        }
        Provider provider = providers.named(asked.provider());
        if (provider == null) {
            return counted("", "", request, Answers.refused(404, "no keys are kept under this name"));
        }
        Front front = front(provider);
        return switch (asked.resource()) {
            case SET -> set(request, front);
            case KEY -> key(request, front, asked.kid());
            case METADATA -> counted(provider.name(), Resource.METADATA.label(), request, metadata(request, front));
        };
    }

    /** A provider that has taken the place of another of its name has a front of its own. */
    @SuppressWarnings("ReferenceEquality")
    private Front front(Provider provider) {
        Front front = fronts.get(provider.name());
        if (front == null || front.provider() != provider) {
            front = new Front(provider, rereadWait, nanoTime.getAsLong());
            fronts.put(provider.name(), front);
        }
        return front;
    }

    /** Forgets what was made ready for a provider that is gone. */
    void removed(String name) {
        fronts.remove(name);
    }

    private Outcome set(HttpRequest request, Front front) {
        long now = nanoTime.getAsLong();
        CompletableFuture<?> first = wantsNewest(request) ? front.newest() : front.worthWaitingFor(now);
        return first == null || first.isDone()
                ? sendSet(request, front, now)
                : after(first, () -> sendSet(request, front, nanoTime.getAsLong()));
    }

    /** RFC 9111 §5.2.1.1, §5.2.1.4: keys that this sidecar has kept are not wanted. */
    private static boolean wantsNewest(HttpRequest request) {
        String wish = request.headers().get(HttpHeaderNames.CACHE_CONTROL);
        return wish != null && (wish.contains("no-cache") || wish.equals("max-age=0"));
    }

    private Outcome sendSet(HttpRequest request, Front front, long now) {
        return withKeys(
                request,
                front,
                Resource.SET,
                now,
                (set, stamp) -> front.answer(
                        set, stamp, wantsGzip(request), request.headers().get(HttpHeaderNames.IF_NONE_MATCH)));
    }

    private Outcome key(HttpRequest request, Front front, String kid) {
        return withKeys(request, front, Resource.KEY, nanoTime.getAsLong(), (set, stamp) -> {
            Document found = find(request, front, set, kid);
            return found == null
                    ? after(front.newest(), () -> sendKey(request, front, kid))
                    : answer(request, found, stamp);
        });
    }

    private Outcome sendKey(HttpRequest request, Front front, String kid) {
        return withKeys(request, front, Resource.KEY, nanoTime.getAsLong(), (set, stamp) -> {
            Document found = find(request, front, set, kid);
            return found == null
                    ? Answers.refused(404, "the set has no key of this kid")
                    : answer(request, found, stamp);
        });
    }

    private static @Nullable Document find(HttpRequest request, Front front, JwkSet set, String kid) {
        RenderedSet rendered = front.rendered(set);
        String accept = request.headers().get(HttpHeaderNames.ACCEPT);
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

    private Answer metadata(HttpRequest request, Front front) {
        Provider provider = front.provider();
        if (!provider.isIssuer()) {
            return Answers.refused(404, "this provider is known by its jwks_uri, which has no metadata");
        }
        String host = request.headers().get(HttpHeaderNames.HOST);
        if (baseAddress == null && !Discovery.isHost(host)) {
            return Answers.refused(400, "the request does not say at which host this is");
        }
        Stamp stamp = front.stamp(nanoTime.getAsLong());
        String document = provider.metadata().orElse(null);
        if (document == null) {
            return Answers.notYet("the issuer's metadata could not be read yet");
        }
        String base = baseAddress != null ? baseAddress : "http://" + host;
        return answer(request, discovery.turned(document, base + "/" + provider.name() + "/jwks.json"), stamp);
    }

    private static Answer answer(HttpRequest request, Document document, Stamp stamp) {
        boolean compressed = wantsGzip(request);
        String known = request.headers().get(HttpHeaderNames.IF_NONE_MATCH);
        return known != null && document.isOneOf(known)
                ? Answers.notModified(document, compressed, stamp.freshness())
                : Answers.document(document, compressed, stamp.freshness());
    }

    private static boolean wantsGzip(HttpRequest request) {
        return Encodings.allowGzip(request.headers().get(HttpHeaderNames.ACCEPT_ENCODING));
    }

    /** What is done with keys. */
    private interface Use {
        Outcome of(JwkSet set, Stamp stamp);
    }

    private Outcome withKeys(HttpRequest request, Front front, Resource resource, long now, Use use) {
        // Before the keys, so that what it says is never too good for them.
        Stamp stamp = front.stamp(now);
        CompletableFuture<JwkSet> keys = front.provider().cache().getAsync();
        return keys.isDone()
                ? settled(request, front, resource, keys, stamp, use)
                : after(keys, () -> settled(request, front, resource, keys, front.stamp(nanoTime.getAsLong()), use));
    }

    private Outcome settled(
            HttpRequest request, Front front, Resource resource, CompletableFuture<JwkSet> keys, Stamp stamp, Use use) {
        Outcome outcome;
        try {
            outcome = use.of(keys.join(), stamp);
        } catch (CompletionException refused) {
            if (isReplaced(front.provider())) {
                // A reload has closed its cache under this request.
                return handle(request);
            }
            outcome = Answers.unavailable(refused.getCause());
        }
        return outcome instanceof Answer answer
                ? counted(front.provider().name(), resource.label(), request, answer)
                : outcome;
    }

    @SuppressWarnings("ReferenceEquality")
    private boolean isReplaced(Provider provider) {
        return providers.named(provider.name()) != provider;
    }

    private Answer counted(String provider, String resource, HttpRequest request, Answer answer) {
        counter.answered(provider, resource, answer.status());
        return crossOrigin.shared(answer, request.headers().get(HttpHeaderNames.ORIGIN));
    }

    /** Goes on when something has come, or has not. */
    private static Outcome after(CompletableFuture<?> awaited, Supplier<Outcome> next) {
        return new Outcome.Later(awaited.handle((value, failure) -> next.get()).thenCompose(KeyHandler::answered));
    }

    private static CompletableFuture<Answer> answered(Outcome outcome) {
        return outcome instanceof Outcome.Later later
                ? later.answer()
                : CompletableFuture.completedFuture((Answer) outcome);
    }
}
