package dev.jwkscache.spring;

import static dev.jwkscache.spring.Contexts.JWT;
import static dev.jwkscache.spring.ResourceServerContract.assertUnavailable;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jwkscache.real.Eventually;
import dev.jwkscache.testkit.Behaviour;
import dev.jwkscache.testkit.ScriptedProvider;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.WebApplicationType;

/** Actuator on a port of its own is a second server, with filters of its own. */
class ManagementPortTest {
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .proxy(HttpClient.Builder.NO_PROXY)
            .build();

    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void theAnswerIs503ThereToo(WebApplicationType type) throws Exception {
        try (ScriptedProvider provider = ScriptedProvider.start()) {
            provider.behave(Behaviour.refuse());
            try (Server server = Server.of(type)
                    .property(JWT + ".issuer-uri", provider.issuer())
                    .property("management.server.port", 0)
                    .property("management.server.address", "127.0.0.1")
                    .property("management.endpoints.web.exposure.include", "jwks")
                    // Both servers are on the class path of these tests, and reactive Actuator wants one.
                    .property(
                            "spring.autoconfigure.exclude",
                            "org.springframework.boot.tomcat.autoconfigure.actuate.web.server"
                                    + ".TomcatReactiveManagementContextAutoConfiguration")
                    .start()) {
                String token = provider.token();

                assertUnavailable(get(server, token));
                assertThat(get(server, "x").statusCode()).isEqualTo(401);

                provider.behave(Behaviour.healthy());
                Eventually.check(
                        () -> assertThat(get(server, token).statusCode()).isEqualTo(200));
            }
        }
    }

    private static HttpResponse<String> get(Server server, String token) throws Exception {
        String port = server.context().getEnvironment().getProperty("local.management.port");
        URI uri = URI.create("http://127.0.0.1:" + port + "/actuator/jwks");
        return HTTP.send(
                HttpRequest.newBuilder(uri)
                        .header("Authorization", "Bearer " + token)
                        .build(),
                BodyHandlers.ofString());
    }
}
