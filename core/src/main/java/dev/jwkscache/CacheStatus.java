package dev.jwkscache;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a cache is like at one moment. Immutable. */
public final class CacheStatus {
    private final URI jwksUri;
    private final CacheState state;
    private final Set<String> kids;
    private final @Nullable Duration age;
    private final @Nullable Duration timeToExpiry;
    private final RefreshState.@Nullable Failures failures;
    private final @Nullable Instant nextAttempt;
    private final Counters.Values counters;

    CacheStatus(
            URI jwksUri,
            CacheState state,
            Set<String> kids,
            @Nullable Duration age,
            @Nullable Duration timeToExpiry,
            RefreshState.@Nullable Failures failures,
            @Nullable Instant nextAttempt,
            Counters.Values counters) {
        this.jwksUri = jwksUri;
        this.state = state;
        this.kids = kids;
        this.age = age;
        this.timeToExpiry = timeToExpiry;
        this.failures = failures;
        this.nextAttempt = nextAttempt;
        this.counters = counters;
    }

    /** The address of the key set, without its query. */
    public URI jwksUri() {
        return jwksUri;
    }

    /** How far the keys at hand may be trusted. */
    public CacheState state() {
        return state;
    }

    /** The kids at hand in the order of the document, also when they are expired; immutable. */
    public Set<String> kids() {
        return kids;
    }

    /** Time since the request of the last validated fetch was sent; empty when there are no keys. */
    public Optional<Duration> age() {
        return Optional.ofNullable(age);
    }

    /** Time until the keys at hand are past max staleness; zero when they are; empty when there are none. */
    public Optional<Duration> timeToExpiry() {
        return Optional.ofNullable(timeToExpiry);
    }

    /** The last failure of an unbroken row of failures; empty after a success. */
    public Optional<RefreshFailure> lastFailure() {
        return Optional.ofNullable(failures).map(RefreshState.Failures::last);
    }

    /** Since when every fetch has failed; empty after a success. */
    public Optional<Instant> failingSince() {
        return Optional.ofNullable(failures).map(RefreshState.Failures::since);
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

    /** Fetches that failed. */
    public long failedRefreshes() {
        return counters.failures();
    }

    /** Lookups that were answered with «unknown key». */
    public long unknownKeys() {
        return counters.unknownKeys();
    }

    /** State, age and what fails, in one line; safe to log. */
    @Override
    public String toString() {
        return "CacheStatus[" + SafeText.address(jwksUri) + ", " + state + ", keys=" + kids.size()
                + (age == null ? "" : ", age=" + Settings.seconds(age))
                + lastFailure()
                        .map(failure -> ", failing since " + failingSince().orElseThrow() + ": " + failure.describe())
                        .orElse("")
                + (nextAttempt == null ? "" : ", next attempt " + nextAttempt) + "]";
    }
}
