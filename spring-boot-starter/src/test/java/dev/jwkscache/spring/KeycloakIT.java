package dev.jwkscache.spring;

import static dev.jwkscache.spring.Contexts.JWT;
import static dev.jwkscache.spring.ResourceServerContract.altered;
import static dev.jwkscache.spring.ResourceServerContract.assertRefused;
import static dev.jwkscache.spring.ResourceServerContract.assertUnavailable;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.SignedJWT;
import dev.jwkscache.keycloak.KeycloakServer;
import dev.jwkscache.real.Eventually;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.springframework.boot.WebApplicationType;

/** A servlet and a reactive application that get their tokens from one real Keycloak, which comes late, dies and comes back. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class KeycloakIT {
    private static final KeycloakServer KEYCLOAK = KeycloakServer.prepared();
    private static final String FORGED = ".eyJzdWIiOiJyb290In0.c2lnbmF0dXJl";

    private static List<Server> servers;
    private static String lastToken;

    @BeforeAll
    static void startTheApplicationsFirst() {
        servers = List.of(start(WebApplicationType.SERVLET), start(WebApplicationType.REACTIVE));
    }

    @AfterAll
    static void stop() {
        servers.forEach(Server::close);
        KEYCLOAK.close();
    }

    private static Server start(WebApplicationType type) {
        return Server.of(type)
                .property(JWT + ".issuer-uri", KEYCLOAK.issuer())
                .property(JWT + ".principal-claim-name", "azp")
                .property("jwks-cache.fetch-base", KEYCLOAK.baseUri())
                .property("jwks-cache.miss-cooldown", "100ms")
                .property("jwks-cache.miss-wait", "10")
                .start();
    }

    @Test
    @Order(1)
    void bothRunBeforeTheirProviderDoesAndRecoverWhenItComes() throws Exception {
        String forged = base64("{\"alg\":\"RS256\",\"kid\":\"nobody\"}") + FORGED;
        for (Server server : servers) {
            assertUnavailable(server.get(forged));
            assertRefused(server, "x", base64("{\"alg\":\"HS256\"}") + FORGED);
        }

        KEYCLOAK.start();

        for (String algorithm : List.of("RS256", "PS256", "ES256", "ES512", "Ed25519", "Ed448")) {
            String token = KEYCLOAK.admin().accessToken(algorithm);
            for (Server server : servers) {
                Eventually.check(
                        () -> assertThat(server.status(token)).as(algorithm).isEqualTo(200));
                assertThat(server.get(token).body()).startsWith("hello svc-");
                assertRefused(server, altered(token), forged);
            }
        }
    }

    @Test
    @Order(2)
    void aNewKeyIsAcceptedAtItsFirstToken() throws Exception {
        String kid = KEYCLOAK.admin().kidOf(KEYCLOAK.admin().addKey("ES256", 20_000));
        lastToken = KEYCLOAK.admin().accessToken("ES256");
        assertThat(SignedJWT.parse(lastToken).getHeader().getKeyID()).isEqualTo(kid);

        for (Server server : servers) {
            assertThat(server.status(lastToken)).isEqualTo(200);
        }
    }

    @Test
    @Order(3)
    void whileKeycloakIsDeadGoodTokensStayGoodAndForgedOnesForged() throws Exception {
        KEYCLOAK.kill();

        for (Server server : servers) {
            assertThat(server.status(lastToken)).isEqualTo(200);
            assertRefused(server, altered(lastToken), base64("{\"alg\":\"ES256\",\"kid\":\"nobody\"}") + FORGED);
            assertThat(server.status(lastToken)).isEqualTo(200);
        }
    }

    @Test
    @Order(4)
    void afterARestartWithOtherKeysOnlyThoseAreAccepted() throws Exception {
        KEYCLOAK.start();
        String token = KEYCLOAK.admin().accessToken("ES256");

        for (Server server : servers) {
            Eventually.check(() -> assertThat(server.status(token)).isEqualTo(200));
            assertRefused(server, lastToken);
        }
    }

    private static String base64(String text) {
        return Base64URL.encode(text).toString();
    }
}
