package dev.jwkscache.spring;

import dev.jwkscache.JwksCache;

/**
 * Changes the settings of a cache before the auto-configuration builds it: for what no property can say, and for tests.
 * Declare it as a bean; several are called in their order ({@code @Order}), after the properties were applied.
 */
@FunctionalInterface
public interface JwksCacheBuilderCustomizer {

    /**
     * Changes the settings of one cache; called once for each, while the context is built.
     *
     * @param name the name of the issuer in {@code jwks-cache.issuers}, or {@value JwksCacheRegistry#DEFAULT_NAME} for the one
     *     of {@code spring.security.oauth2.resourceserver.jwt}
     * @param builder with the properties applied, and not built yet
     */
    void customize(String name, JwksCache.Builder builder);
}
