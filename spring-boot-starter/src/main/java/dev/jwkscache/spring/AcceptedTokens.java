package dev.jwkscache.spring;

import com.nimbusds.jose.JWSAlgorithm;
import dev.jwkscache.VerificationKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.security.oauth2.server.resource.autoconfigure.OAuth2ResourceServerProperties;
import org.springframework.core.env.Environment;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimNames;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtValidators;
import org.springframework.util.CollectionUtils;
import org.springframework.util.StringUtils;

/** Which tokens are accepted, by the properties of Spring Boot and in its sense. */
final class AcceptedTokens {
    private static final String ALGORITHMS = NamedIssuer.BOOT + ".jws-algorithms";

    /** Every algorithm for which a cache may have keys. */
    private static final Set<JWSAlgorithm> ALL =
            VerificationKey.ALGORITHMS.stream().map(JWSAlgorithm::parse).collect(Collectors.toUnmodifiableSet());

    private final Set<JWSAlgorithm> algorithms;
    private final OAuth2TokenValidator<Jwt> validator;

    private AcceptedTokens(Set<JWSAlgorithm> algorithms, OAuth2TokenValidator<Jwt> validator) {
        this.algorithms = algorithms;
        this.validator = validator;
    }

    /**
     * Reads the properties.
     *
     * @throws InvalidConfigurationPropertyValueException if an algorithm is unknown
     */
    static AcceptedTokens of(
            OAuth2ResourceServerProperties.Jwt jwt,
            Environment environment,
            @Nullable String issuer,
            Stream<OAuth2TokenValidator<Jwt>> validators) {
        boolean named = Binder.get(environment)
                .bind(ALGORITHMS, Bindable.listOf(String.class))
                .isBound();
        // As in Spring Boot: RS256 for an address of keys, and for an issuer whatever its keys are for.
        Set<JWSAlgorithm> algorithms =
                named || StringUtils.hasText(jwt.getJwkSetUri()) ? algorithms(jwt.getJwsAlgorithms()) : ALL;
        return new AcceptedTokens(algorithms, validator(issuer, jwt.getAudiences(), validators.toList()));
    }

    private static Set<JWSAlgorithm> algorithms(List<String> names) {
        Set<JWSAlgorithm> algorithms = new LinkedHashSet<>();
        for (String name : names) {
            JWSAlgorithm algorithm = JWSAlgorithm.parse(name);
            if (!ALL.contains(algorithm)) {
                throw new InvalidConfigurationPropertyValueException(ALGORITHMS, name, "Unknown algorithm");
            }
            algorithms.add(algorithm);
        }
        if (algorithms.isEmpty()) {
            throw new InvalidConfigurationPropertyValueException(ALGORITHMS, "", "No algorithm");
        }
        return Collections.unmodifiableSet(algorithms);
    }

    private static OAuth2TokenValidator<Jwt> validator(
            @Nullable String issuer, List<String> audiences, List<OAuth2TokenValidator<Jwt>> additional) {
        List<OAuth2TokenValidator<Jwt>> validators = new ArrayList<>();
        if (issuer != null) {
            validators.add(new JwtIssuerValidator(issuer));
        }
        if (!CollectionUtils.isEmpty(audiences)) {
            validators.add(new JwtClaimValidator<List<String>>(
                    JwtClaimNames.AUD, claim -> claim != null && !Collections.disjoint(claim, audiences)));
        }
        validators.addAll(additional);
        return validators.isEmpty()
                ? JwtValidators.createDefault()
                : JwtValidators.createDefaultWithValidators(validators);
    }

    /** At least one; signatures of others are refused whatever their key. */
    Set<JWSAlgorithm> algorithms() {
        return algorithms;
    }

    /** What is asked of a token whose signature has verified. */
    OAuth2TokenValidator<Jwt> validator() {
        return validator;
    }
}
