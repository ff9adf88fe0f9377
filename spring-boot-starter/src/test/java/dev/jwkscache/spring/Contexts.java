package dev.jwkscache.spring;

import dev.jwkscache.JwksCache;
import dev.jwkscache.Transport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.security.oauth2.server.resource.autoconfigure.OAuth2ResourceServerAutoConfiguration;
import org.springframework.boot.security.oauth2.server.resource.autoconfigure.reactive.ReactiveOAuth2ResourceServerAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Contexts with the auto-configurations of this module and those of Spring Boot that they get ahead of. */
final class Contexts {
    static final String JWT = "spring.security.oauth2.resourceserver.jwt";
    static final String ISSUER = JWT + ".issuer-uri=https://issuer.example";
    static final String KEYS = JWT + ".jwk-set-uri=https://issuer.example/jwks";

    static final AutoConfigurations ALL = AutoConfigurations.of(
            SslAutoConfiguration.class,
            JwksCacheAutoConfiguration.class,
            JwksCacheJwtDecoderAutoConfiguration.class,
            ReactiveJwksCacheJwtDecoderAutoConfiguration.class,
            JwksCacheWebAutoConfiguration.class,
            ReactiveJwksCacheWebAutoConfiguration.class,
            OAuth2ResourceServerAutoConfiguration.class,
            ReactiveOAuth2ResourceServerAutoConfiguration.class);

    /** Keeps caches from the network: they go through a proxy that is not there. */
    static final JwksCacheBuilderCustomizer OFFLINE = new Offline();

    private Contexts() {}

    static ApplicationContextRunner plain() {
        return new ApplicationContextRunner()
                .withConfiguration(ALL)
                .withBean("offline", JwksCacheBuilderCustomizer.class, () -> OFFLINE);
    }

    static WebApplicationContextRunner servlet() {
        return new WebApplicationContextRunner()
                .withConfiguration(ALL)
                .withBean("offline", JwksCacheBuilderCustomizer.class, () -> OFFLINE);
    }

    static ReactiveWebApplicationContextRunner reactive() {
        return new ReactiveWebApplicationContextRunner()
                .withConfiguration(ALL)
                .withBean("offline", JwksCacheBuilderCustomizer.class, () -> OFFLINE);
    }

    @Order(Ordered.HIGHEST_PRECEDENCE)
    private static final class Offline implements JwksCacheBuilderCustomizer {
        @Override
        public void customize(String name, JwksCache.Builder builder) {
            builder.transport(Transport.standard()
                    .proxy(ProxySelector.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 9))));
        }
    }
}
