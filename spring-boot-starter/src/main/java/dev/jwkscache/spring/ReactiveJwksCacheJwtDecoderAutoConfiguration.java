package dev.jwkscache.spring;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.security.oauth2.server.resource.autoconfigure.OAuth2ResourceServerProperties;
import org.springframework.boot.security.oauth2.server.resource.autoconfigure.reactive.JwkSetUriReactiveJwtDecoderBuilderCustomizer;
import org.springframework.boot.security.oauth2.server.resource.autoconfigure.reactive.ReactiveOAuth2ResourceServerAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.security.oauth2.jwt.NimbusReactiveJwtDecoder;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Mono;

/**
 * Auto-configuration of a {@link ReactiveJwtDecoder} on the caches, so that Spring Boot's own backs off. Backs off to a
 * {@link ReactiveJwtDecoder} bean of the application.
 */
@AutoConfiguration(
        after = {JwksCacheAutoConfiguration.class, JwksCacheJwtDecoderAutoConfiguration.class},
        before = ReactiveOAuth2ResourceServerAutoConfiguration.class)
@ConditionalOnClass({
    Mono.class,
    WebClient.class,
    BearerTokenAuthenticationToken.class,
    ReactiveJwtDecoder.class,
    OAuth2ResourceServerProperties.class
})
@ConditionalOnBean(JwksCacheRegistry.class)
@ConditionalOnMissingBean(ReactiveJwtDecoder.class)
@EnableConfigurationProperties(OAuth2ResourceServerProperties.class)
@Import(AcceptedTokensConfiguration.class)
public final class ReactiveJwksCacheJwtDecoderAutoConfiguration {

    @Bean
    NimbusReactiveJwtDecoder jwksCacheReactiveJwtDecoder(
            JwksCacheRegistry registry,
            AcceptedTokens accepted,
            ObjectProvider<JwkSetUriReactiveJwtDecoderBuilderCustomizer> customizers) {
        NoEffect.require(JwkSetUriReactiveJwtDecoderBuilderCustomizer.class, customizers);
        NimbusReactiveJwtDecoder decoder =
                new NimbusReactiveJwtDecoder(new ReactiveTokenProcessor(registry, accepted.algorithms()));
        decoder.setJwtValidator(accepted.validator());
        return decoder;
    }
}
