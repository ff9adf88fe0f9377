package dev.jwkscache.sidecar.configuration;

import dev.jwkscache.JwksCache;
import java.net.URI;
import java.time.Duration;
import java.util.Map;

/**
 * One provider whose keys are kept. Two that are equal make caches that do the same.
 *
 * @param name by which clients ask for it
 * @param address the issuer or the jwks_uri
 * @param kind which of both
 * @param settings of its cache, by name as users write them ({@code time-to-live}), in seconds where they are spans; what is
 *     not in here has the default of the library
 */
public record ProviderConfiguration(String name, URI address, Kind kind, Map<String, String> settings) {

    /** Copies the map. */
    public ProviderConfiguration {
        settings = Map.copyOf(settings);
    }

    /** What an address is. */
    public enum Kind {
        ISSUER("issuer"),
        JWKS_URI("jwks_uri");

        private final String label;

        Kind(String label) {
            this.label = label;
        }

        /** As users write it. */
        public String label() {
            return label;
        }
    }

    /**
     * Begins a cache with these settings.
     *
     * @throws IllegalArgumentException if a setting is none of a cache, or no value of it
     */
    public JwksCache.Builder builder() {
        JwksCache.Builder builder = kind == Kind.ISSUER ? JwksCache.forIssuer(address) : JwksCache.builder(address);
        settings.forEach((name, value) -> apply(builder, name, value));
        return builder;
    }

    // Replaced by the table of settings.
    private static void apply(JwksCache.Builder builder, String name, String value) {
        switch (name) {
            case "time-to-live" -> builder.timeToLive(span(value));
            case "refresh-interval" -> builder.refreshInterval(span(value));
            case "fetch-timeout" -> builder.fetchTimeout(span(value));
            case "max-staleness" -> builder.maxStaleness(span(value));
            case "miss-cooldown" -> builder.missCooldown(span(value));
            default -> throw new IllegalArgumentException("there is no setting " + name);
        }
    }

    private static Duration span(String seconds) {
        return Duration.ofNanos(
                new java.math.BigDecimal(seconds).movePointRight(9).longValue());
    }
}
