package dev.jwkscache;

import dev.jwkscache.spi.SnapshotRefusal;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a cache is like at one moment. Immutable. */
public final class CacheStatus {
    private final URI address;
    private final CacheState state;
    private final @Nullable JwkSet keys;
    private final @Nullable Duration age;
    private final @Nullable Duration timeToExpiry;
    private final RefreshState.@Nullable Failures failures;
    private final Instant at;
    private final @Nullable Instant nextAttempt;
    private final Settings settings;
    private final Counters.Values counters;

    CacheStatus(Settings settings, RefreshState current, Moment now, Counters.Values counters) {
        RefreshPolicy policy = new RefreshPolicy(settings);
        Snapshot snapshot = current.snapshot();
        Moment next = policy.nextWake(current, now);
        this.address = SafeText.withoutQuery(settings.address());
        this.state = policy.stateOf(snapshot, now);
        this.keys = snapshot == null ? null : snapshot.keys();
        this.age = snapshot == null ? null : Duration.ofNanos(snapshot.ageNanos(now));
        Duration left = age == null ? null : settings.maxStaleness().minus(age);
        this.timeToExpiry = left == null || !left.isNegative() ? left : Duration.ZERO;
        this.failures = current.failures();
        this.at = now.wall();
        this.nextAttempt = next == null ? null : now.wall().plus(next.remaining(now));
        this.settings = settings;
        this.counters = counters;
    }

    /** The address of the key set without its query, or the issuer. */
    public URI address() {
        return address;
    }

    /** How far the keys at hand may be trusted. */
    public CacheState state() {
        return state;
    }

    /** The kids at hand in the order of the document, also when they are expired; immutable. */
    public Set<String> kids() {
        return keys == null ? Set.of() : keys.kids();
    }

    /** How many usable keys are at hand, with or without kid, also when they are expired. */
    public int keyCount() {
        return keys == null ? 0 : keys.size();
    }

    /** How many entries of the set at hand are not used, by reason; immutable, reasons that do not occur are absent. */
    public Map<SkipReason, Integer> skippedKeys() {
        Map<SkipReason, Integer> skipped = new EnumMap<>(SkipReason.class);
        if (keys != null) {
            keys.skipped().forEach(entry -> skipped.merge(entry.reason(), 1, Integer::sum));
        }
        return Collections.unmodifiableMap(skipped);
    }

    /** Time since the request of the last validated fetch was sent; empty when there are no keys. */
    public Optional<Duration> age() {
        return Optional.ofNullable(age);
    }

    /** Time until the keys at hand are past max staleness; zero when they are; empty when there are none. */
    public Optional<Duration> timeToExpiry() {
        return Optional.ofNullable(timeToExpiry);
    }

    /** The setting {@code timeToLive}, given or adapted: up to this age keys are fresh. */
    public Duration timeToLive() {
        return settings.timeToLive();
    }

    /** The setting {@code refreshInterval}, given or adapted. */
    public Duration refreshInterval() {
        return settings.refreshInterval();
    }

    /** The setting {@code maxStaleness}, given or adapted: past this age no key is served. */
    public Duration maxStaleness() {
        return settings.maxStaleness();
    }

    /** The last failure of an unbroken row of failures; empty after a success. */
    public Optional<RefreshFailure> lastFailure() {
        return Optional.ofNullable(failures).map(RefreshState.Failures::last);
    }

    /** Since when every fetch has failed; empty after a success. */
    public Optional<Instant> failingSince() {
        return Optional.ofNullable(failures).map(RefreshState.Failures::since);
    }

    /** For how long every fetch has failed, by the wall clock of the cache and never negative; empty after a success. */
    public Optional<Duration> failingFor() {
        return failingSince()
                .map(since -> Duration.between(since, at))
                .map(passed -> passed.isNegative() ? Duration.ZERO : passed);
    }

    /** When the next fetch is due; empty when none is: one is under way, or the cache fetches on demand or is closed. */
    public Optional<Instant> nextAttempt() {
        return Optional.ofNullable(nextAttempt);
    }

    /** Fetches that were started. */
    public long fetches() {
        return counters.fetches();
    }

    /** Fetches that brought a set or confirmed the one at hand. */
    public long refreshes() {
        return counters.refreshes();
    }

    /** Fetches that failed, or were not made because another instance of the fleet had just failed. */
    public long failedRefreshes() {
        return counters.failures();
    }

    /** Sets that were taken from the store, without a fetch. */
    public long storedSets() {
        return counters.taken();
    }

    /** Calls of the store that failed or did not come back in time. */
    public long storeFailures() {
        return counters.storeFailures();
    }

    /** How often what the store keeps was not used, by reason; immutable, reasons that did not occur are absent. */
    public Map<SnapshotRefusal, Long> refusedSnapshots() {
        return counters.refusedSnapshots();
    }

    /** Lookups that were answered with «unknown key». */
    public long unknownKeys() {
        return counters.unknownKeys();
    }

    /** Lookups without kid that were offered 10 keys though more fit. */
    public long cutLookups() {
        return counters.cutLookups();
    }

    /** Answers to a forced refresh that had waited in an HTTP cache on the way all the same ({@code Age}, RFC 9111 §5.1). */
    public long cachedReplies() {
        return counters.cachedReplies();
    }

    /** State, age and what fails, in one line; safe to log. */
    @Override
    public String toString() {
        return "CacheStatus[" + SafeText.address(address) + ", " + state + ", keys=" + keyCount()
                + (age == null ? "" : ", age=" + Settings.seconds(age))
                + lastFailure()
                        .map(failure -> ", failing since " + failingSince().orElseThrow() + ": " + failure.describe())
                        .orElse("")
                + (nextAttempt == null ? "" : ", next attempt " + nextAttempt) + "]";
    }
}
