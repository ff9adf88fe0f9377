package dev.jwkscache.sidecar.serving;

import dev.jwkscache.CacheStatus;
import dev.jwkscache.JwkSet;
import dev.jwkscache.sidecar.providers.Provider;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What stands between a provider's cache and those who ask for the whole set: what they are sent, made ready, and when a
 * request is a reason to look for newer keys. Thread-safe.
 *
 * <p>A client that keeps the set asks again when its copy is old or when it has met a kid that it does not know; which of
 * both, it does not say. So a request starts a refresh on the miss budget: one fetch in a miss cooldown at most. While the
 * provider is well, it waits for that a moment, so that a rotation does not cost the client a second request.
 */
final class Front {
    /** For so long at most the fields of an answer are those of a moment ago. */
    private static final Duration STAMP_REACH = Duration.ofMillis(200);
    /** So often at most the budget is asked whether it allows a refresh. */
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final Provider provider;
    private final Duration rereadWait;
    private final AtomicLong nextLook;
    private volatile @Nullable CompletableFuture<JwkSet> rereading;
    private volatile @Nullable RenderedSet rendered;
    private volatile @Nullable Stamp stamp;
    private volatile @Nullable Ready ready;

    /** Moments are nanoseconds of one monotonic clock. */
    Front(Provider provider, Duration rereadWait, long now) {
        this.provider = provider;
        this.rereadWait = rereadWait;
        this.nextLook = new AtomicLong(now);
    }

    /**
     * What answers tell of time.
     *
     * @param well whether the last fetch was good
     * @param until when it must be made anew
     */
    record Stamp(Freshness freshness, boolean well, long until) {}

    /** Answers with a whole set, all of one stamp; each made for the first who wants it. */
    private static final class Ready {
        private final RenderedSet rendered;
        private final Stamp stamp;
        private final @Nullable Answer[] answers = new Answer[4];

        Ready(RenderedSet rendered, Stamp stamp) {
            this.rendered = rendered;
            this.stamp = stamp;
        }

        Answer answer(boolean compressed, boolean known) {
            int index = (compressed ? 1 : 0) + (known ? 2 : 0);
            Answer answer = answers[index];
            if (answer == null) {
                Document document = rendered.document();
                answer = known
                        ? Answers.notModified(document, compressed, stamp.freshness())
                        : Answers.document(document, compressed, stamp.freshness());
                answers[index] = answer;
            }
            return answer;
        }
    }

    Provider provider() {
        return provider;
    }

    /**
     * What to wait for before the keys at hand are good enough for who asks for all of them; null for nothing. Starts the
     * refresh that the budget allows.
     */
    @Nullable
    CompletableFuture<?> worthWaitingFor(long now) {
        CompletableFuture<JwkSet> newer = newer(now);
        if (newer == null
                || newer.isDone()
                || rereadWait.isZero()
                || !stamp(now).well()) {
            return null;
        }
        return newer.thenApply(set -> set).completeOnTimeout(null, rereadWait.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** What to wait for where somebody says that the keys at hand are not new enough: the budget's refresh, or miss wait. */
    CompletableFuture<?> newest() {
        return provider.cache().revalidate();
    }

    private @Nullable CompletableFuture<JwkSet> newer(long now) {
        long due = nextLook.get();
        if (now - due >= 0 && nextLook.compareAndSet(due, now + LOOK_NANOS)) {
            CompletableFuture<JwkSet> started = provider.cache().revalidate();
            rereading = started.isDone() ? null : started;
        }
        return rereading;
    }

    RenderedSet rendered(JwkSet set) {
        RenderedSet last = rendered;
        if (last == null || !last.is(set)) {
            last = new RenderedSet(set);
            rendered = last;
        }
        return last;
    }

    /** The answer with a whole set. */
    @SuppressWarnings("ReferenceEquality") // Both are immutable, and the same until something has changed.
    Answer answer(JwkSet set, Stamp now, boolean compressed, @Nullable String ifNoneMatch) {
        RenderedSet current = rendered(set);
        boolean known = ifNoneMatch != null && current.document().isOneOf(ifNoneMatch);
        Ready last = ready;
        if (last == null || last.rendered != current || last.stamp != now) {
            last = new Ready(current, now);
            ready = last;
        }
        return last.answer(compressed, known);
    }

    /** To be asked for before the keys: it is then true of these or of older ones. */
    Stamp stamp(long now) {
        Stamp last = stamp;
        if (last == null || now - last.until() >= 0) {
            CacheStatus status = provider.status();
            last = new Stamp(
                    Freshness.of(status, STAMP_REACH), status.failingSince().isEmpty(), now + STAMP_REACH.toNanos());
            stamp = last;
        }
        return last;
    }
}
