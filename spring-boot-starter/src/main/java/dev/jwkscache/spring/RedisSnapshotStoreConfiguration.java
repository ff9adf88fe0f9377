package dev.jwkscache.spring;

import dev.jwkscache.redis.RedisSnapshotStore;
import dev.jwkscache.spi.SnapshotStore;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SslOptions;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.PropertyMapper;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

/** The store in Redis that the properties describe. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(RedisSnapshotStore.class)
@ConditionalOnMissingBean(SnapshotStore.class)
@Conditional(SnapshotStoreConfiguration.OnRedisUri.class)
class RedisSnapshotStoreConfiguration {
    private static final String URI = SnapshotStoreConfiguration.OnRedisUri.PROPERTY;

    @Bean
    RedisSnapshotStore redisSnapshotStore(JwksCacheProperties properties, ObjectProvider<SslBundles> bundles) {
        JwksCacheProperties.Store.Redis redis = properties.getStore().getRedis();
        RedisSnapshotStore.Builder builder = builder(redis);
        PropertyMapper map = PropertyMapper.get();
        map.from(redis::getKeyPrefix).to(builder::keyPrefix);
        map.from(redis::getCommandTimeout).to(builder::commandTimeout);
        map.from(redis::getPollInterval).to(builder::pollInterval);
        map.from(redis::getKeepFor).to(builder::keepFor);
        map.from(redis.getSsl()::getBundle)
                .as(name -> bundles.getObject().getBundle(name))
                .as(RedisSnapshotStoreConfiguration::options)
                .to(builder::sslOptions);
        if (redis.isTrustStore()) {
            builder.trustStore();
        }
        if (redis.getHmacKeyFile() != null) {
            SnapshotStoreConfiguration.signed(
                    "jwks-cache.store.redis.hmac-key-file", redis.getHmacKeyFile(), builder::hmacKey);
        }
        try {
            return builder.build();
        } catch (IllegalArgumentException refused) {
            throw new JwksCacheStartException(
                    "the store in Redis is refused: " + refused.getMessage(),
                    "Correct the properties below jwks-cache.store.redis: 'hmacKey' is hmac-key-file, 'trustStore()' is"
                            + " trust-store=true, 'keyPrefix' is key-prefix, and so on.",
                    refused);
        }
    }

    private static RedisSnapshotStore.Builder builder(JwksCacheProperties.Store.Redis redis) {
        List<RedisURI> uris;
        try {
            uris = redis.getUri().stream().map(RedisURI::create).toList();
        } catch (IllegalArgumentException e) {
            // Its message has the address, and that may have a password.
            throw new JwksCacheStartException(
                    URI + " is no address of a Redis",
                    "Write it as redis://HOST:PORT, rediss://HOST:PORT or"
                            + " redis-sentinel://HOST:PORT?sentinelMasterId=NAME.",
                    null);
        }
        if (redis.isCluster()) {
            return RedisSnapshotStore.clusterBuilder(
                    uris.get(0), uris.subList(1, uris.size()).toArray(RedisURI[]::new));
        }
        if (uris.size() > 1) {
            throw new JwksCacheStartException(
                    URI + " has " + uris.size() + " addresses, but only a cluster has more than one",
                    "Set jwks-cache.store.redis.cluster=true, or name one address.",
                    null);
        }
        return RedisSnapshotStore.builder(uris.get(0));
    }

    private static SslOptions options(SslBundle bundle) {
        SslOptions.Builder options = SslOptions.builder()
                .keyManager(bundle.getManagers().getKeyManagerFactory())
                .trustManager(bundle.getManagers().getTrustManagerFactory());
        if (bundle.getOptions().getCiphers() != null) {
            options.cipherSuites(bundle.getOptions().getCiphers());
        }
        if (bundle.getOptions().getEnabledProtocols() != null) {
            options.protocols(bundle.getOptions().getEnabledProtocols());
        }
        return options.build();
    }
}
