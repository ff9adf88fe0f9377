package dev.jwkscache.spring;

import dev.jwkscache.JwksCache;
import dev.jwkscache.JwksCaches;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/**
 * Auto-configuration of the caches: one for each issuer that {@code spring.security.oauth2.resourceserver.jwt} or
 * {@code jwks-cache.issuers} names. Backs off when there are beans of type {@link JwksCache} or {@link JwksCaches}, which are
 * then used.
 */
@AutoConfiguration(after = SslAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "jwks-cache.enabled", matchIfMissing = true)
@EnableConfigurationProperties(JwksCacheProperties.class)
@Import({
    SnapshotStoreConfiguration.class,
    RedisSnapshotStoreConfiguration.class,
    ConfiguredCachesConfiguration.class,
    OwnCachesConfiguration.class
})
public final class JwksCacheAutoConfiguration {

    @Bean
    @ConditionalOnBean(JwksCacheRegistry.class)
    JwksCacheLifecycle jwksCacheLifecycle(JwksCacheRegistry registry, JwksCacheProperties properties) {
        return new JwksCacheLifecycle(registry, properties.isFailFast());
    }
}
