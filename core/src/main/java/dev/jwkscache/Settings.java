package dev.jwkscache;

import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The settings of one cache, complete and consistent. */
record Settings(
        URI address,
        Duration timeToLive,
        Duration refreshInterval,
        Duration minRefreshInterval,
        Duration fetchTimeout,
        Duration maxStaleness,
        Duration missCooldown,
        Duration missWait,
        Duration staleWait,
        Duration storeWait,
        int maxDocumentBytes,
        KeyRules keyRules,
        long timeToLiveNanos,
        long maxStalenessNanos,
        @Nullable Issuer issuer) {

    static final Duration DEFAULT_TIME_TO_LIVE = Duration.ofMinutes(10);
    static final Duration DEFAULT_FETCH_TIMEOUT = Duration.ofSeconds(5);
    static final Duration DEFAULT_MAX_STALENESS = Duration.ofHours(1);
    static final Duration DEFAULT_MISS_COOLDOWN = Duration.ofSeconds(10);
    static final Duration DEFAULT_MISS_WAIT = Duration.ofSeconds(2);
    static final Duration DEFAULT_STORE_WAIT = Duration.ofMillis(250);
    static final Duration DEFAULT_MIN_REFRESH_INTERVAL = Duration.ofSeconds(30);
    static final int DEFAULT_MAX_DOCUMENT_BYTES = 1 << 20;

    private static final String TTL = "timeToLive (JWKS_TTL_SECONDS)";
    private static final String REFRESH = "refreshInterval (JWKS_REFRESH_INTERVAL)";
    private static final String TIMEOUT = "fetchTimeout (JWKS_FETCH_TIMEOUT)";
    private static final String STALENESS = "maxStaleness (JWKS_MAX_STALENESS)";
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofDays(365);
    private static final int MOST_BYTES = 64 << 20;
    private static final int LEAST_RSA_BITS = 1024;
    private static final int MOST_RSA_BITS = 16384;

    /** The age at which a refresh must start at the latest to end before the keys expire. */
    Duration latestRefresh() {
        Duration latest = maxStaleness.minus(fetchTimeout);
        Duration half = maxStaleness.dividedBy(2);
        return latest.compareTo(half) < 0 ? half : latest;
    }

    /** What the first request goes to. */
    URI reachedAt() {
        return issuer == null ? address : issuer.reachedAt();
    }

    /** What the user has set; null means not set. */
    static final class Draft {
        @Nullable
        URI jwksUri;

        @Nullable
        URI issuer;

        @Nullable
        URI fetchBase;

        @Nullable
        Duration timeToLive;

        @Nullable
        Duration refreshInterval;

        @Nullable
        Duration minRefreshInterval;

        @Nullable
        Duration fetchTimeout;

        @Nullable
        Duration maxStaleness;

        Duration missCooldown = DEFAULT_MISS_COOLDOWN;
        Duration missWait = DEFAULT_MISS_WAIT;
        Duration staleWait = Duration.ZERO;
        Duration storeWait = DEFAULT_STORE_WAIT;
        int maxDocumentBytes = DEFAULT_MAX_DOCUMENT_BYTES;
        int minRsaBits = KeyRules.STANDARD.minRsaBits();
        Set<String> signatureUses = KeyRules.STANDARD.signatureUses();
        boolean keepJson;
        boolean plainHttpAllowed;
        /** Faults found before the settings met each other: environment variables that are no numbers. */
        final List<String> problems = new ArrayList<>();

        /**
         * Completes what is not set so that it fits what is.
         *
         * @throws IllegalArgumentException if anything is out of bounds or contradicts; the message lists every fault
         */
        Settings complete() {
            List<String> faults = new ArrayList<>(problems);
            Issuer named = issuer == null ? null : new Issuer(issuer, fetchBase, plainHttpAllowed);
            URI address = issuer == null ? jwksUri : issuer;
            if (named != null) {
                named.check(faults);
            } else if (address != null) {
                Addresses.check(address, plainHttpAllowed, faults);
            } else if (faults.isEmpty()) {
                faults.add("jwks_uri is not set; name the address of the key set");
            }
            if (named == null && fetchBase != null) {
                faults.add("fetchBase is set to " + SafeText.address(fetchBase)
                        + ", but only a cache of JwksCache.forIssuer reaches its provider there; leave it out");
            }
            atLeastAMillisecond(TTL, timeToLive, faults);
            atLeastAMillisecond(REFRESH, refreshInterval, faults);
            atLeastAMillisecond("minRefreshInterval", minRefreshInterval, faults);
            atLeastAMillisecond(TIMEOUT, fetchTimeout, faults);
            atLeastAMillisecond(STALENESS, maxStaleness, faults);
            if (missCooldown.isNegative() || missCooldown.isZero() || missCooldown.compareTo(LONGEST) > 0) {
                faults.add(
                        "missCooldown is " + seconds(missCooldown) + "; it must be more than 0 s and at most 365 days");
            }
            notNegative("missWait", missWait, faults);
            notNegative("staleWait", staleWait, faults);
            atLeastAMillisecond("storeWait", storeWait, faults);
            if (maxDocumentBytes < 1 || maxDocumentBytes > MOST_BYTES) {
                faults.add("maxDocumentBytes is " + maxDocumentBytes + "; it must be from 1 to " + MOST_BYTES);
            }
            if (minRsaBits < LEAST_RSA_BITS || minRsaBits > MOST_RSA_BITS) {
                faults.add(
                        "minRsaBits is " + minRsaBits + "; it must be from " + LEAST_RSA_BITS + " to " + MOST_RSA_BITS);
            }
            if (signatureUses.contains("enc")) {
                faults.add("signatureUses holds \"enc\"; keys for encryption are never offered for signatures");
            }
            notAbove(REFRESH, refreshInterval, TTL, timeToLive, faults);
            notAbove(TTL, timeToLive, STALENESS, maxStaleness, faults);
            notAbove(TIMEOUT, fetchTimeout, REFRESH, refreshInterval, faults);
            notAbove("minRefreshInterval", minRefreshInterval, REFRESH, refreshInterval, faults);
            if (timeToLive == null) {
                notAbove(REFRESH, refreshInterval, STALENESS, maxStaleness, faults);
            }
            if (refreshInterval == null) {
                notAbove(TIMEOUT, fetchTimeout, TTL, timeToLive, faults);
            }
            if (!faults.isEmpty() || address == null) {
                throw refusal(faults);
            }
            Settings settings = adapted(address, named);
            notAbove("minRefreshInterval", settings.minRefreshInterval, REFRESH, settings.refreshInterval, faults);
            notAbove(TIMEOUT, settings.fetchTimeout, REFRESH, settings.refreshInterval, faults);
            if (!faults.isEmpty()) {
                throw refusal(faults);
            }
            return settings;
        }

        private static IllegalArgumentException refusal(List<String> faults) {
            return new IllegalArgumentException("jwks-cache cannot start: " + String.join("; ", faults));
        }

        private Settings adapted(URI address, @Nullable Issuer named) {
            Duration ttl = timeToLive != null
                    ? timeToLive
                    : shorter(longer(DEFAULT_TIME_TO_LIVE, refreshInterval, fetchTimeout), maxStaleness);
            Duration refresh =
                    refreshInterval != null ? refreshInterval : shorter(longer(ttl.dividedBy(2), fetchTimeout), ttl);
            Duration staleness = maxStaleness != null ? maxStaleness : longer(DEFAULT_MAX_STALENESS, ttl);
            return new Settings(
                    address,
                    ttl,
                    refresh,
                    minRefreshInterval != null ? minRefreshInterval : shorter(DEFAULT_MIN_REFRESH_INTERVAL, refresh),
                    fetchTimeout != null ? fetchTimeout : shorter(DEFAULT_FETCH_TIMEOUT, refresh),
                    staleness,
                    missCooldown,
                    missWait,
                    staleWait,
                    storeWait,
                    maxDocumentBytes,
                    new KeyRules(minRsaBits, signatureUses, keepJson),
                    ttl.toNanos(),
                    staleness.toNanos(),
                    named);
        }
    }

    /** A duration as people write it: seconds, with decimals where it has them. */
    static String seconds(Duration duration) {
        BigDecimal seconds =
                BigDecimal.valueOf(duration.getSeconds()).add(BigDecimal.valueOf(duration.getNano() / 1_000_000, 3));
        return seconds.stripTrailingZeros().toPlainString() + " s";
    }

    private static void atLeastAMillisecond(String name, @Nullable Duration value, List<String> faults) {
        if (value != null && (value.compareTo(SHORTEST) < 0 || value.compareTo(LONGEST) > 0)) {
            faults.add(name + " is " + seconds(value) + "; it must be at least 1 ms and at most 365 days");
        }
    }

    private static void notNegative(String name, Duration value, List<String> faults) {
        if (value.isNegative() || value.compareTo(LONGEST) > 0) {
            faults.add(name + " is " + seconds(value) + "; it must be from 0 s to 365 days");
        }
    }

    private static void notAbove(
            String name, @Nullable Duration value, String limitName, @Nullable Duration limit, List<String> faults) {
        if (value != null && limit != null && value.compareTo(limit) > 0) {
            faults.add(name + " is " + seconds(value) + ", above " + limitName + ", which is " + seconds(limit));
        }
    }

    private static Duration longer(Duration one, @Nullable Duration... others) {
        Duration longest = one;
        for (Duration other : others) {
            longest = other != null && other.compareTo(longest) > 0 ? other : longest;
        }
        return longest;
    }

    private static Duration shorter(Duration one, @Nullable Duration other) {
        return other != null && other.compareTo(one) < 0 ? other : one;
    }
}
