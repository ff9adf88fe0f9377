package dev.jwkscache.spring;

import static dev.jwkscache.spring.Contexts.ISSUER;
import static dev.jwkscache.spring.Contexts.KEYS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jwkscache.JwksCache;
import dev.jwkscache.JwksCacheListener;
import dev.jwkscache.JwksCaches;
import dev.jwkscache.real.Eventually;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.core.annotation.Order;

class JwksCacheAutoConfigurationTest {
    private final ApplicationContextRunner context = Contexts.plain();

    @Test
    void withoutAnIssuerThereIsNoCache() {
        context.run(it -> assertThat(it)
                .doesNotHaveBean(JwksCache.class)
                .doesNotHaveBean(JwksCaches.class)
                .doesNotHaveBean(JwksCacheRegistry.class)
                .doesNotHaveBean(JwksCacheLifecycle.class));
    }

    @Test
    void theIssuerOfSpringBootHasACacheThatIsCalledDefault() {
        context.withPropertyValues(ISSUER).run(it -> {
            JwksCache cache = it.getBean(JwksCache.class);
            assertThat(cache.status().address()).isEqualTo(URI.create("https://issuer.example"));
            assertThat(it.getBean(JwksCacheRegistry.class).caches())
                    .isEqualTo(Map.of(JwksCacheRegistry.DEFAULT_NAME, cache));
            assertThat(it).doesNotHaveBean(JwksCaches.class);
        });
    }

    @Test
    void theAddressOfTheKeysGoesBeforeTheIssuer() {
        context.withPropertyValues(ISSUER, KEYS)
                .run(it -> assertThat(it.getBean(JwksCache.class).status().address())
                        .isEqualTo(URI.create("https://issuer.example/jwks")));
    }

    @Test
    void oneNamedIssuerNeedsNoPropertyOfSpringBoot() {
        context.withPropertyValues("jwks-cache.issuers.shop.jwk-set-uri=https://shop.example/jwks")
                .run(it -> assertThat(it.getBean(JwksCacheRegistry.class).caches())
                        .isEqualTo(Map.of("shop", it.getBean(JwksCache.class))));
    }

    @Test
    void severalIssuersHaveACacheEach() {
        context.withPropertyValues(
                        ISSUER,
                        "jwks-cache.issuers.shop.issuer-uri=https://shop.example",
                        "jwks-cache.issuers.zoo.issuer-uri=https://zoo.example",
                        "jwks-cache.issuers.zoo.jwk-set-uri=https://keys.example/zoo")
                .run(it -> {
                    assertThat(it).hasSingleBean(JwksCaches.class).doesNotHaveBean(JwksCache.class);
                    Map<String, JwksCache> caches =
                            it.getBean(JwksCacheRegistry.class).caches();
                    assertThat(caches.keySet()).containsExactly("default", "shop", "zoo");
                    assertThat(caches.get("zoo"))
                            .isSameAs(it.getBean(JwksCaches.class).forIssuer("https://zoo.example"));
                    assertThat(caches.get("zoo").status().address()).isEqualTo(URI.create("https://keys.example/zoo"));
                });
    }

    @Test
    void isOffWhenItIsSwitchedOff() {
        Contexts.servlet()
                .withPropertyValues(KEYS, "jwks-cache.enabled=false")
                .run(it -> assertThat(it)
                        .doesNotHaveBean(JwksCacheProperties.class)
                        .doesNotHaveBean(JwksCache.class)
                        .doesNotHaveBean("missingKeysFilter")
                        .hasBean("jwtDecoderByJwkKeySetUri"));
    }

    @Test
    void aCacheOfTheApplicationIsUsed() {
        context.withPropertyValues(ISSUER).withUserConfiguration(OwnCache.class).run(it -> {
            assertThat(it).hasSingleBean(JwksCache.class).hasBean("mine");
            assertThat(it.getBean(JwksCacheRegistry.class).caches()).isEqualTo(Map.of("mine", it.getBean("mine")));
        });
    }

    @Test
    void cachesOfTheApplicationAreUsed() {
        context.withPropertyValues(ISSUER)
                .withUserConfiguration(OwnCaches.class)
                .run(it -> {
                    assertThat(it).hasSingleBean(JwksCaches.class).doesNotHaveBean(JwksCache.class);
                    assertThat(it.getBean(JwksCacheRegistry.class).caches()).containsOnlyKeys("https://mine.example");
                    it.getBean(JwksCaches.class).remove("https://mine.example");
                    assertThat(it.getBean(JwksCacheRegistry.class).caches()).isEmpty();
                });
    }

    @Test
    void ofTwoCachesOfTheApplicationThePrimaryOneHasTheKeys() {
        context.withUserConfiguration(OwnCache.class, Another.class).run(it -> {
            JwksCacheRegistry registry = it.getBean(JwksCacheRegistry.class);
            assertThat(registry.caches()).containsOnlyKeys("mine", "another");
            assertThat(registry.one()).isSameAs(it.getBean("another"));
        });
    }

    @Test
    void customizersAreCalledInOrderForEachNameAndListenersHearOfEachCache() {
        List<String> calls = new ArrayList<>();
        List<String> heard = new ArrayList<>();
        JwksCacheListener listener = new JwksCacheListener() {
            @Override
            public void refreshFailed(RefreshFailed event) {
                synchronized (heard) {
                    heard.add(event.address().getHost());
                }
            }
        };
        context.withPropertyValues(ISSUER, "jwks-cache.issuers.shop.issuer-uri=https://shop.example")
                .withBean(JwksCacheListener.class, () -> listener)
                .withBean("late", JwksCacheBuilderCustomizer.class, () -> new Late(calls))
                .withBean("early", JwksCacheBuilderCustomizer.class, () -> new Early(calls))
                .run(it -> {
                    assertThat(calls).containsExactly("early default", "late default", "early shop", "late shop");
                    Eventually.check(() -> {
                        synchronized (heard) {
                            assertThat(heard).contains("issuer.example", "shop.example");
                        }
                    });
                });
    }

    @Order(1)
    private record Early(List<String> calls) implements JwksCacheBuilderCustomizer {
        @Override
        public void customize(String name, JwksCache.Builder builder) {
            calls.add("early " + name);
        }
    }

    @Order(2)
    private record Late(List<String> calls) implements JwksCacheBuilderCustomizer {
        @Override
        public void customize(String name, JwksCache.Builder builder) {
            calls.add("late " + name);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnCache {
        @Bean
        JwksCache mine() {
            return JwksCache.builder(URI.create("https://mine.example/jwks"))
                    .origin(request -> new CompletableFuture<>())
                    .build();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Another {
        @Bean
        @Primary
        JwksCache another() {
            return JwksCache.builder(URI.create("https://another.example/jwks"))
                    .origin(request -> new CompletableFuture<>())
                    .build();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnCaches {
        @Bean
        JwksCaches mine() {
            return JwksCaches.builder()
                    .issuer(
                            "https://mine.example",
                            JwksCache.builder(URI.create("https://mine.example/jwks"))
                                    .origin(request -> new CompletableFuture<>()))
                    .build();
        }
    }
}
