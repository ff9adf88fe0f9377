package dev.jwkscache.spring;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of the health of the caches, as {@code jwks}. It is part of the health as a whole and of no group: what
 * a provider does must not get a process killed.
 */
@AutoConfiguration(after = JwksCacheAutoConfiguration.class)
@ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnBean(JwksCacheRegistry.class)
@ConditionalOnEnabledHealthIndicator("jwks")
public final class JwksCacheHealthContributorAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean(name = {"jwksHealthIndicator", "jwksHealthContributor"})
    HealthContributor jwksHealthContributor(JwksCacheRegistry registry) {
        return new JwksCacheHealth(registry);
    }
}
