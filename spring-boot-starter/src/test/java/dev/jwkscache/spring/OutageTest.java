package dev.jwkscache.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jwkscache.spi.OriginResponse;
import dev.jwkscache.testkit.Behaviour;
import dev.jwkscache.testkit.ScriptedProvider;
import dev.jwkscache.testkit.VirtualTime;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.test.annotation.DirtiesContext;

@DirtiesContext // Spring would keep the context, and LifecycleTest counts threads.
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "server.address=127.0.0.1",
            "spring.security.oauth2.resourceserver.jwt.jwk-set-uri=https://provider.test/jwks.json"
        })
class OutageTest {
    @TestConfiguration
    static class InVirtualTime {
        @Bean
        VirtualTime time() {
            return new VirtualTime(Instant.now());
        }

        @Bean
        ScriptedProvider provider(VirtualTime time) {
            return ScriptedProvider.inMemory(time);
        }

        @Bean
        JwksCacheBuilderCustomizer inVirtualTime(VirtualTime time, ScriptedProvider provider) {
            return (name, cache) -> cache.time(time.wallClock(), time.nanoTime(), time.scheduler())
                    .origin(request -> provider.exchange(Map.of())
                            .thenApply(it -> new OriginResponse(it.status(), it.headers(), it.body())));
        }
    }

    @Autowired
    VirtualTime time;

    @Autowired
    ScriptedProvider provider;

    @LocalServerPort
    int port;

    @Test
    void rotationOutageAndRecovery() throws Exception {
        assertThat(status(provider.token())).isEqualTo(200);

        provider.rotate();
        String token = provider.token();
        assertThat(status(token)).isEqualTo(200);

        provider.behave(Behaviour.refuse());
        time.advance(Duration.ofMinutes(59));
        assertThat(status(token)).isEqualTo(200);
        assertThat(status(provider.forgedToken())).isEqualTo(401);

        time.advance(Duration.ofMinutes(2));
        assertThat(status(token)).isEqualTo(503);

        provider.behave(Behaviour.healthy());
        time.advance(Duration.ofMinutes(6));
        assertThat(status(token)).isEqualTo(200);
    }

    int status(String token) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/hello"))
                .header("Authorization", "Bearer " + token)
                .build();
        return HttpClient.newHttpClient()
                .send(request, BodyHandlers.discarding())
                .statusCode();
    }
}
