package dev.jwkscache;

import dev.jwkscache.spi.JwksOrigin;
import dev.jwkscache.spi.OriginRequest;
import dev.jwkscache.spi.OriginResponse;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * Fetches the keys of an issuer: finds their address in its metadata, remembers it, and looks again when it no longer
 * serves or is old. All of it is one exchange inside the one deadline.
 */
final class IssuerOrigin implements JwksOrigin {
    /** So many failed fetches in a row say that the address may have moved. */
    static final int FAILURES_TO_DOUBT = 3;

    private final Settings settings;
    private final Function<URI, JwksOrigin> http;
    private final Discovery discovery;
    private final Engine engine;
    private final TimeSource time;
    private final Consumer<String> documents;
    private volatile @Nullable Known known;
    private volatile @Nullable Validated validated;

    /** Hands over each document that says where the keys are. */
    IssuerOrigin(
            Settings settings,
            Issuer issuer,
            Function<URI, JwksOrigin> http,
            Engine engine,
            TimeSource time,
            Consumer<String> documents) {
        this.settings = settings;
        this.http = http;
        this.discovery = new Discovery(issuer, http);
        this.engine = engine;
        this.time = time;
        this.documents = documents;
    }

    /**
     * Where the keys are.
     *
     * @param readAt when metadata last said so
     * @param notBefore when it may be read again at the earliest
     * @param unread why it could not be read again, or null when it was not tried since
     */
    private record Known(
            URI keysAt,
            Moment readAt,
            Moment notBefore,
            @Nullable FetchException unread) {}

    /** The validators of the last good answer, and the one address that they mean anything to. */
    private record Validated(
            URI address, @Nullable String etag, @Nullable String lastModified) {}

    @Override
    public CompletableFuture<OriginResponse> fetch(OriginRequest request) {
        Steps<OriginResponse> steps = new Steps<>();
        Known at = known;
        Moment now = time.now();
        if (at == null) {
            steps.start(() -> discovery.read(request), (metadata, thrown) -> {
                if (thrown != null) {
                    throw Failures.explain(thrown);
                }
                fetchKeys(found(Objects.requireNonNull(metadata), null, now), request, steps);
            });
        } else if (isDoubtful(at, request, now) && at.notBefore().isReachedBy(now)) {
            steps.start(() -> readAgain(request), (metadata, thrown) -> {
                Known next = thrown == null
                        ? found(Objects.requireNonNull(metadata), at, now)
                        : kept(at, Failures.explain(thrown), now);
                fetchKeys(next, request, steps);
            });
        } else {
            fetchKeys(at, request, steps);
        }
        return steps.result();
    }

    private boolean isDoubtful(Known at, OriginRequest request, Moment now) {
        return request.failures() >= FAILURES_TO_DOUBT || at.readAt().nanosUntil(now) > settings.maxStalenessNanos();
    }

    /** Takes half of the time at most, so that the address which is known can still be asked. */
    private CompletableFuture<Metadata> readAgain(OriginRequest request) {
        Duration half = request.timeout().dividedBy(2);
        CompletableFuture<Metadata> reading = discovery.read(
                new OriginRequest(null, null, request.forced() || request.failures() > 0, half, request.failures()));
        FetchException late = new FetchException(
                FailureReason.TIMEOUT, "the issuer's metadata did not come within " + Settings.seconds(half));
        try {
            // What follows is a fetch, which may block: not on the timer's thread.
            Future<?> timer = engine.timer()
                    .schedule(
                            () -> engine.worker().execute(() -> reading.completeExceptionally(late)),
                            Moment.saturatedNanos(half),
                            TimeUnit.NANOSECONDS);
            reading.whenComplete((metadata, thrown) -> timer.cancel(false));
        } catch (RejectedExecutionException closed) {
            // Who closed the cache ends the exchange.
        }
        return reading;
    }

    private Known found(Metadata metadata, @Nullable Known before, Moment now) {
        Known found = new Known(metadata.keysAt(), now, now.plus(settings.missCooldown()), null);
        known = found;
        documents.accept(metadata.document());
        if (before != null && !before.keysAt().equals(found.keysAt())) {
            tell(() -> LogEntry.at(Level.INFO)
                    .with("address", SafeText.withoutQuery(settings.address()))
                    .with("jwks_uri", SafeText.address(found.keysAt()))
                    .tell("jwks_uri_moved"));
        }
        return found;
    }

    private Known kept(Known at, FetchException unread, Moment now) {
        Duration pause = settings.missCooldown();
        OriginResponse answer = unread.answer();
        Duration quiet = answer == null ? null : CacheHints.retryAfter(answer, now.wall());
        if (quiet != null && quiet.compareTo(pause) > 0) {
            pause = quiet.compareTo(RefreshPolicy.MAX_QUIET) < 0 ? quiet : RefreshPolicy.MAX_QUIET;
        }
        Known kept = new Known(at.keysAt(), at.readAt(), now.plus(pause), unread);
        known = kept;
        if (at.unread() == null) {
            tell(() -> LogEntry.at(Level.WARN)
                    .with("address", SafeText.withoutQuery(settings.address()))
                    .with("error", unread.reason().label() + ": " + unread.detail())
                    .tell("jwks_metadata_not_read_again"));
        }
        return kept;
    }

    private void fetchKeys(Known at, OriginRequest request, Steps<OriginResponse> steps) {
        URI address = at.keysAt();
        boolean conditional = isFrom(address, request);
        OriginRequest asked = conditional
                ? request
                : new OriginRequest(null, null, request.forced(), request.timeout(), request.failures());
        steps.start(() -> http.apply(address).fetch(asked), (answer, thrown) -> {
            if (thrown != null) {
                FetchException failure = Failures.explain(thrown);
                throw new FetchException(failure.reason(), failure.detail() + whence(at));
            }
            OriginResponse response = Objects.requireNonNull(answer);
            int status = response.status();
            if (status != 200 && !(status == 304 && conditional)) {
                throw new FetchException(
                        FailureReason.STATUS, "status " + status + " instead of 200" + whence(at), response);
            }
            String etag = response.header("etag").orElse(null);
            String lastModified = response.header("last-modified").orElse(null);
            validated = new Validated(
                    address,
                    etag == null && status == 304 ? request.etag() : etag,
                    lastModified == null && status == 304 ? request.lastModified() : lastModified);
            steps.result().complete(response);
        });
    }

    /** Whether the validators of a request are those of the last answer from that address: no other understands them. */
    private boolean isFrom(URI address, OriginRequest request) {
        Validated last = validated;
        return last != null
                && last.address().equals(address)
                && Objects.equals(last.etag(), request.etag())
                && Objects.equals(last.lastModified(), request.lastModified());
    }

    private static String whence(Known at) {
        FetchException unread = at.unread();
        return " from the jwks_uri " + SafeText.address(at.keysAt()) + " that the metadata names"
                + (unread == null ? "" : "; reading that again failed too: " + unread.detail());
    }

    private void tell(Runnable entry) {
        try {
            engine.events().execute(entry);
        } catch (RuntimeException closed) {
            // An entry of the log is lost, which must not cost a fetch.
        }
    }
}
