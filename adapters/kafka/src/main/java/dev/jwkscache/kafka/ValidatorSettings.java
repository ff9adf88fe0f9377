package dev.jwkscache.kafka;

import static org.apache.kafka.common.config.SaslConfigs.DEFAULT_SASL_OAUTHBEARER_CLOCK_SKEW_SECONDS;
import static org.apache.kafka.common.config.SaslConfigs.DEFAULT_SASL_OAUTHBEARER_JWKS_ENDPOINT_REFRESH_MS;
import static org.apache.kafka.common.config.SaslConfigs.DEFAULT_SASL_OAUTHBEARER_SCOPE_CLAIM_NAME;
import static org.apache.kafka.common.config.SaslConfigs.DEFAULT_SASL_OAUTHBEARER_SUB_CLAIM_NAME;
import static org.apache.kafka.common.config.SaslConfigs.SASL_OAUTHBEARER_ALLOW_UNVERIFIED_AUDIENCE;
import static org.apache.kafka.common.config.SaslConfigs.SASL_OAUTHBEARER_ALLOW_UNVERIFIED_ISSUER;
import static org.apache.kafka.common.config.SaslConfigs.SASL_OAUTHBEARER_CLOCK_SKEW_SECONDS;
import static org.apache.kafka.common.config.SaslConfigs.SASL_OAUTHBEARER_EXPECTED_AUDIENCE;
import static org.apache.kafka.common.config.SaslConfigs.SASL_OAUTHBEARER_EXPECTED_ISSUER;
import static org.apache.kafka.common.config.SaslConfigs.SASL_OAUTHBEARER_JWKS_ENDPOINT_REFRESH_MS;
import static org.apache.kafka.common.config.SaslConfigs.SASL_OAUTHBEARER_JWKS_ENDPOINT_URL;
import static org.apache.kafka.common.config.SaslConfigs.SASL_OAUTHBEARER_SCOPE_CLAIM_NAME;
import static org.apache.kafka.common.config.SaslConfigs.SASL_OAUTHBEARER_SUB_CLAIM_NAME;

import dev.jwkscache.JwksCache;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/** What a broker's configuration says about its tokens, as Kafka's own validator reads it. */
record ValidatorSettings(
        URI jwksUri,
        @Nullable Duration refreshInterval,
        @Nullable Duration maxStaleness,
        boolean plainHttp,
        List<String> algorithms,
        List<String> audiences,
        @Nullable String issuer,
        int clockSkewSeconds,
        String scopeClaim,
        String subClaim) {

    static final String MAX_STALENESS = "jwks.cache.max.staleness.ms";
    static final String ALLOW_PLAIN_HTTP = "jwks.cache.allow.plain.http";
    static final String ALGORITHMS = "jwks.cache.algorithms";
    /** Kafka's own guard; its constant is in an internal class. */
    static final String ALLOWED_URLS = "org.apache.kafka.sasl.oauthbearer.allowed.urls";

    /** Those of the cache that jose4j verifies. */
    private static final List<String> SERVED =
            List.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA");

    private static final Duration LONGEST_FETCH = Duration.ofSeconds(5);
    private static final Duration LEAST_TIME_TO_LIVE = Duration.ofMinutes(10);
    private static final Duration LEAST_MAX_STALENESS = Duration.ofHours(1);

    static ValidatorSettings of(Map<String, ?> configs, String saslMechanism, List<AppConfigurationEntry> jaas) {
        Options options = new Options(configs, saslMechanism.toLowerCase(Locale.ROOT) + ".");
        refuseTlsOptions(jaas);
        ValidatorSettings settings = new ValidatorSettings(
                jwksUri(options),
                refreshInterval(options),
                options.number(MAX_STALENESS, 1).map(Duration::ofMillis).orElse(null),
                options.isTrue(ALLOW_PLAIN_HTTP),
                algorithms(options),
                options.list(SASL_OAUTHBEARER_EXPECTED_AUDIENCE),
                options.text(SASL_OAUTHBEARER_EXPECTED_ISSUER).orElse(null),
                options.number(SASL_OAUTHBEARER_CLOCK_SKEW_SECONDS, 0)
                        .map(seconds -> (int) Math.min(seconds, Integer.MAX_VALUE))
                        .orElse(DEFAULT_SASL_OAUTHBEARER_CLOCK_SKEW_SECONDS),
                options.text(SASL_OAUTHBEARER_SCOPE_CLAIM_NAME).orElse(DEFAULT_SASL_OAUTHBEARER_SCOPE_CLAIM_NAME),
                options.text(SASL_OAUTHBEARER_SUB_CLAIM_NAME).orElse(DEFAULT_SASL_OAUTHBEARER_SUB_CLAIM_NAME));
        if (settings.audiences.isEmpty() && !options.isTrue(SASL_OAUTHBEARER_ALLOW_UNVERIFIED_AUDIENCE)) {
            throw missing(SASL_OAUTHBEARER_EXPECTED_AUDIENCE, SASL_OAUTHBEARER_ALLOW_UNVERIFIED_AUDIENCE);
        }
        if (settings.issuer == null && !options.isTrue(SASL_OAUTHBEARER_ALLOW_UNVERIFIED_ISSUER)) {
            throw missing(SASL_OAUTHBEARER_EXPECTED_ISSUER, SASL_OAUTHBEARER_ALLOW_UNVERIFIED_ISSUER);
        }
        return settings;
    }

    /** Puts into a cache's builder what is set; the rest stays at the defaults of the cache. */
    JwksCache.Builder applyTo(JwksCache.Builder cache) {
        cache.allowPlainHttp(plainHttp);
        if (refreshInterval != null) {
            Duration timeToLive = longer(refreshInterval.multipliedBy(2), LEAST_TIME_TO_LIVE);
            if (maxStaleness != null && maxStaleness.compareTo(timeToLive) < 0) {
                timeToLive = longer(refreshInterval, maxStaleness);
            }
            cache.refreshInterval(refreshInterval)
                    .timeToLive(timeToLive)
                    .maxStaleness(longer(timeToLive, LEAST_MAX_STALENESS))
                    .fetchTimeout(refreshInterval.compareTo(LONGEST_FETCH) < 0 ? refreshInterval : LONGEST_FETCH);
        } else if (maxStaleness != null && maxStaleness.compareTo(LEAST_TIME_TO_LIVE) < 0) {
            cache.timeToLive(maxStaleness);
        }
        if (maxStaleness != null) {
            cache.maxStaleness(maxStaleness);
        }
        return cache;
    }

    private static URI jwksUri(Options options) {
        String url = options.text(SASL_OAUTHBEARER_JWKS_ENDPOINT_URL)
                .orElseThrow(() -> new ConfigException(SASL_OAUTHBEARER_JWKS_ENDPOINT_URL
                        + " is not set; set it to the address of the provider's key set"));
        if (url.toLowerCase(Locale.ROOT).startsWith("file:")) {
            throw new ConfigException(SASL_OAUTHBEARER_JWKS_ENDPOINT_URL
                    + " names a file, which is read once and needs no cache; leave sasl.oauthbearer.jwt.validator.class"
                    + " at Kafka's default for it");
        }
        if (Arrays.stream(System.getProperty(ALLOWED_URLS, "").split(","))
                .map(String::strip)
                .noneMatch(url::equals)) {
            throw new ConfigException(SASL_OAUTHBEARER_JWKS_ENDPOINT_URL + " is " + url + ", which the system property "
                    + ALLOWED_URLS + " does not list; add it there");
        }
        try {
            return URI.create(url);
        } catch (IllegalArgumentException e) {
            throw new ConfigException(
                    SASL_OAUTHBEARER_JWKS_ENDPOINT_URL + " is " + url + ", which is no address: " + e.getMessage());
        }
    }

    private static List<String> algorithms(Options options) {
        List<String> named = options.list(ALGORITHMS);
        TreeSet<String> unfit = new TreeSet<>(named);
        SERVED.forEach(unfit::remove);
        if (!unfit.isEmpty()) {
            throw new ConfigException(ALGORITHMS + " names " + String.join(", ", unfit) + "; name only these: "
                    + String.join(", ", SERVED));
        }
        return named.isEmpty() ? SERVED : named;
    }

    /** Null for Kafka's default: whoever leaves it there has not asked for hours. */
    private static @Nullable Duration refreshInterval(Options options) {
        long millis = options.number(SASL_OAUTHBEARER_JWKS_ENDPOINT_REFRESH_MS, 1)
                .orElse(DEFAULT_SASL_OAUTHBEARER_JWKS_ENDPOINT_REFRESH_MS);
        return millis == DEFAULT_SASL_OAUTHBEARER_JWKS_ENDPOINT_REFRESH_MS ? null : Duration.ofMillis(millis);
    }

    /** Kafka takes the trust for the key endpoint from there; ignored in silence it would be another trust. */
    private static void refuseTlsOptions(List<AppConfigurationEntry> jaas) {
        TreeSet<String> names = new TreeSet<>();
        jaas.forEach(entry -> entry.getOptions().keySet().stream()
                .filter(name -> name.startsWith("ssl."))
                .forEach(names::add));
        if (!names.isEmpty()) {
            throw new ConfigException("the JAAS options " + String.join(", ", names)
                    + " are not supported here; make the broker's JVM trust the provider: javax.net.ssl.trustStore");
        }
    }

    private static ConfigException missing(String name, String opposite) {
        return new ConfigException(
                name + " is not set, so that tokens made for others would be accepted; set it, or set " + opposite
                        + " to true");
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? other : one;
    }

    /** Values by name; those with the mechanism's prefix come first, as everywhere in Kafka. */
    private record Options(Map<String, ?> configs, String prefix) {

        private @Nullable Object value(String name) {
            Object own = configs.get(prefix + name);
            return own != null ? own : configs.get(name);
        }

        Optional<String> text(String name) {
            Object value = value(name);
            return value == null || value.toString().isBlank()
                    ? Optional.empty()
                    : Optional.of(value.toString().strip());
        }

        List<String> list(String name) {
            return value(name) instanceof List<?> values
                    ? values.stream().map(String::valueOf).toList()
                    : text(name)
                            .map(line -> Arrays.stream(line.split(","))
                                    .map(String::strip)
                                    .toList())
                            .orElse(List.of());
        }

        boolean isTrue(String name) {
            return text(name).filter("true"::equalsIgnoreCase).isPresent();
        }

        Optional<Long> number(String name, long least) {
            return text(name).map(value -> {
                try {
                    long number = Long.parseLong(value);
                    if (number >= least) {
                        return number;
                    }
                } catch (NumberFormatException e) {
                    // Told below, as what is too small.
                }
                throw new ConfigException(name + " is " + value + "; it must be a whole number and at least " + least);
            });
        }
    }
}
