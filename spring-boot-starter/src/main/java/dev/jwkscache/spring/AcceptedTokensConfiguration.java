package dev.jwkscache.spring;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.security.oauth2.server.resource.autoconfigure.OAuth2ResourceServerProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.jwt.Jwt;

/** What servlet and reactive decoders have in common. */
@Configuration(proxyBeanMethods = false)
class AcceptedTokensConfiguration {

    @Bean
    AcceptedTokens acceptedTokens(
            OAuth2ResourceServerProperties resourceServer,
            JwksCacheProperties properties,
            JwksCacheRegistry registry,
            Environment environment,
            ObjectProvider<OAuth2TokenValidator<Jwt>> validators) {
        // Where the issuer chooses the keys, the signature proves it.
        String issuer = registry.one() == null ? null : issuer(NamedIssuer.all(environment, properties));
        return AcceptedTokens.of(resourceServer.getJwt(), environment, issuer, validators.orderedStream());
    }

    private static @Nullable String issuer(List<NamedIssuer> all) {
        return all.size() == 1 ? all.get(0).issuer() : null;
    }
}
