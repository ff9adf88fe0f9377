package dev.jwkscache.kafka;

import dev.jwkscache.JwksCache;
import dev.jwkscache.JwksException;
import dev.jwkscache.KeysUnavailableException;
import dev.jwkscache.UnknownKeyException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.security.oauthbearer.JwtValidator;
import org.apache.kafka.common.security.oauthbearer.JwtValidatorException;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerToken;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jwt.consumer.ErrorCodes;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Validates the OAUTHBEARER tokens that a Kafka broker is given, with the keys of a {@link JwksCache}: name it in
 * {@code sasl.oauthbearer.jwt.validator.class} (KIP-1139, Kafka 4.1 and later).
 *
 * <p>Checks what Kafka's {@code BrokerJwtValidator} checks, under the same settings. Never waits while it validates, since
 * the thread serves other connections too. Thread-safe once it is configured.
 */
public final class JwksCacheJwtValidator implements JwtValidator {
    private static final Logger LOG = LoggerFactory.getLogger(JwksCacheJwtValidator.class);

    private static final SharedCaches SHARED = new SharedCaches();

    private final SharedCaches caches;
    private final Function<URI, JwksCache.Builder> builders;
    private @Nullable Configured configured;

    /** Creates a validator that {@link #configure} has to make ready; Kafka does both. */
    public JwksCacheJwtValidator() {
        this(SHARED, JwksCache::builder);
    }

    JwksCacheJwtValidator(SharedCaches caches, Function<URI, JwksCache.Builder> builders) {
        this.caches = caches;
        this.builders = builders;
    }

    /**
     * Builds the cache, or takes that of another validator with the same settings, and fetches the keys, waiting at most
     * 5 s. A provider that does not answer is logged and stops no broker: the cache goes on trying.
     *
     * @param configs {@code sasl.oauthbearer.jwks.endpoint.url} and the other settings of Kafka's own validator, and
     *     {@code jwks.cache.max.staleness.ms}, {@code jwks.cache.algorithms} and {@code jwks.cache.allow.plain.http}; those
     *     that begin with the mechanism come first
     * @param saslMechanism OAUTHBEARER
     * @param jaasConfigEntries may have no {@code ssl.} options
     * @throws ConfigException if a setting is missing or unfit; the message names it
     */
    @Override
    public void configure(Map<String, ?> configs, String saslMechanism, List<AppConfigurationEntry> jaasConfigEntries) {
        ValidatorSettings settings = ValidatorSettings.of(configs, saslMechanism, jaasConfigEntries);
        JwksCache cache;
        try {
            cache = caches.acquire(
                    settings,
                    wanted -> wanted.applyTo(builders.apply(wanted.jwksUri())).build());
        } catch (IllegalArgumentException e) {
            throw new ConfigException(e.getMessage());
        }
        configured = new Configured(settings, consumer(settings, cache));
        try {
            cache.start();
        } catch (KeysUnavailableException e) {
            LOG.warn("no keys yet, tokens cannot be validated until there are: {}", e.getMessage());
            cache.startAsync();
        }
    }

    /**
     * Validates a token and reads its claims, without waiting.
     *
     * @throws JwtValidatorException if the token is to be refused; the cause is {@link UnknownKeyException} where no key
     *     fits. Kafka answers {@code invalid_token}, and the client gives up
     * @throws KafkaException (and not its subtype above) if there are no keys, or they are expired or being fetched just
     *     now, with the {@link JwksException} as its cause where there is one. Kafka closes the connection, and the client
     *     tries again
     * @throws IllegalStateException before {@link #configure}
     */
    @Override
    public OAuthBearerToken validate(String accessToken) throws JwtValidatorException {
        Configured ready = configured;
        if (ready == null) {
            throw new IllegalStateException("the validator is not configured; Kafka calls configure first");
        }
        try {
            return AccessToken.of(accessToken, ready.consumer.processToClaims(accessToken), ready.settings);
        } catch (InvalidJwtException refused) {
            throw translated(refused);
        }
    }

    /** Closes the cache if no other validator uses it; does not wait. Later calls do nothing. */
    @Override
    public void close() {
        if (configured != null) {
            caches.release(configured.settings);
            configured = null;
        }
    }

    /** jose4j's exception is dropped: its text has the token in it, and Kafka logs all of it. */
    private static KafkaException translated(InvalidJwtException refused) {
        for (Throwable cause = refused.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof UnknownKeyException unknown) {
                return new JwtValidatorException("the access token was refused: " + unknown.getMessage(), unknown);
            }
            if (cause instanceof JwksException || cause instanceof NonBlockingResolver.NotKnownYetException) {
                return new KeysNotAtHandException(cause);
            }
        }
        return new JwtValidatorException("the access token was refused: " + reason(refused));
    }

    private static String reason(InvalidJwtException refused) {
        if (refused.hasExpired()) {
            return "it has expired";
        }
        if (refused.hasErrorCode(ErrorCodes.SIGNATURE_INVALID)) {
            return "its signature does not verify";
        }
        if (refused.hasErrorCode(ErrorCodes.AUDIENCE_INVALID) || refused.hasErrorCode(ErrorCodes.AUDIENCE_MISSING)) {
            return "it is not for this audience";
        }
        if (refused.hasErrorCode(ErrorCodes.ISSUER_INVALID) || refused.hasErrorCode(ErrorCodes.ISSUER_MISSING)) {
            return "it is not from this issuer";
        }
        if (refused.hasErrorCode(ErrorCodes.EXPIRATION_MISSING) || refused.hasErrorCode(ErrorCodes.ISSUED_AT_MISSING)) {
            return "it lacks exp or iat";
        }
        if (refused.hasErrorCode(ErrorCodes.MALFORMED_CLAIM)) {
            return "a claim has the wrong type";
        }
        return "it is no token that is signed with an accepted algorithm, or is not valid yet";
    }

    private static JwtConsumer consumer(ValidatorSettings settings, JwksCache cache) {
        JwtConsumerBuilder builder = new JwtConsumerBuilder()
                .setJwsAlgorithmConstraints(new AlgorithmConstraints(
                        ConstraintType.PERMIT, settings.algorithms().toArray(String[]::new)))
                .setRequireExpirationTime()
                .setRequireIssuedAt()
                .setAllowedClockSkewInSeconds(settings.clockSkewSeconds())
                .setVerificationKeyResolver(new NonBlockingResolver(cache, settings.algorithms()));
        if (settings.audiences().isEmpty()) {
            builder.setSkipDefaultAudienceValidation();
        } else {
            builder.setExpectedAudience(settings.audiences().toArray(String[]::new));
        }
        if (settings.issuer() != null) {
            builder.setExpectedIssuer(settings.issuer());
        }
        return builder.build();
    }

    /** Without a stack trace: Kafka logs it for each client that comes during an outage. */
    private static final class KeysNotAtHandException extends KafkaException {
        private static final long serialVersionUID = 1;

        KeysNotAtHandException(Throwable cause) {
            super("no access token can be validated now: " + cause.getMessage(), cause);
        }

        @Override
        @SuppressWarnings("UnsynchronizedOverridesSynchronized") // Does nothing that needs it.
        public Throwable fillInStackTrace() {
            return this;
        }
    }

    private record Configured(ValidatorSettings settings, JwtConsumer consumer) {}
}
