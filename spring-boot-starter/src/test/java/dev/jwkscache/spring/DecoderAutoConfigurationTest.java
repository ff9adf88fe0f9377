package dev.jwkscache.spring;

import static dev.jwkscache.spring.Contexts.ISSUER;
import static dev.jwkscache.spring.Contexts.JWT;
import static dev.jwkscache.spring.Contexts.KEYS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jwkscache.JwksCache;
import dev.jwkscache.redis.RedisSnapshotStore;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterProperties;
import org.springframework.boot.security.oauth2.server.resource.autoconfigure.JwkSetUriJwtDecoderBuilderCustomizer;
import org.springframework.boot.security.oauth2.server.resource.autoconfigure.OAuth2ResourceServerProperties;
import org.springframework.boot.security.oauth2.server.resource.autoconfigure.reactive.JwkSetUriReactiveJwtDecoderBuilderCustomizer;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationConverter;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Mono;

class DecoderAutoConfigurationTest {
    private static final String OURS = "jwksCacheJwtDecoder";
    private static final String OURS_REACTIVE = "jwksCacheReactiveJwtDecoder";

    private final ApplicationContextRunner context = Contexts.plain();

    @Test
    void ourDecodersTakeThePlaceOfThoseOfSpringBoot() {
        for (String property : new String[] {ISSUER, KEYS, "jwks-cache.issuers.a.issuer-uri=https://a.example"}) {
            context.withPropertyValues(property).run(it -> {
                assertThat(it).hasNotFailed();
                assertThat(it.getBeanNamesForType(JwtDecoder.class)).containsExactly(OURS);
                assertThat(it.getBeanNamesForType(ReactiveJwtDecoder.class)).containsExactly(OURS_REACTIVE);
            });
        }
    }

    @Test
    void withoutAnIssuerSpringBootDoesWhatItDoes() {
        context.withPropertyValues(JWT + ".public-key-location=classpath:public-key.pem")
                .run(it -> {
                    assertThat(it).hasNotFailed();
                    assertThat(it.getBeanNamesForType(JwtDecoder.class)).containsExactly("jwtDecoderByPublicKeyValue");
                });
        context.run(it -> assertThat(it).doesNotHaveBean(JwtDecoder.class).doesNotHaveBean(ReactiveJwtDecoder.class));
    }

    @Test
    void decodersOfTheApplicationAreLeftAlone() {
        context.withPropertyValues(ISSUER)
                .withBean("mine", JwtDecoder.class, () -> token -> null)
                .withBean("mineReactive", ReactiveJwtDecoder.class, () -> token -> Mono.empty())
                .run(it -> {
                    assertThat(it.getBeanNamesForType(JwtDecoder.class)).containsExactly("mine");
                    assertThat(it.getBeanNamesForType(ReactiveJwtDecoder.class)).containsExactly("mineReactive");
                });
    }

    @Test
    void withoutWebFluxThereIsNoReactiveDecoder() {
        for (Class<?> absent : new Class<?>[] {WebClient.class, Mono.class}) {
            context.withClassLoader(new FilteredClassLoader(absent))
                    .withPropertyValues(ISSUER)
                    .run(it -> assertThat(it)
                            .hasNotFailed()
                            .hasBean(OURS)
                            .doesNotHaveBean(OURS_REACTIVE)
                            .doesNotHaveBean(ReactiveJwtDecoder.class));
        }
    }

    @Test
    void withoutAResourceServerThereAreCachesAndNoDecoders() {
        for (FilteredClassLoader without : List.of(
                new FilteredClassLoader(BearerTokenAuthenticationToken.class),
                new FilteredClassLoader(OAuth2ResourceServerProperties.class),
                new FilteredClassLoader("org.springframework.security.oauth2.jwt"),
                new FilteredClassLoader("org.springframework.security"))) {
            Contexts.servlet()
                    .withClassLoader(without)
                    .withPropertyValues("jwks-cache.issuers.a.issuer-uri=https://a.example")
                    .run(it -> assertThat(it)
                            .hasNotFailed()
                            .hasSingleBean(JwksCache.class)
                            .doesNotHaveBean(OURS)
                            .doesNotHaveBean(OURS_REACTIVE));
        }
    }

    @Test
    void withoutRedisNothingElseIsMissing() {
        context.withClassLoader(new FilteredClassLoader(RedisSnapshotStore.class, io.lettuce.core.RedisURI.class))
                .withPropertyValues(ISSUER)
                .run(it -> assertThat(it).hasNotFailed().hasBean(OURS));
    }

    @Test
    void whatReadsAuthoritiesIsThatOfSpringBoot() {
        context.withPropertyValues(ISSUER, JWT + ".authorities-claim-name=roles")
                .run(it -> assertThat(it).hasSingleBean(JwtAuthenticationConverter.class));
    }

    @Test
    void anUnknownAlgorithmFailsTheStartAsInSpringBoot() {
        for (String unknown : new String[] {"RS257", "HS256", "none"}) {
            context.withPropertyValues(KEYS, JWT + ".jws-algorithms=ES256," + unknown)
                    .run(it -> assertThat(it)
                            .getFailure()
                            .rootCause()
                            .hasMessageContaining(JWT + ".jws-algorithms")
                            .hasMessageContaining(unknown));
        }
    }

    @Test
    void customizersOfADecoderThatIsNotBuiltAreRefusedInsteadOfIgnored() {
        context.withPropertyValues(KEYS)
                .withBean(JwkSetUriJwtDecoderBuilderCustomizer.class, () -> builder -> builder.validateType(true))
                .run(it -> assertThat(it)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(JwksCacheStartException.class)
                        .hasMessageContaining("JwkSetUriJwtDecoderBuilderCustomizer"));
        context.withPropertyValues(KEYS)
                .withBean(
                        JwkSetUriReactiveJwtDecoderBuilderCustomizer.class, () -> builder -> builder.validateType(true))
                .run(it -> assertThat(it)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(JwksCacheStartException.class)
                        .hasMessageContaining("JwkSetUriReactiveJwtDecoderBuilderCustomizer"));
    }

    @Test
    void theAnswer503IsForTheStackThatRuns() {
        context.withPropertyValues(ISSUER)
                .run(it -> assertThat(it)
                        .doesNotHaveBean("missingKeysFilter")
                        .doesNotHaveBean("missingKeysExceptionHandler"));
        Contexts.servlet()
                .withPropertyValues(ISSUER)
                .run(it -> assertThat(it).hasBean("missingKeysFilter").doesNotHaveBean("missingKeysExceptionHandler"));
        Contexts.reactive()
                .withPropertyValues(ISSUER)
                .run(it -> assertThat(it).doesNotHaveBean("missingKeysFilter").hasBean("missingKeysExceptionHandler"));
    }

    @Test
    void theAnswer503BacksOffToBeansOfItsName() {
        Contexts.servlet()
                .withPropertyValues(ISSUER)
                .withBean("missingKeysFilter", String.class, () -> "mine")
                .run(it -> assertThat(it.getBean("missingKeysFilter")).isEqualTo("mine"));
        Contexts.reactive()
                .withPropertyValues(ISSUER)
                .withBean("missingKeysExceptionHandler", String.class, () -> "mine")
                .run(it -> assertThat(it.getBean("missingKeysExceptionHandler")).isEqualTo("mine"));
    }

    @Test
    void theFilterStandsAroundThoseOfSpringSecurityWhereverTheyAre() {
        Contexts.servlet()
                .withPropertyValues(ISSUER)
                .run(it -> assertThat(it.getBean("missingKeysFilter", FilterRegistrationBean.class)
                                .getOrder())
                        .isEqualTo(SecurityFilterProperties.DEFAULT_FILTER_ORDER - 1));
        Contexts.servlet()
                .withPropertyValues(ISSUER, "spring.security.filter.order=5")
                .withUserConfiguration(FilterProperties.class)
                .run(it -> assertThat(it.getBean("missingKeysFilter", FilterRegistrationBean.class)
                                .getOrder())
                        .isEqualTo(4));
    }

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties(SecurityFilterProperties.class)
    static class FilterProperties {}
}
