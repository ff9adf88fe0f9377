package dev.jwkscache.sidecar.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSObject;
import dev.jwkscache.keycloak.KeycloakAdmin;
import dev.jwkscache.keycloak.KeycloakServer;
import dev.jwkscache.real.Eventually;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * Clients that know nothing of this project, each as its users write it, with a sidecar where they expect a real Keycloak.
 * One story in the order of its methods: all is well, a rotation, an outage, a restart of the sidecar in that outage.
 */
@DisabledOnOs(OS.WINDOWS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClientsIT {
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .proxy(HttpClient.Builder.NO_PROXY)
            .build();
    /** Of the tokens that Keycloak gives to those who ask for nothing special. */
    private static final String AUDIENCE = "account";

    private static final KeycloakServer KEYCLOAK = KeycloakServer.prepared();
    /** Those who have been there from the beginning, with what they have learned. */
    private static final Map<Kind, Client> CLIENTS = new EnumMap<>(Kind.class);

    private static final Map<String, String> TOKENS = new HashMap<>();
    private static Sidecar sidecar;

    @BeforeAll
    static void start() throws Exception {
        KEYCLOAK.start();
        // Two key sets of one issuer: with the defaults, and with as little trust as a test has time for.
        sidecar = new Sidecar("""
                fetch-base: %s
                providers:
                  main: %s
                  brief:
                    issuer: %2$s
                    time-to-live: 2
                    refresh-interval: 1
                    max-staleness: 12
                """.formatted(KEYCLOAK.baseUri(), KEYCLOAK.issuer()));
        sidecar.start();
        for (String algorithm : new String[] {"RS256", "ES256", "Ed25519"}) {
            TOKENS.put(algorithm, KEYCLOAK.admin().accessToken(algorithm));
        }
    }

    @AfterAll
    static void stop() throws Exception {
        try {
            for (Client client : CLIENTS.values()) {
                client.close();
            }
        } finally {
            if (sidecar != null) {
                sidecar.close();
            }
            KEYCLOAK.close();
        }
    }

    @TestFactory
    @Order(1)
    Stream<DynamicTest> verifiesRealTokensAndRefusesAlteredOnes() {
        return each(kind -> {
            Client client = open(kind);
            CLIENTS.put(kind, client);
            for (String algorithm : kind.algorithms()) {
                verifies(client, TOKENS.get(algorithm));
            }
        });
    }

    @Test
    @Order(2)
    void metadataNamesTheKeysOfTheSidecarAndTheIssuerOfTheProvider() throws Exception {
        String metadata = get(main() + "/.well-known/openid-configuration").body();
        assertThat(metadata)
                .contains("\"jwks_uri\":\"" + main() + "/jwks.json\"")
                .contains("\"issuer\":\"" + KEYCLOAK.issuer() + "\"");
    }

    @Test
    @Order(3)
    void curlKeepsAFileAndIsSentWhatChanged() throws Exception {
        Path file = Tools.folder("kept").resolve("jwks.json");
        assertThat(keep(file)).isEqualTo("200");
        assertThat(file).content().isEqualTo(get(main() + "/jwks.json").body());
        assertThat(keep(file)).isEqualTo("304");

        String kid = newKey(1);

        assertThat(keep(file)).isEqualTo("200");
        assertThat(file).content().contains(kid);
    }

    @Test
    @Order(4)
    void nginxServesOnWhileTheSidecarIsAwayButNoLongerThanKeysMayBeTrusted() throws Exception {
        try (Nginx nginx = Nginx.before(sidecar.address())) {
            String main = nginx.address() + "/main/jwks.json";
            String brief = nginx.address() + "/brief/jwks.json";
            assertThat(statusIn(main)).isEqualTo("200 MISS");
            assertThat(statusIn(main)).isEqualTo("200 HIT");
            assertThat(statusIn(brief)).isEqualTo("200 MISS");
            // What is out of date is asked for with its ETag.
            Eventually.check(() -> assertThat(statusIn(brief)).isEqualTo("200 REVALIDATED"));

            sidecar.stop();
            try {
                Eventually.check(() -> assertThat(statusIn(brief)).isEqualTo("200 STALE"));
                Eventually.check(() -> assertThat(statusIn(brief)).startsWith("502 "));
                assertThat(statusIn(main)).isEqualTo("200 HIT");
            } finally {
                sidecar.start();
            }
            Eventually.check(() -> assertThat(statusIn(brief)).startsWith("200 "));
        }
    }

    @TestFactory
    @Order(5)
    Stream<DynamicTest> picksUpANewKey() throws Exception {
        String kid = newKey(20_000);
        TOKENS.put("RS256", KEYCLOAK.admin().accessToken("RS256"));
        assertThat(kid(TOKENS.get("RS256"))).isEqualTo(kid);
        return each(kind -> {
            Client client = fromTheBeginning(kind);
            if (!kind.asksAtOnce()) {
                Eventually.answer(() -> client.subject(TOKENS.get("RS256")));
            }
            verifies(client, TOKENS.get("RS256"));
        });
    }

    @TestFactory
    @Order(6)
    Stream<DynamicTest> verifiesWhileKeycloakIsDown() {
        TOKENS.replaceAll((algorithm, old) -> KEYCLOAK.admin().accessToken(algorithm));
        KEYCLOAK.kill();
        return each(this::verifiesWithAndWithoutMemory);
    }

    @TestFactory
    @Order(7)
    Stream<DynamicTest> verifiesAfterTheSidecarWasRestartedInThatOutage() throws Exception {
        sidecar.stop();
        sidecar.start();
        return each(this::verifiesWithAndWithoutMemory);
    }

    private void verifiesWithAndWithoutMemory(Kind kind) throws Exception {
        try (Client newcomer = open(kind)) {
            for (String algorithm : kind.algorithms()) {
                verifies(newcomer, TOKENS.get(algorithm));
            }
        }
        verifies(fromTheBeginning(kind), TOKENS.get("RS256"));
    }

    /** Adds a key; its kid, which the sidecar has from now on. */
    private static String newKey(int priority) throws Exception {
        KeycloakAdmin admin = KEYCLOAK.admin();
        String kid = admin.kidOf(admin.addKey("RS256", priority));
        // Asking is what makes a sidecar look, once in a miss cooldown.
        Eventually.check(() -> assertThat(get(main() + "/jwks.json").body()).contains("\"kid\":\"" + kid + "\""));
        return kid;
    }

    private static void verifies(Client client, String token) throws Exception {
        String[] parts = token.split("\\.");
        byte[] claims = Base64.getUrlDecoder().decode(parts[1]);
        String text = new String(claims, StandardCharsets.UTF_8);
        String subject =
                JWSObject.parse(token).getPayload().toJSONObject().get("sub").toString();

        assertThat(client.subject(token)).contains(subject);

        // One byte each, such that the token is still well-formed.
        int digit = text.indexOf("\"azp\":\"svc-") + 11;
        claims[digit] ^= 1;
        byte[] signature = Base64.getUrlDecoder().decode(parts[2]);
        signature[signature.length / 2] ^= 1;
        Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
        refuses(client, parts[0] + "." + encoder.encodeToString(claims) + "." + parts[2]);
        refuses(client, parts[0] + "." + parts[1] + "." + encoder.encodeToString(signature));
    }

    private static void refuses(Client client, String token) {
        assertThatThrownBy(() -> client.subject(token)).hasMessageMatching("(?is).*signature.*");
    }

    private interface Check {
        void of(Kind kind) throws Exception;
    }

    private static Stream<DynamicTest> each(Check check) {
        return Arrays.stream(Kind.values()).map(kind -> DynamicTest.dynamicTest(kind.label(), () -> check.of(kind)));
    }

    private static Client open(Kind kind) throws Exception {
        return kind.open(main(), KEYCLOAK.issuer().toString(), AUDIENCE);
    }

    /** One that is missing was skipped or has failed before; then a new one says so again. */
    private static Client fromTheBeginning(Kind kind) throws Exception {
        Client client = CLIENTS.get(kind);
        return client != null ? client : open(kind);
    }

    private static URI main() {
        return URI.create(sidecar.address() + "/main");
    }

    private static String kid(String token) throws Exception {
        return JWSObject.parse(token).getHeader().getKeyID();
    }

    private static String keep(Path file) throws Exception {
        Tools.program("curl", "curl");
        Path script = Tools.script("shell/keep.sh");
        try (Started run = Started.in(
                script.getParent(), Map.of(), "sh", script.toString(), main() + "/jwks.json", file.toString())) {
            String status = String.valueOf(run.line());
            assertThat(run.finish()).isZero();
            return status;
        }
    }

    /** What nginx answers, and what its cache had to do with that. */
    private static String statusIn(String address) throws Exception {
        HttpResponse<String> answer = get(address);
        return answer.statusCode() + " "
                + answer.headers().firstValue("X-Cache-Status").orElse("-");
    }

    private static HttpResponse<String> get(String address) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address)).build();
        return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    }
}
