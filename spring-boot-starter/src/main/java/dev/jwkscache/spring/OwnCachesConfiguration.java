package dev.jwkscache.spring;

import dev.jwkscache.JwksCache;
import dev.jwkscache.JwksCaches;
import java.util.Map;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** For caches that the application has built itself. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnMissingBean(JwksCacheRegistry.class)
class OwnCachesConfiguration {

    @Bean
    @ConditionalOnSingleCandidate(JwksCaches.class)
    JwksCacheRegistry jwksCachesRegistry(JwksCaches caches) {
        return JwksCacheRegistry.of(caches, Map.of());
    }

    @Bean
    @ConditionalOnSingleCandidate(JwksCache.class)
    @ConditionalOnMissingBean({JwksCaches.class, JwksCacheRegistry.class})
    JwksCacheRegistry jwksCacheRegistry(JwksCache cache, ListableBeanFactory beans) {
        return JwksCacheRegistry.of(cache, beans.getBeansOfType(JwksCache.class));
    }
}
