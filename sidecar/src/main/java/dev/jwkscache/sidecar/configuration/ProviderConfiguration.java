package dev.jwkscache.sidecar.configuration;

import dev.jwkscache.JwksCache;
import dev.jwkscache.sidecar.Address;
import java.net.URI;
import java.util.Map;

/**
 * One provider whose keys are kept. Two that are equal make caches that do the same.
 *
 * @param name by which clients ask for it
 * @param address the issuer or the jwks_uri
 * @param kind which of both
 * @param settings of its cache, by name as users write them ({@code time-to-live}), each value in its one canonical form
 *     (seconds where it is a span); what is not in here has the default of the library
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
        CacheDraft draft = new CacheDraft(builder);
        settings.forEach((setting, value) -> Setting.of(setting)
                .orElseThrow(() -> new IllegalArgumentException("there is no setting " + Faults.quoted(setting)))
                .put(draft, value));
        return draft.complete();
    }

    /** Everything but the values of settings, which may be secrets. */
    @Override
    public String toString() {
        return name + "=" + Address.show(address) + " (" + kind.label() + ", " + settings.keySet() + ")";
    }
}
