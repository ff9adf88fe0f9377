package dev.jwkscache.spring;

import static dev.jwkscache.spring.Contexts.JWT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jwkscache.CacheState;
import dev.jwkscache.JwksCache;
import dev.jwkscache.KeysUnavailableException;
import dev.jwkscache.real.Eventually;
import dev.jwkscache.testkit.Behaviour;
import dev.jwkscache.testkit.ScriptedProvider;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

class LifecycleTest {
    private final ApplicationContextRunner context = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, JwksCacheAutoConfiguration.class));

    @Test
    void keysAreFetchedWithoutARequestAndAlsoInALazyApplication() {
        try (ScriptedProvider provider = ScriptedProvider.start()) {
            ApplicationContextRunner eager = context.withPropertyValues(JWT + ".issuer-uri=" + provider.issuer());
            ApplicationContextRunner lazy = eager.withInitializer(
                    it -> it.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()));
            for (ApplicationContextRunner application : List.of(eager, lazy)) {
                provider.clearRequests();
                application.run(it -> Eventually.check(
                        () -> assertThat(provider.requestCount()).isEqualTo(1)));
            }
        }
    }

    @Test
    void nobodyWaitsForAProviderThatHangs() {
        try (ScriptedProvider provider = ScriptedProvider.start()) {
            provider.behave(Behaviour.hangBeforeHeaders());
            context.withPropertyValues(JWT + ".jwk-set-uri=" + provider.jwksUri())
                    .run(it -> {
                        assertThat(it).hasNotFailed();
                        assertThat(it.getBean(JwksCache.class).status().state()).isEqualTo(CacheState.EMPTY);
                        assertThat(it.getBean(JwksCacheLifecycle.class).isRunning())
                                .isTrue();
                    });
        }
    }

    @Test
    void failFastFailsTheStartWhereThereAreNoKeysAndOnlyThere() {
        try (ScriptedProvider one = ScriptedProvider.start();
                ScriptedProvider two = ScriptedProvider.start()) {
            ApplicationContextRunner single =
                    context.withPropertyValues("jwks-cache.fail-fast=true", JWT + ".issuer-uri=" + one.issuer());
            ApplicationContextRunner several =
                    single.withPropertyValues("jwks-cache.issuers.two.issuer-uri=" + two.issuer());

            single.run(it ->
                    assertThat(it.getBean(JwksCache.class).status().state()).isEqualTo(CacheState.FRESH));
            several.run(it -> assertThat(
                            it.getBean(JwksCacheRegistry.class).caches().values())
                    .allSatisfy(cache -> assertThat(cache.status().state()).isEqualTo(CacheState.FRESH)));

            two.behave(Behaviour.status(500));
            several.run(it -> assertThat(it)
                    .getFailure()
                    .hasRootCauseInstanceOf(KeysUnavailableException.class)
                    .cause()
                    .hasMessageContaining("jwks-cache.fail-fast is true")
                    .hasMessageContaining("from 1 of 2 issuers")
                    .hasMessageContaining(two.issuer().toString())
                    .hasMessageContaining("500"));
            one.behave(Behaviour.refuse());
            single.run(it -> assertThat(it)
                    .getFailure()
                    .hasRootCauseInstanceOf(KeysUnavailableException.class)
                    .cause()
                    .hasMessageContaining("there are no keys, and jwks-cache.fail-fast is true"));
        }
    }

    @Test
    void aContextThatWasStoppedGoesOnWhenItIsStartedAgain() {
        try (ScriptedProvider provider = ScriptedProvider.start()) {
            context.withPropertyValues(JWT + ".issuer-uri=" + provider.issuer()).run(it -> {
                JwksCache cache = it.getBean(JwksCache.class);
                String kid = provider.current("RS256").kid();
                Eventually.check(() -> assertThat(cache.key(kid, "RS256")).isNotNull());

                it.stop();
                assertThat(it.getBean(JwksCacheLifecycle.class).isRunning()).isFalse();
                it.start();

                assertThat(it.getBean(JwksCacheLifecycle.class).isRunning()).isTrue();
                assertThat(cache.key(kid, "RS256")).isNotNull();
            });
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = WebApplicationType.class,
            names = {"SERVLET", "REACTIVE"})
    void whenAnApplicationHasEndedNoThreadIsLeftAndItCanStartAgain(WebApplicationType type) throws Exception {
        try (ScriptedProvider provider = ScriptedProvider.start()) {
            for (int i = 0; i < 3; i++) {
                try (Server server = Server.of(type)
                        .property(JWT + ".issuer-uri", provider.issuer())
                        .start()) {
                    assertThat(server.status(provider.token())).isEqualTo(200);
                    assertThat(threads()).isNotEmpty();
                }
                Eventually.check(() -> assertThat(threads()).isEmpty());
            }
        }
    }

    @Test
    void cachesBeginBeforeTheWebServerAndEndAfterIt() throws Exception {
        assertThat(JwksCacheLifecycle.PHASE).isLessThan(WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE);
        try (ScriptedProvider provider = ScriptedProvider.start()) {
            Server server = Server.of(WebApplicationType.SERVLET)
                    .property(JWT + ".issuer-uri", provider.issuer())
                    .with(AfterTheServer.class)
                    .start();
            AfterTheServer after = server.context().getBean(AfterTheServer.class);
            String token = provider.token();
            assertThat(server.status(token)).isEqualTo(200);
            JwksCache cache = server.context().getBean(JwksCache.class);

            server.close();

            assertThat(after.seen).containsExactly(CacheState.FRESH);
            String kid = provider.current("RS256").kid();
            assertThatThrownBy(() -> cache.key(kid, "ES256")).isInstanceOf(KeysUnavailableException.class);
        }
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("jwks-cache-"))
                .toList();
    }

    /** Stops when the web server has stopped, and looks whether the keys are still there. */
    @Configuration(proxyBeanMethods = false)
    static class AfterTheServer {
        final List<CacheState> seen = new ArrayList<>();

        @Bean
        SmartLifecycle afterTheServer(JwksCache cache) {
            return new SmartLifecycle() {
                private volatile boolean running;

                @Override
                public void start() {
                    running = true;
                }

                @Override
                public void stop() {
                    running = false;
                    seen.add(cache.status().state());
                }

                @Override
                public boolean isRunning() {
                    return running;
                }

                @Override
                public int getPhase() {
                    return WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE - 1;
                }
            };
        }
    }
}
