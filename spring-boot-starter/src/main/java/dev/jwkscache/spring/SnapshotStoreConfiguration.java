package dev.jwkscache.spring;

import dev.jwkscache.FileSnapshotStore;
import dev.jwkscache.spi.SnapshotStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Function;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.OnPropertyListCondition;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

/** The store that the properties describe, if they describe one. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnMissingBean(SnapshotStore.class)
class SnapshotStoreConfiguration {

    @Bean
    @ConditionalOnProperty("jwks-cache.store.file.directory")
    FileSnapshotStore fileSnapshotStore(JwksCacheProperties properties) {
        JwksCacheProperties.Store.File file = properties.getStore().getFile();
        FileSnapshotStore store = FileSnapshotStore.in(Objects.requireNonNull(file.getDirectory()));
        Path key = file.getHmacKeyFile();
        if (key == null) {
            return store;
        }
        return signed("jwks-cache.store.file.hmac-key-file", key, store::signedWith);
    }

    /**
     * Uses the bytes of a key file.
     *
     * @throws JwksCacheStartException if it cannot be read, or is too short
     */
    static <T> T signed(String property, Path key, Function<byte[], T> use) {
        try {
            return use.apply(Files.readAllBytes(key));
        } catch (IOException | IllegalArgumentException e) {
            throw new JwksCacheStartException(
                    property + " is '" + key + "', which cannot be used: " + e,
                    "Name a readable file with at least 32 random bytes, such as 'openssl rand -out FILE 32' makes.",
                    e);
        }
    }

    /** The library for Redis is not there. */
    @Configuration(proxyBeanMethods = false)
    @Conditional(OnRedisUri.class)
    @ConditionalOnMissingClass("dev.jwkscache.redis.RedisSnapshotStore")
    static class MissingRedis {

        @Bean
        SnapshotStore redisSnapshotStore() {
            throw new JwksCacheStartException(
                    "jwks-cache.store.redis.uri is set, but dev.jwkscache:jwks-cache-redis is not on the class path",
                    "Add the dependency dev.jwkscache:jwks-cache-redis, or remove jwks-cache.store.redis.uri.",
                    null);
        }
    }

    /** The properties name a Redis. */
    static class OnRedisUri extends OnPropertyListCondition {
        static final String PROPERTY = "jwks-cache.store.redis.uri";

        OnRedisUri() {
            super(PROPERTY, () -> ConditionMessage.forCondition("Redis as store of jwks-cache"));
        }
    }
}
