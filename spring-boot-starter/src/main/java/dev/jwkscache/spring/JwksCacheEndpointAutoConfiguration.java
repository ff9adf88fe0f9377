package dev.jwkscache.spring;

import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** Auto-configuration of the actuator endpoint {@code jwks}. */
@AutoConfiguration(after = JwksCacheAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnBean(JwksCacheRegistry.class)
@ConditionalOnAvailableEndpoint(JwksEndpoint.class)
public final class JwksCacheEndpointAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    JwksEndpoint jwksEndpoint(JwksCacheRegistry registry) {
        return new JwksEndpoint(registry);
    }
}
