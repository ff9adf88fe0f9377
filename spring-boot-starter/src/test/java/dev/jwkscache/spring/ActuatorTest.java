package dev.jwkscache.spring;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.jwkscache.spi.OriginResponse;
import dev.jwkscache.testkit.Behaviour;
import dev.jwkscache.testkit.ScriptedProvider;
import dev.jwkscache.testkit.VirtualTime;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.server.SecurityWebFilterChain;

/** What an operator sees and does over HTTP, in whole applications. */
class ActuatorTest {
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .proxy(HttpClient.Builder.NO_PROXY)
            .build();
    private static final String REFRESH = "{\"action\":\"refresh\"}";
    private static final String PURGE = "{\"action\":\"purge\"}";

    private final VirtualTime time = new VirtualTime();
    private final ScriptedProvider provider = ScriptedProvider.inMemory(time);
    private @Nullable Server server;

    @AfterEach
    void close() {
        if (server != null) {
            server.close();
        }
        provider.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void healthTellsOfTheKeysAndTheProcessStaysAlive(WebApplicationType type) throws Exception {
        start(type, "unrestricted");

        assertThat(get("/health").statusCode()).isEqualTo(200);
        Map<String, Object> fresh = json(get("/health/jwks/default"));
        assertThat(fresh).containsEntry("status", "UP");
        assertThat(details(fresh))
                .containsEntry("state", "fresh")
                .containsEntry("address", provider.jwksUri().toString());

        provider.behave(Behaviour.status(500));
        time.advance(Duration.ofMinutes(30));
        assertThat(get("/health").statusCode()).isEqualTo(200);
        assertThat(details(json(get("/health/jwks/default"))))
                .containsEntry("state", "stale")
                .containsEntry("age", "PT30M")
                .containsEntry("timeToExpiry", "PT30M")
                .containsEntry("lastFailure", "status: status 500 instead of 200")
                .containsKeys("failingSince", "nextAttempt");

        time.advance(Duration.ofMinutes(31));
        HttpResponse<String> expired = get("/health");
        assertThat(expired.statusCode()).isEqualTo(503);
        assertThat(json(expired)).containsEntry("status", "DOWN");
        assertThat(details(json(get("/health/jwks/default")))).containsEntry("state", "expired");
        assertThat(get("/health/liveness").statusCode()).isEqualTo(200);
        assertThat(get("/health/readiness").statusCode()).isEqualTo(200);

        provider.behave(Behaviour.healthy());
        time.advance(Duration.ofMinutes(6));
        assertThat(get("/health").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void theEndpointShowsAndActs(WebApplicationType type) throws Exception {
        start(type, "unrestricted");
        String kid = provider.current("RS256").kid();

        Map<String, Object> all = json(get("/jwks"));
        assertThat(all).containsOnlyKeys("caches");
        Map<String, Object> one = json(get("/jwks/default"));
        assertThat(all.get("caches")).isEqualTo(Map.of("default", one));
        assertThat(one)
                .containsEntry("state", "fresh")
                .containsEntry("kids", List.of(kid))
                .containsEntry("fetches", 1L)
                .containsEntry("age", "PT0S")
                .containsEntry("skippedKeys", Map.of());
        assertThat(get("/jwks/other").statusCode()).isEqualTo(404);

        String next = provider.rotate().kid();
        HttpResponse<String> refreshed = post("/jwks/default", REFRESH);
        assertThat(refreshed.statusCode()).isEqualTo(200);
        assertThat(json(refreshed)).containsEntry("kids", List.of(kid, next)).doesNotContainKey("failure");

        time.advance(Duration.ofSeconds(2));
        HttpResponse<String> purged = post("/jwks/default", PURGE);
        assertThat(purged.statusCode()).isEqualTo(200);
        assertThat(json(purged)).containsEntry("state", "fresh").containsEntry("fetches", 3L);

        provider.behave(Behaviour.status(500));
        time.advance(Duration.ofSeconds(2));
        HttpResponse<String> failed = post("/jwks/default", REFRESH);
        assertThat(failed.statusCode()).isEqualTo(503);
        assertThat(json(failed)).containsEntry("state", "fresh");
        assertThat((String) json(failed).get("failure")).contains("status 500");

        time.advance(Duration.ofSeconds(2));
        HttpResponse<String> emptied = post("/jwks/default", PURGE);
        assertThat(emptied.statusCode()).isEqualTo(503);
        assertThat(json(emptied)).containsEntry("state", "empty").containsKey("failure");
        assertThat(get("/health").statusCode()).isEqualTo(503);
        assertThat(json(get("/health"))).containsEntry("status", "OUT_OF_SERVICE");

        assertThat(post("/jwks/default", "{\"action\":\"explode\"}").statusCode())
                .isEqualTo(400);
        assertThat(post("/jwks/default", "{}").statusCode()).isEqualTo(400);
        assertThat(post("/jwks/other", REFRESH).statusCode()).isEqualTo(404);
    }

    @Test
    void unlessItIsAllowedTheEndpointOnlyShows() throws Exception {
        start(WebApplicationType.SERVLET, null);

        assertThat(get("/jwks/default").statusCode()).isEqualTo(200);
        assertThat(post("/jwks/default", PURGE).statusCode()).isEqualTo(405);
        assertThat(json(get("/jwks/default"))).containsEntry("state", "fresh").containsEntry("fetches", 1L);
    }

    @Test
    void prometheusIsHandedTheMetersUnderTheNameOfTheIssuer() throws Exception {
        start(WebApplicationType.SERVLET, null);
        time.advance(Duration.ofSeconds(30));

        String scrape = get("/prometheus").body();

        assertThat(scrape)
                .contains(
                        "jwks_cache_age_seconds{cache=\"default\"} 30.0",
                        "jwks_cache_state{cache=\"default\",state=\"fresh\"} 1.0",
                        "jwks_cache_fetches_total{cache=\"default\"} 1.0",
                        "jwks_cache_refreshes_total{cache=\"default\",result=\"success\",trigger=\"recovery\"} 1.0");
    }

    private void start(WebApplicationType type, @Nullable String access) {
        JwksCacheBuilderCustomizer hands = (name, builder) -> builder.time(
                        time.wallClock(), time.nanoTime(), time.scheduler())
                .origin(request -> provider.exchange(Map.of())
                        .thenApply(answer -> new OriginResponse(answer.status(), answer.headers(), answer.body())));
        Server.Plan plan = Server.of(type)
                .with(OpenActuator.class)
                .property("spring.security.oauth2.resourceserver.jwt.jwk-set-uri", provider.jwksUri())
                .property("management.endpoints.web.exposure.include", "health,jwks,prometheus")
                .property("management.endpoint.health.show-details", "always")
                .property("management.endpoint.health.probes.enabled", "true")
                .bean(hands);
        if (access != null) {
            plan.property("management.endpoint.jwks.access", access);
        }
        server = plan.start();
    }

    private HttpResponse<String> get(String path) throws Exception {
        return HTTP.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        return HTTP.send(
                HttpRequest.newBuilder(uri(path))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:"
                + server.context().getEnvironment().getProperty("local.server.port") + "/actuator" + path);
    }

    private static Map<String, Object> json(HttpResponse<String> response) throws Exception {
        return JSONObjectUtils.parse(response.body());
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> details(Map<String, Object> health) {
        return (Map<String, Object>) health.get("details");
    }

    /** Who may see the actuator is not what is asked here. */
    @Configuration(proxyBeanMethods = false)
    static class OpenActuator {

        @Bean
        @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
        SecurityFilterChain open(HttpSecurity http) {
            http.authorizeHttpRequests(requests -> requests.requestMatchers("/actuator/**", "/error")
                    .permitAll()
                    .anyRequest()
                    .authenticated());
            http.csrf(csrf -> csrf.disable());
            http.oauth2ResourceServer(resources -> resources.jwt(Customizer.withDefaults()));
            return http.build();
        }

        @Bean
        @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
        SecurityWebFilterChain openReactive(ServerHttpSecurity http) {
            http.authorizeExchange(exchanges -> exchanges
                    .pathMatchers("/actuator/**")
                    .permitAll()
                    .anyExchange()
                    .authenticated());
            http.csrf(csrf -> csrf.disable());
            http.oauth2ResourceServer(resources -> resources.jwt(Customizer.withDefaults()));
            return http.build();
        }
    }
}
