package dev.jwkscache;

import dev.jwkscache.DocumentReader.Document;
import dev.jwkscache.Snapshot.Validators;
import dev.jwkscache.spi.JwksOrigin;
import dev.jwkscache.spi.OriginRequest;
import dev.jwkscache.spi.OriginResponse;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Makes one fetch: its turn at the gate, its deadline, the call of the origin, which is anybody's code, and the reading of
 * the answer. Knows nothing of what a cache knows or does.
 */
final class Fetching {
    private final JwksOrigin origin;
    private final Settings settings;
    private final DocumentReader reader;
    private final Engine engine;
    private final Counters counters;
    /** Whether a thread is inside the origin: one that blocks costs one thread, not one for each attempt. */
    private final AtomicBoolean calling = new AtomicBoolean();

    Fetching(JwksOrigin origin, Settings settings, Engine engine, Counters counters) {
        this.origin = origin;
        this.settings = settings;
        this.reader = DocumentReader.of(settings);
        this.engine = engine;
        this.counters = counters;
    }

    /** Is told how a fetch ended, perhaps more than once: the first counts. */
    interface Landing {

        /** {@code hint} is how long the provider calls it fresh, null where it does not say. */
        void brought(Attempt attempt, Snapshot snapshot, @Nullable Duration hint, OriginResponse response);

        void failed(Attempt attempt, FetchException reason, @Nullable OriginResponse response);
    }

    void fetch(Attempt attempt, Landing landing) {
        counters.fetches.increment();
        engine.gate().enter(() -> depart(attempt, landing), attempt.trigger().urgent());
    }

    void close() {
        try {
            origin.close();
        } catch (Throwable ignored) {
            // An origin that cannot be closed must not keep the threads.
        }
    }

    private void depart(Attempt attempt, Landing landing) {
        Flight flight = attempt.flight();
        flight.landed().whenComplete((landed, never) -> engine.gate().leave());
        Duration timeout = settings.fetchTimeout();
        try {
            flight.deadline(engine.timer()
                    .schedule(
                            () -> landing.failed(attempt, Failures.timeout(timeout), null),
                            Moment.saturatedNanos(timeout),
                            TimeUnit.NANOSECONDS));
            engine.worker().execute(() -> exchange(attempt, landing));
        } catch (Throwable noThread) {
            landing.failed(attempt, Failures.noThread(noThread), null);
        }
    }

    private void exchange(Attempt attempt, Landing landing) {
        if (attempt.flight().landed().isDone()) {
            return;
        }
        if (!calling.compareAndSet(false, true)) {
            landing.failed(attempt, Failures.stillCalling(), null);
            return;
        }
        try {
            CompletableFuture<OriginResponse> answer = call(request(attempt));
            attempt.flight().exchange(answer);
            answer.whenCompleteAsync((response, thrown) -> land(attempt, landing, response, thrown), engine.worker());
        } catch (Throwable thrown) {
            landing.failed(attempt, Failures.explain(thrown), null);
        }
    }

    private OriginRequest request(Attempt attempt) {
        Snapshot basis = attempt.basis();
        Validators validators = basis == null ? null : basis.validators();
        return new OriginRequest(
                validators == null ? null : validators.etag(),
                validators == null ? null : validators.lastModified(),
                attempt.forced(),
                settings.fetchTimeout(),
                attempt.failures());
    }

    /** Leaves the origin before anybody can hear of its answer: the next fetch may begin as soon as this one lands. */
    private CompletableFuture<OriginResponse> call(OriginRequest request) {
        try {
            return Objects.requireNonNull(origin.fetch(request));
        } finally {
            calling.set(false);
        }
    }

    private void land(Attempt attempt, Landing landing, @Nullable OriginResponse response, @Nullable Throwable thrown) {
        Document document;
        Duration hint;
        try {
            if (thrown != null) {
                throw Failures.explain(thrown);
            }
            Objects.requireNonNull(response);
            document = reader.read(response, attempt.basis());
            if (attempt.forced() && CacheHints.fromCache(response)) {
                counters.cachedReplies.increment();
            }
            hint = CacheHints.freshness(response);
        } catch (Throwable e) {
            FetchException reason = Failures.explain(e);
            landing.failed(attempt, reason, response == null ? reason.answer() : response);
            return;
        }
        Snapshot snapshot =
                new Snapshot(document.keys(), attempt.sentAt(), document.validators(), attempt.generation());
        landing.brought(attempt, snapshot, hint, response);
    }
}
