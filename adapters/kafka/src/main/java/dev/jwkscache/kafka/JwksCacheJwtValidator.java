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

    private final Function<URI, JwksCache.Builder> caches;
    private @Nullable Configured configured;

    /** Creates a validator that {@link #configure} has to make ready; Kafka does both. */
    public JwksCacheJwtValidator() {
        this(JwksCache::builder);
    }

    JwksCacheJwtValidator(Function<URI, JwksCache.Builder> caches) {
        this.caches = caches;
    }

    /**
     * Builds the cache and fetches the keys, waiting at most 5 s. A provider that does not answer is logged and stops no
     * broker: the cache goes on trying.
     *
     * @param configs {@code sasl.oauthbearer.jwks.endpoint.url} and the other settings of Kafka's own validator, and
     *     {@code jwks.cache.max.staleness.ms}, {@code jwks.cache.algorithms} and {@code jwks.cache.allow.plain.http}; those
     *     that begin with the mechanism come first
     * @param saslMechanism OAUTHBEARER
     * @param jaasConfigEntries may have no {@code ssl.} options
     * @throws ConfigException if a setting is missing or unfit; the message names it
     */
    @Override
    public void configure(
            Map<String, ?> configs, String saslMechanism, List<AppConfigurationEntry> jaasConfigEntries) {
        ValidatorSettings settings = ValidatorSettings.of(configs, saslMechanism, jaasConfigEntries);
        JwksCache cache;
        try {
            cache = settings.applyTo(caches.apply(settings.jwksUri())).build();
        } catch (IllegalArgumentException e) {
            throw new ConfigException(e.getMessage());
        }
        configured = new Configured(cache, consumer(settings, cache), settings.scopeClaim(), settings.subClaim());
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
            return AccessToken.of(
                    accessToken, ready.consumer.processToClaims(accessToken), ready.scopeClaim, ready.subClaim);
        } catch (InvalidJwtException refused) {
            throw translated(refused);
        }
    }

    /** Closes the cache; does not wait. */
    @Override
    public void close() {
        if (configured != null) {
            configured.cache.close();
        }
    }

    /** jose4j's exception is dropped: its text has the token in it, and Kafka logs all of it. */
    private static KafkaException translated(InvalidJwtException refused) {
        for (Throwable cause = refused.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof UnknownKeyException unknown) {
                return new JwtValidatorException("the access token was refused: " + unknown.getMessage(), unknown);
            }
            if (cause instanceof JwksException || cause instanceof NonBlockingResolver.NotKnownYetException) {
                return new KafkaException("no access token can be validated now: " + cause.getMessage(), cause);
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

    private record Configured(JwksCache cache, JwtConsumer consumer, String scopeClaim, String subClaim) {}
}
