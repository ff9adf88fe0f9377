package dev.jwkscache.spring;

import dev.jwkscache.JwksCache;
import dev.jwkscache.JwksCacheListener;
import dev.jwkscache.JwksCaches;
import dev.jwkscache.spi.SnapshotStore;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.source.MutuallyExclusiveConfigurationPropertiesException;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** Caches of the issuers that the properties name. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnMissingBean({JwksCache.class, JwksCaches.class})
class ConfiguredCachesConfiguration {

    @Bean
    @Conditional(OnIssuersCondition.One.class)
    JwksCache jwksCache(
            Environment environment,
            JwksCacheProperties properties,
            ObjectProvider<SslBundles> bundles,
            ObjectProvider<SnapshotStore> store,
            ObjectProvider<JwksCacheListener> listeners,
            ObjectProvider<JwksCacheBuilderCustomizer> customizers) {
        return builders(properties, bundles, store, listeners, customizers)
                .build(NamedIssuer.all(environment, properties).get(0), true, JwksCache.Builder::build);
    }

    @Bean
    @Conditional(OnIssuersCondition.Several.class)
    JwksCaches jwksCaches(
            Environment environment,
            JwksCacheProperties properties,
            ObjectProvider<SslBundles> bundles,
            ObjectProvider<SnapshotStore> store,
            ObjectProvider<JwksCacheListener> listeners,
            ObjectProvider<JwksCacheBuilderCustomizer> customizers) {
        CacheBuilders builders = builders(properties, bundles, store, listeners, customizers);
        JwksCaches caches = JwksCaches.builder().build();
        try {
            for (NamedIssuer issuer : NamedIssuer.all(environment, properties)) {
                builders.build(issuer, false, builder -> {
                    caches.add(String.valueOf(issuer.issuer()), builder);
                    return caches;
                });
            }
            return caches;
        } catch (RuntimeException refused) {
            caches.close();
            throw refused;
        }
    }

    @Bean
    @ConditionalOnMissingBean
    @Conditional(OnIssuersCondition.One.class)
    JwksCacheRegistry jwksCacheRegistry(JwksCache cache, Environment environment, JwksCacheProperties properties) {
        String name = NamedIssuer.all(environment, properties).get(0).name();
        return JwksCacheRegistry.of(cache, Map.of(name, cache));
    }

    @Bean
    @ConditionalOnMissingBean
    @Conditional(OnIssuersCondition.Several.class)
    JwksCacheRegistry jwksCachesRegistry(JwksCaches caches, Environment environment, JwksCacheProperties properties) {
        Map<String, String> names = new LinkedHashMap<>();
        NamedIssuer.all(environment, properties)
                .forEach(issuer -> names.put(String.valueOf(issuer.issuer()), issuer.name()));
        return JwksCacheRegistry.of(caches, names);
    }

    private static CacheBuilders builders(
            JwksCacheProperties properties,
            ObjectProvider<SslBundles> bundles,
            ObjectProvider<SnapshotStore> store,
            ObjectProvider<JwksCacheListener> listeners,
            ObjectProvider<JwksCacheBuilderCustomizer> customizers) {
        List<String> redis = properties.getStore().getRedis().getUri();
        MutuallyExclusiveConfigurationPropertiesException.throwIfMultipleNonNullValuesIn(entries -> {
            entries.put(
                    "jwks-cache.store.file.directory",
                    properties.getStore().getFile().getDirectory());
            entries.put("jwks-cache.store.redis.uri", redis.isEmpty() ? null : redis);
        });
        return new CacheBuilders(
                properties,
                new Transports(bundles.getIfAvailable()),
                store.getIfUnique(),
                listeners.orderedStream().toList(),
                customizers.orderedStream().toList());
    }
}
