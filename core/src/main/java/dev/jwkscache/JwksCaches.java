package dev.jwkscache;

import java.net.URI;
import java.security.PublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the keys of many issuers, each in a {@link JwksCache} of its own: no fetch, failure or key of one touches another.
 * All share the threads and HTTP clients that the caches of a process share.
 *
 * <p>Issuers are named, or allowed by a predicate and then kept while they are in use. They are compared to the letter,
 * and no address is ever taken from a token beyond what your predicate and your function make of its issuer. Thread-safe;
 * issuers may be added and removed at any time. Finding a known issuer takes no lock and allocates nothing.
 */
public final class JwksCaches implements AutoCloseable {
    private static final Duration SHORTEST_IDLE_TIME = Duration.ofSeconds(1);
    private static final Duration LONGEST_IDLE_TIME = Duration.ofDays(365);
    private static final Duration LONGEST_SWEEP = Duration.ofMinutes(1);
    private static final int MOST_ISSUERS = 1_000_000;
    private static final int NAMED_IN_MESSAGES = 3;

    private final Tenants tenants;
    private final Predicate<String> allowed;
    private final Function<String, JwksCache.Builder> settings;
    private final SharedThreads.Lease lease;
    private final @Nullable Future<?> sweep;
    private volatile boolean started;

    private JwksCaches(Builder builder) {
        tenants = new Tenants(builder.maxIssuers, builder.nanoTime);
        allowed = builder.allowed == null ? issuer -> false : builder.allowed;
        settings = builder.settings;
        lease = SharedThreads.lease();
        try {
            builder.named.forEach(tenants::add);
        } catch (Throwable unfit) {
            tenants.close();
            lease.release();
            throw unfit;
        }
        sweep = builder.allowed == null ? null : sweep(builder.scheduler, builder.idleTime);
    }

    /**
     * Builds caches of those issuers, found by discovery ({@link JwksCache#forIssuer}), with default settings. Fetches
     * nothing.
     *
     * @param issuers at least one, as the claim {@code iss} of their tokens
     * @throws IllegalArgumentException if there is none, one is named twice, or one is no address that keys may come from
     */
    public static JwksCaches of(String... issuers) {
        if (issuers.length == 0) {
            throw new IllegalArgumentException("there is no issuer; name at least one, or use JwksCaches.builder()");
        }
        Builder builder = builder();
        for (String issuer : issuers) {
            builder.issuer(issuer, JwksCache.forIssuer(address(issuer)));
        }
        return builder.build();
    }

    /** Begins caches of many issuers; without any, they can be added later. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Returns the cache of an issuer. Never waits: one that is allowed and not at hand is built, and starts to load its
     * keys in the background; what waits for these is {@link JwksCache#key}.
     *
     * <p>Do not keep what it returns: the cache of an issuer that is only allowed is closed when nobody has asked for it
     * here for the {@linkplain Builder#idleTime idle time}, or earlier to make room.
     *
     * @param issuer the token's {@code iss}, or null where it has none
     * @throws UnknownIssuerException if the issuer is neither named nor allowed: the caller's fault, 401
     * @throws KeysUnavailableException if there is no room for one more that is allowed, or these caches are closed: ours,
     *     503
     * @throws IllegalArgumentException if your function makes settings that no cache can have, or that are another issuer's;
     *     whatever predicate and function throw comes through
     */
    public JwksCache forIssuer(@Nullable String issuer) {
        Tenant tenant = issuer == null ? null : tenants.at(issuer);
        return tenant == null ? admit(issuer) : tenant.cache();
    }

    /**
     * Fetches the keys of all named issuers at once and goes on refreshing them in the background. Waits until the first
     * fetch of each has ended; those that failed are tried again in the background.
     *
     * @throws KeysUnavailableException if an issuer has no keys by then; the others are served all the same, so that a
     *     service may log this and go on. Also if the calling thread was interrupted (its flag stays set), or these caches
     *     are closed
     */
    public void start() {
        tenants.requireOpen();
        started = true;
        List<Map.Entry<String, Tenant>> all = tenants.configured();
        CompletableFuture<?>[] fetches = all.stream()
                .map(Map.Entry::getValue)
                .filter(tenant -> !isServed(tenant))
                .map(tenant -> tenant.cache().startFetch())
                .toArray(CompletableFuture[]::new);
        all.forEach(entry -> entry.getValue().start());
        try {
            CompletableFuture.allOf(fetches).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KeysUnavailableException("interrupted while waiting for the keys of all issuers", Duration.ZERO);
        } catch (ExecutionException failed) {
            requireAll(all);
        }
    }

    /**
     * Starts all named issuers in the background and goes on trying. Never waits.
     *
     * @return completes when each has had keys; fails with {@link KeysUnavailableException} when one is removed before, or
     *     these caches are closed
     */
    public CompletableFuture<Void> startAsync() {
        started = true;
        if (tenants.closed()) {
            return CompletableFuture.failedFuture(
                    new KeysUnavailableException("the caches of all issuers are closed", null));
        }
        return CompletableFuture.allOf(tenants.configured().stream()
                .map(entry -> entry.getValue().start())
                .toArray(CompletableFuture[]::new));
    }

    /**
     * Adds a named issuer, which starts to load its keys in the background if these caches were started. Never waits. One
     * that was only allowed is replaced.
     *
     * @param issuer the claim {@code iss} of its tokens, to the letter
     * @param settings of its cache; built here
     * @throws IllegalArgumentException if it is named already, or its settings are unfit or another issuer's
     * @throws IllegalStateException if these caches are closed
     */
    public void add(String issuer, JwksCache.Builder settings) {
        Tenant added = tenants.add(issuer, own(issuer, settings));
        if (started) {
            added.start();
        }
    }

    /**
     * Removes an issuer and closes its cache: who waits for its keys gets {@link KeysUnavailableException}, who asks next
     * {@link UnknownIssuerException}, unless the predicate allows the issuer.
     *
     * @return false if there is none
     */
    public boolean remove(String issuer) {
        return tenants.remove(issuer);
    }

    /**
     * Reports that a signature did not verify with this key, to every issuer that offers it for that kid and algorithm; see
     * {@link JwksCache#reportBadSignature(String, String, PublicKey)}. Counts as nobody's use.
     */
    public void reportBadSignature(@Nullable String kid, String alg, PublicKey key) {
        tenants.all().forEach(tenant -> tenant.cache().reportBadSignature(kid, alg, key));
    }

    /** The issuers at hand, named or allowed; a copy. */
    public Set<String> issuers() {
        return tenants.issuers();
    }

    /** Closes the caches of all issuers; does not wait. Later calls do nothing. */
    @Override
    public void close() {
        if (tenants.close()) {
            if (sweep != null) {
                sweep.cancel(false);
            }
            lease.release();
        }
    }

    private JwksCache admit(@Nullable String issuer) {
        tenants.requireOpen();
        if (issuer == null || !allowed.test(issuer)) {
            throw new UnknownIssuerException(issuer);
        }
        tenants.requireRoom();
        Tenant tenant = tenants.admit(issuer, own(issuer, settings.apply(issuer)));
        tenant.start();
        return tenant.cache();
    }

    private Future<?> sweep(@Nullable ScheduledExecutorService lent, Duration idleTime) {
        Duration quarter = idleTime.dividedBy(4);
        long period = (quarter.compareTo(LONGEST_SWEEP) < 0 ? quarter : LONGEST_SWEEP).toNanos();
        ScheduledExecutorService timer = lent == null ? lease.engine().timer() : lent;
        return timer.scheduleWithFixedDelay(() -> tenants.removeIdle(idleTime), period, period, TimeUnit.NANOSECONDS);
    }

    /** The settings, if they are that issuer's: keys must not be kept under another's name by a slip. */
    private static JwksCache.Builder own(String issuer, JwksCache.@Nullable Builder settings) {
        Objects.requireNonNull(issuer, "issuer");
        Objects.requireNonNull(settings, "settings");
        URI found = settings.draft.issuer;
        if (found != null && !found.toString().equals(issuer)) {
            throw new IllegalArgumentException(
                    "the settings for issuer " + SafeText.quoted(issuer) + " are those of issuer "
                            + SafeText.quoted(found.toString()) + "; give JwksCache.forIssuer the same");
        }
        return settings;
    }

    private static boolean isServed(Tenant tenant) {
        return tenant.cache().status().state().servesKeys();
    }

    private static void requireAll(List<Map.Entry<String, Tenant>> all) {
        List<String> without = all.stream()
                .filter(entry -> !isServed(entry.getValue()))
                .map(entry -> SafeText.quoted(entry.getKey())
                        + entry.getValue()
                                .cache()
                                .status()
                                .lastFailure()
                                .map(failure -> " (" + failure.describe() + ")")
                                .orElse(""))
                .toList();
        if (without.isEmpty()) {
            // What failed first was tried again meanwhile.
            return;
        }
        String some = String.join(", ", without.subList(0, Math.min(NAMED_IN_MESSAGES, without.size())));
        throw new KeysUnavailableException(
                "no keys yet from " + without.size() + " of " + all.size() + " issuers, which are tried again: " + some
                        + (without.size() > NAMED_IN_MESSAGES ? " and others" : ""),
                Duration.ZERO);
    }

    private static URI address(String issuer) {
        try {
            return URI.create(issuer);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the issuer " + SafeText.quoted(issuer) + " is no address", e);
        }
    }

    /** Collects issuers and bounds. Not thread-safe. */
    public static final class Builder {
        private final Map<String, JwksCache.Builder> named = new LinkedHashMap<>();
        private @Nullable Predicate<String> allowed;
        private Function<String, JwksCache.Builder> settings = issuer -> JwksCache.forIssuer(address(issuer));
        private int maxIssuers = 1000;
        private Duration idleTime = Duration.ofHours(1);
        private LongSupplier nanoTime = System::nanoTime;
        private @Nullable ScheduledExecutorService scheduler;

        private Builder() {}

        /**
         * Names an issuer; it stays until it is removed.
         *
         * @param issuer the claim {@code iss} of its tokens, to the letter
         * @param settings of its cache, by discovery or with an address
         * @throws IllegalArgumentException if it was named before, or the settings are another issuer's
         */
        public Builder issuer(String issuer, JwksCache.Builder settings) {
            if (named.putIfAbsent(issuer, own(issuer, settings)) != null) {
                throw new IllegalArgumentException("issuer " + SafeText.quoted(issuer) + " is named twice");
            }
            return this;
        }

        /**
         * Allows issuers that need not be known beforehand, such as the tenants of one provider; replaces what was allowed
         * before. Whoever sends a token chooses the text that is asked about: allow no more than what you would name, and
         * build no address from it that you would not type.
         *
         * @param issuers asked for each token of an issuer that is not at hand, on the caller's thread; must be quick and
         *     thread-safe
         * @param settings makes the settings of an issuer that was allowed, new ones each time; asked on the caller's
         *     thread. Those of {@link JwksCache#forIssuer} must be for just that issuer
         */
        public Builder allow(Predicate<String> issuers, Function<String, JwksCache.Builder> settings) {
            this.allowed = Objects.requireNonNull(issuers, "issuers");
            this.settings = Objects.requireNonNull(settings, "settings");
            return this;
        }

        /**
         * How many issuers that are only allowed are kept at a time; from 1 to 1,000,000. Default 1000. When there are as
         * many, room is made by one that never had keys and had 10 s to load them, the longest unused first; where all have
         * keys, by the one that was unused for longest, if for a minute at least; else the newcomer is refused. An issuer
         * with keys that is in use is never closed for another.
         */
        public Builder maxIssuers(int value) {
            maxIssuers = value;
            return this;
        }

        /**
         * After which time without use an issuer that is only allowed is closed; from 1 s to 365 days, and up to a quarter
         * of it, or a minute, later. Default 1 h.
         */
        public Builder idleTime(Duration value) {
            idleTime = Objects.requireNonNull(value, "idleTime");
            return this;
        }

        /** Puts time into the hands of a test. */
        Builder time(LongSupplier monotonic, ScheduledExecutorService timer) {
            nanoTime = monotonic;
            scheduler = timer;
            return this;
        }

        /**
         * Builds the caches; fetches nothing and waits for nothing.
         *
         * @throws IllegalArgumentException if a bound, or a setting of a named issuer, is out of bounds
         */
        public JwksCaches build() {
            List<String> faults = new ArrayList<>();
            if (maxIssuers < 1 || maxIssuers > MOST_ISSUERS) {
                faults.add("maxIssuers is " + maxIssuers + "; it must be from 1 to " + MOST_ISSUERS);
            }
            if (idleTime.compareTo(SHORTEST_IDLE_TIME) < 0 || idleTime.compareTo(LONGEST_IDLE_TIME) > 0) {
                faults.add(
                        "idleTime is " + Settings.seconds(idleTime) + "; it must be at least 1 s and at most 365 days");
            }
            if (!faults.isEmpty()) {
                throw new IllegalArgumentException("jwks-caches cannot start: " + String.join("; ", faults));
            }
            return new JwksCaches(this);
        }
    }
}
