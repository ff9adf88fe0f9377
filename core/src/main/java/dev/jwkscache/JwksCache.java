package dev.jwkscache;

import dev.jwkscache.spi.JwksOrigin;
import dev.jwkscache.spi.SnapshotStore;
import java.net.URI;
import java.security.PublicKey;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the public keys of one identity provider at hand: callers of known keys never wait and never fail while the keys
 * may still be trusted, and nobody is served a key after it may not be.
 *
 * <p>Keys are <em>fresh</em> up to the time to live, <em>stale</em> up to max staleness and <em>expired</em> after; age
 * counts from when the request of the last validated fetch was sent, on whichever of monotonic and wall time says more.
 * Thread-safe, and meant to be shared: build one for each address, close it at the end.
 */
public final class JwksCache implements AutoCloseable {
    private final Parts parts;
    private final Refresher refresher;
    private final AtHand atHand;
    private final Waiting waiting;

    private JwksCache(Parts parts) {
        this.parts = parts;
        refresher = parts.refresher();
        atHand = parts.atHand();
        waiting = parts.waiting();
    }

    /**
     * Begins a cache for the key set at that address.
     *
     * @param jwksUri the address ({@code jwks_uri} of OpenID Connect Discovery 1.0 §3): https, or http on loopback; no
     *     user name, no fragment. Checked by {@link Builder#build()}
     */
    public static Builder builder(URI jwksUri) {
        Settings.Draft draft = new Settings.Draft();
        draft.jwksUri = Objects.requireNonNull(jwksUri, "jwksUri");
        return new Builder(draft);
    }

    /**
     * Begins a cache whose key set is found in the issuer's metadata (OpenID Connect Discovery 1.0 §4, RFC 8414 §3), which
     * must name just that issuer, compared as strings. It is read with the first fetch, and again after three failed ones
     * in a row or when it is older than max staleness, at most once in each {@linkplain Builder#missCooldown miss cooldown}.
     * What it lacks is a failed refresh; an address that was found goes on being used.
     *
     * @param issuer the claim {@code iss} of its tokens, to the letter: https, or http on loopback; no user name, no
     *     query, no fragment. Checked by {@link Builder#build()}
     */
    public static Builder forIssuer(URI issuer) {
        Settings.Draft draft = new Settings.Draft();
        draft.issuer = Objects.requireNonNull(issuer, "issuer");
        return new Builder(draft);
    }

    /**
     * Begins a cache from the environment: {@code JWKS_URI}, {@code JWKS_TTL_SECONDS} (600),
     * {@code JWKS_REFRESH_INTERVAL} (300), {@code JWKS_FETCH_TIMEOUT} (5.0) and {@code JWKS_MAX_STALENESS} (3600), in
     * seconds, decimals allowed; an empty variable counts as not set. Bad values are refused by {@link Builder#build()}, all
     * of them in one message.
     */
    public static Builder fromEnvironment() {
        return fromEnvironment(System.getenv());
    }

    static Builder fromEnvironment(Map<String, String> environment) {
        return new Builder(EnvironmentVariables.read(environment));
    }

    /**
     * Fetches the keys and goes on refreshing them in the background. Returns at once when keys are at hand.
     *
     * <p>Waits for one fetch, at most the fetch timeout. When it fails, the cache is as it was before and may be started
     * again; the next attempt is made one second after the failure at the earliest, and waits for that.
     *
     * @throws KeysUnavailableException if there are no keys, or the calling thread was interrupted (its flag stays set),
     *     or the cache is closed
     */
    public void start() {
        if (parts.isKeyless()) {
            waiting.refresh(RefreshTrigger.START);
        }
        refresher.schedule();
    }

    /** Makes the fetch of {@link #start()} without waiting; completes when it ends. */
    CompletableFuture<JwkSet> startFetch() {
        return waiting.refreshAsync(RefreshTrigger.START);
    }

    /**
     * Starts in the background and goes on trying until there are keys: for services that must boot without their
     * provider. Never waits.
     *
     * @return completes at the first keys; fails with {@link KeysUnavailableException} only when the cache is closed.
     *     Cancelling it changes nothing
     */
    public CompletableFuture<Void> startAsync() {
        if (atHand.keys() == null) {
            refresher.request(
                    RefreshTrigger.RECOVERY, parts.now(), refresher.state().snapshot());
        }
        refresher.schedule();
        return refresher.state().closed()
                ? CompletableFuture.failedFuture(Refusals.closed(parts.settings()))
                : waiting.detached(refresher.firstKeys());
    }

    /**
     * Returns the keys at hand: at once when they are fresh or stale (stale keys start a refresh that nobody waits for,
     * unless {@link Builder#staleWait} says so), else after joining the one fetch, at most the fetch timeout.
     *
     * @throws KeysUnavailableException if there are no keys; at once while back-off runs
     * @throws KeysExpiredException if the keys are past max staleness and no new ones are to be had
     */
    public JwkSet get() {
        JwkSet keys = atHand.keys();
        return keys != null ? keys : waiting.set();
    }

    /**
     * Does what {@link #get} does without ever blocking the calling thread.
     *
     * @return completes with the keys or fails with what {@link #get} throws. Cancelling it disturbs nobody else
     */
    public CompletableFuture<JwkSet> getAsync() {
        JwkSet keys = atHand.keys();
        return keys != null ? CompletableFuture.completedFuture(keys) : waiting.setAsync();
    }

    /**
     * Looks for newer keys as a caller with an unknown kid does, for who serves the whole set on and does not see kids:
     * starts or joins one refresh if the miss budget allows, and waits for it at most {@linkplain Builder#missWait miss
     * wait}. Never blocks the calling thread.
     *
     * @return completes with the keys then at hand, newer or not; fails with what {@link #get} throws
     */
    public CompletableFuture<JwkSet> revalidate() {
        return waiting.newer();
    }

    /**
     * Returns the key for a token's header, at once when it is known.
     *
     * <p>For a kid that the set lacks it starts or joins one refresh, if the miss budget allows (one fetch for each
     * {@linkplain Builder#missCooldown miss cooldown}), and waits for it at most {@linkplain Builder#missWait miss wait};
     * when the budget is spent, the answer comes at once.
     *
     * @param kid the token's {@code kid}; null or empty for the first key that fits the algorithm; see {@link #keys}
     * @param alg the token's {@code alg}, checked by the caller against those it accepts; only signature algorithms with
     *     public keys are ever served
     * @throws UnknownKeyException if no key fits: the caller's fault, 401
     * @throws KeysUnavailableException if there are no keys: ours, 503
     * @throws KeysExpiredException if the keys are past max staleness: ours, 503
     */
    public VerificationKey key(@Nullable String kid, String alg) {
        Fitting found = find(kid, alg);
        return found != null ? found.first() : waiting.fitting(kid, alg).first();
    }

    /**
     * Does what {@link #key} does without ever blocking the calling thread.
     *
     * @return completes with the key or fails with what {@link #key} throws. Cancelling it disturbs nobody else
     */
    public CompletableFuture<VerificationKey> keyAsync(@Nullable String kid, String alg) {
        Fitting found = find(kid, alg);
        return found != null ? CompletableFuture.completedFuture(found.first()) : waiting.keyAsync(kid, alg);
    }

    /**
     * Returns every key that fits a token's header, in the order of the document: several when a kid is published twice
     * or the token has none (then at most 10). Try them in turn. Waits and fails as {@link #key} does.
     *
     * @return at least one key; immutable
     */
    public List<VerificationKey> keys(@Nullable String kid, String alg) {
        Fitting found = find(kid, alg);
        return found != null ? found.keys() : waiting.fitting(kid, alg).keys();
    }

    /**
     * Fetches now, also during a cooldown or back-off, past HTTP caches on the way. Many calls make one fetch: one that
     * was sent after the call, at least one second after the last manual fetch.
     *
     * @return completes with the new set; fails with {@link KeysUnavailableException} if the fetch fails (the keys at hand
     *     stay), if the provider asked for quiet ({@code Retry-After}), or if the cache is closed
     */
    public CompletableFuture<JwkSet> refresh() {
        return waiting.refreshAsync(RefreshTrigger.MANUAL);
    }

    /**
     * Reports that a signature did not verify with this key: perhaps new material was published under the same kid. Starts
     * one refresh on the miss budget if the key is still one of those at hand; never waits.
     */
    public void reportBadSignature(VerificationKey key) {
        reportBadSignature(key.kid(), key.algorithm(), key.publicKey());
    }

    /** Does the same for who was handed nothing but the key; kid (null for none) and alg are those of the token. */
    public void reportBadSignature(@Nullable String kid, String alg, PublicKey key) {
        Snapshot snapshot = refresher.state().snapshot();
        if (snapshot != null && snapshot.keys().offers(kid, alg, key)) {
            refresher.request(RefreshTrigger.MISS, parts.now(), snapshot);
        }
    }

    /**
     * Trusts nothing until a new set is loaded: drops the keys and whatever a fetch under way may still bring, and
     * fetches. Until then lookups wait or fail as in an empty cache.
     */
    public void purge() {
        refresher.purge();
    }

    /** Tells what the cache is like at this moment, without waiting. */
    public CacheStatus status() {
        return parts.status();
    }

    /**
     * Ends everything: a fetch under way is cancelled and its connection closed, those who wait get
     * {@link KeysUnavailableException}, the last cache of the process ends the shared threads. Does not wait; later calls
     * do nothing.
     */
    @Override
    public void close() {
        parts.close();
    }

    /** The keys that fit and may be served without waiting; null when there are none. */
    private @Nullable Fitting find(@Nullable String kid, String alg) {
        JwkSet keys = atHand.keys();
        Fitting found = keys == null ? null : keys.fitting(kid, alg);
        return found != null && found.noteworthy() ? waiting.noted(found) : found;
    }

    /**
     * Collects settings; {@link #build()} checks them together. What is not set adapts to what is: the refresh interval is
     * half the time to live, max staleness is at least the time to live. Not thread-safe.
     */
    public static final class Builder {
        final Settings.Draft draft;
        private final Lent lent = new Lent();

        private Builder(Settings.Draft draft) {
            this.draft = draft;
        }

        /** How long keys are fresh; at least 1 ms, at most max staleness. Default 600 s. */
        public Builder timeToLive(Duration value) {
            draft.timeToLive = Objects.requireNonNull(value, "timeToLive");
            return this;
        }

        /** Time between background refreshes, ±10 % jitter; at least 1 ms, at most the time to live. Default half of that. */
        public Builder refreshInterval(Duration value) {
            draft.refreshInterval = Objects.requireNonNull(value, "refreshInterval");
            return this;
        }

        /**
         * The least that {@code Cache-Control: max-age} (RFC 9111 §5.2.2.1) may shorten the refresh interval to; more than 0,
         * at most the refresh interval. Default 30 s, or the refresh interval where that is shorter.
         */
        public Builder minRefreshInterval(Duration value) {
            draft.minRefreshInterval = Objects.requireNonNull(value, "minRefreshInterval");
            return this;
        }

        /** The one deadline over a whole fetch, body included; at least 1 ms, at most the refresh interval. Default 5 s. */
        public Builder fetchTimeout(Duration value) {
            draft.fetchTimeout = Objects.requireNonNull(value, "fetchTimeout");
            return this;
        }

        /** The age past which no key is served, whatever happens; at least the time to live. Default 3600 s. */
        public Builder maxStaleness(Duration value) {
            draft.maxStaleness = Objects.requireNonNull(value, "maxStaleness");
            return this;
        }

        /** The least time between fetches for unknown kids; more than 0. Default 10 s. */
        public Builder missCooldown(Duration value) {
            draft.missCooldown = Objects.requireNonNull(value, "missCooldown");
            return this;
        }

        /** How long a caller with an unknown kid waits for the refresh at most; 0 for not at all. Default 2 s. */
        public Builder missWait(Duration value) {
            draft.missWait = Objects.requireNonNull(value, "missWait");
            return this;
        }

        /** How long callers wait for a refresh when keys are stale, before they get the stale ones. Default 0: not at all. */
        public Builder staleWait(Duration value) {
            draft.staleWait = Objects.requireNonNull(value, "staleWait");
            return this;
        }

        /** The most bytes of a document after decompression; from 1 to 64 MiB. Default 1 MiB. */
        public Builder maxDocumentBytes(int value) {
            draft.maxDocumentBytes = value;
            return this;
        }

        /** The least bits of an RSA modulus; from 1024 to 16384. Default 2048 (RFC 7518 §3.3); a shorter one is skipped. */
        public Builder minRsaBits(int value) {
            draft.minRsaBits = value;
            return this;
        }

        /**
         * The values of {@code use} (RFC 7517 §4.2) that count as «for signatures», such as {@code sig} and SPIFFE's
         * {@code jwt-svid}; not {@code enc}. Default {@code sig}. An entry without {@code use} is for signatures in any case.
         */
        public Builder signatureUses(Set<String> values) {
            draft.signatureUses = Set.copyOf(values);
            return this;
        }

        /** Whether keys keep the JSON that they were published as: {@link Jwk#json}, for who serves them on. Default false. */
        public Builder keepJson(boolean value) {
            draft.keepJson = value;
            return this;
        }

        /** Whether plain http is allowed beyond loopback: whoever is on the way can then replace the keys. Default false. */
        public Builder allowPlainHttp(boolean value) {
            draft.plainHttpAllowed = value;
            return this;
        }

        /**
         * Where an issuer is reached whose name is not its address, as in containers: its metadata, and whatever that names
         * at the issuer's own origin, is fetched from this origin instead. Scheme, host and port; https, or http on
         * loopback. Only with {@link JwksCache#forIssuer}. Default: where its name says.
         */
        public Builder fetchBase(URI value) {
            draft.fetchBase = Objects.requireNonNull(value, "fetchBase");
            return this;
        }

        /** Adds a listener; may be called several times. */
        public Builder listener(JwksCacheListener value) {
            lent.listeners.add(Objects.requireNonNull(value, "listener"));
            return this;
        }

        /** How requests reach the provider: trust, proxy, header fields. Default {@link Transport#standard()}. */
        public Builder transport(Transport value) {
            lent.transport = Objects.requireNonNull(value, "transport");
            return this;
        }

        /** Replaces HTTP as the way to the key set. The cache closes the origin when it is closed. */
        public Builder origin(JwksOrigin value) {
            lent.origin = Objects.requireNonNull(value, "origin");
            return this;
        }

        /**
         * Keeps the last good set in that store too, for a restart or for other instances; what is taken from it keeps its
         * age. One store serves any number of caches, and is not closed with them. Default none.
         */
        public Builder store(SnapshotStore value) {
            lent.store = Objects.requireNonNull(value, "store");
            return this;
        }

        /**
         * How long a fetch waits for the store before it is made without it; at least 1 ms. Default 250 ms. The first one,
         * for which a store has to connect, waits for half the fetch timeout if that is longer.
         */
        public Builder storeWait(Duration value) {
            draft.storeWait = Objects.requireNonNull(value, "storeWait");
            return this;
        }

        /**
         * Puts time into the hands of a test: both clocks, the monotonic one in nanoseconds as {@link System#nanoTime()}, and
         * the scheduler that runs all of the cache's work and is not shut down with it.
         */
        public Builder time(Clock wall, LongSupplier nanoTime, ScheduledExecutorService scheduler) {
            lent.time = new TimeSource(wall, nanoTime);
            lent.scheduler = Objects.requireNonNull(scheduler, "scheduler");
            return this;
        }

        /** Where jitter comes from: numbers from 0 to 1. */
        Builder random(DoubleSupplier value) {
            lent.random = value;
            return this;
        }

        /**
         * Builds the cache; fetches nothing and waits for nothing. A second open cache for the same address is legal and
         * warned of once.
         *
         * @throws IllegalArgumentException if a setting is out of bounds or two contradict each other; the message lists
         *     every fault with its values
         */
        public JwksCache build() {
            JwksCache cache = new JwksCache(Parts.of(draft, lent));
            if (!lent.listeners.isEmpty()) {
                cache.parts.events().opened(cache);
            }
            return cache;
        }
    }
}
