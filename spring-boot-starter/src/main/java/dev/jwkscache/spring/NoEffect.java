package dev.jwkscache.spring;

import org.springframework.beans.factory.ObjectProvider;

/** Refuses beans that would silently do nothing: what they were to forbid would be allowed. */
final class NoEffect {
    private NoEffect() {}

    /**
     * Checks that there is no bean that changes how Spring Boot builds the decoder which is replaced here.
     *
     * @throws JwksCacheStartException if there is one
     */
    static <T> void require(Class<T> type, ObjectProvider<? extends T> beans) {
        beans.stream().findFirst().ifPresent(bean -> {
            throw new JwksCacheStartException(
                    "a " + type.getSimpleName() + " (" + bean.getClass().getName()
                            + ") would have no effect: jwks-cache builds the decoder, and Spring Boot does not",
                    "Remove it and say the same with a JwksCacheBuilderCustomizer or an OAuth2TokenValidator<Jwt>; or define"
                            + " the decoder yourself, with JwksCacheKeySelector; or set jwks-cache.enabled=false.",
                    null);
        });
    }
}
