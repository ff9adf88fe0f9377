package dev.jwkscache.spring;

import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import dev.jwkscache.JwksCache;
import dev.jwkscache.JwksCaches;
import dev.jwkscache.nimbus.JwksCacheKeySelector;
import dev.jwkscache.nimbus.JwksCacheVerifierFactory;
import dev.jwkscache.nimbus.JwksCachesKeySelector;
import java.util.Objects;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.security.oauth2.server.resource.autoconfigure.JwkSetUriJwtDecoderBuilderCustomizer;
import org.springframework.boot.security.oauth2.server.resource.autoconfigure.OAuth2ResourceServerAutoConfiguration;
import org.springframework.boot.security.oauth2.server.resource.autoconfigure.OAuth2ResourceServerProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;

/**
 * Auto-configuration of a {@link JwtDecoder} on the caches, so that Spring Boot's own backs off. Backs off to a
 * {@link JwtDecoder} bean of the application.
 */
@AutoConfiguration(after = JwksCacheAutoConfiguration.class, before = OAuth2ResourceServerAutoConfiguration.class)
@ConditionalOnClass({BearerTokenAuthenticationToken.class, JwtDecoder.class, OAuth2ResourceServerProperties.class})
@ConditionalOnBean(JwksCacheRegistry.class)
@ConditionalOnMissingBean(JwtDecoder.class)
@EnableConfigurationProperties(OAuth2ResourceServerProperties.class)
@Import(AcceptedTokensConfiguration.class)
public final class JwksCacheJwtDecoderAutoConfiguration {

    @Bean
    NimbusJwtDecoder jwksCacheJwtDecoder(
            JwksCacheRegistry registry,
            AcceptedTokens accepted,
            ObjectProvider<JwkSetUriJwtDecoderBuilderCustomizer> customizers) {
        NoEffect.require(JwkSetUriJwtDecoderBuilderCustomizer.class, customizers);
        DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
        JwksCaches many = registry.many();
        if (many == null) {
            JwksCache one = Objects.requireNonNull(registry.one());
            processor.setJWSKeySelector(new JwksCacheKeySelector<>(one, accepted.algorithms()));
            processor.setJWSVerifierFactory(new JwksCacheVerifierFactory(one));
        } else {
            processor.setJWTClaimsSetAwareJWSKeySelector(new JwksCachesKeySelector<>(many, accepted.algorithms()));
            processor.setJWSVerifierFactory(new JwksCacheVerifierFactory(many));
        }
        // Spring Security checks type and claims itself.
        processor.setJWSTypeVerifier((type, context) -> {});
        processor.setJWTClaimsSetVerifier((claims, context) -> {});
        NimbusJwtDecoder decoder = new NimbusJwtDecoder(processor);
        decoder.setJwtValidator(accepted.validator());
        return decoder;
    }
}
