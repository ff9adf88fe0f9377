package dev.jwkscache.spring;

import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.web.server.SecurityWebFilterChain;
import reactor.core.publisher.Mono;

class ReactiveResourceServerTest extends ResourceServerContract {

    @Override
    WebApplicationType type() {
        return WebApplicationType.REACTIVE;
    }

    @Override
    Class<?> ownSecurity() {
        return OwnSecurity.class;
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnSecurity {

        @Bean
        SecurityWebFilterChain chain(ServerHttpSecurity http) {
            http.authorizeExchange(exchanges -> exchanges.anyExchange().authenticated());
            http.oauth2ResourceServer(server -> server.jwt(Customizer.withDefaults())
                    .authenticationEntryPoint((exchange, failure) ->
                            Mono.fromRunnable(() -> exchange.getResponse().setStatusCode(HttpStatus.CONFLICT))));
            return http.build();
        }
    }
}
