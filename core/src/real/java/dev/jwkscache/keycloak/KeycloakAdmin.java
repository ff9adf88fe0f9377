package dev.jwkscache.keycloak;

import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.text.ParseException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The calls of a {@link KeycloakServer}'s REST API that tests need: rotating the keys of its realm and getting tokens.
 *
 * <p>Algorithms are named {@code RS256}, {@code PS256}, {@code ES256}, {@code ES384}, {@code ES512}, {@code Ed25519}
 * and {@code Ed448}. A <em>component</em> is what Keycloak calls the holder of one key.
 */
public final class KeycloakAdmin {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final String COMPONENTS = "/admin/realms/" + KeycloakServer.REALM + "/components";
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .proxy(HttpClient.Builder.NO_PROXY)
            .connectTimeout(LIMIT)
            .build();

    private final URI baseUri;
    private volatile @Nullable String adminToken;

    /** Makes calls to the server at the given URI, which has no slash at its end. */
    public KeycloakAdmin(URI baseUri) {
        this.baseUri = baseUri;
    }

    /**
     * Adds a new key. It is in the JWK Set at once, and signs from now on if its priority is the highest of its
     * algorithm; the keys of the imported realm have priority 100.
     *
     * @return the id of its component
     */
    public String addKey(String algorithm, int priority) {
        KeyKind kind = KeyKind.of(algorithm);
        String component =
                """
                {"name": "%s-%d", "providerId": "%s", "providerType": "org.keycloak.keys.KeyProvider",
                 "config": {"priority": ["%d"], "enabled": ["true"], "active": ["true"], "%s": ["%s"]}}
                """.formatted(algorithm, priority, kind.providerId(), priority, kind.setting(), kind.value());
        HttpResponse<String> created = asAdmin("POST", COMPONENTS, component);
        String location = created.headers().firstValue("Location").orElseThrow();
        return location.substring(location.lastIndexOf('/') + 1);
    }

    /** Enables a key, or disables it, which takes it out of the JWK Set at once. */
    public void setEnabled(String componentId, boolean enabled) {
        configure(componentId, "enabled", Boolean.toString(enabled));
    }

    /** Deletes a key, which takes it out of the JWK Set at once. */
    public void delete(String componentId) {
        asAdmin("DELETE", COMPONENTS + "/" + componentId, "");
    }

    /** Returns the ids of all keys in the JWK Set, also that of the key for encryption, in the order of the set. */
    public List<String> kids() {
        return jwks().getKeys().stream().map(JWK::getKeyID).toList();
    }

    /** Returns the JWK Set as served at this moment. */
    public JWKSet jwks() {
        String path = "/realms/" + KeycloakServer.REALM + "/protocol/openid-connect/certs";
        return parse(requireSuccess(send(request(path).build())), JWKSet::parse);
    }

    /** Returns the id of the key that a component holds, also if the component is disabled. */
    public String kidOf(String componentId) {
        return textOf(keyWith("providerId", componentId), "kid");
    }

    /** Returns the id of the component that holds a key, also if the component is disabled. */
    public String componentIdOf(String kid) {
        return textOf(keyWith("kid", kid), "providerId");
    }

    /**
     * Returns a new access token, in compact form, signed with the key of the highest priority for the algorithm.
     *
     * <p>To Keycloak, Ed25519 and Ed448 are one algorithm, EdDSA. So if need be this first raises the priority of the
     * wanted curve's key above that of the other curve.
     */
    public String accessToken(String algorithm) {
        boolean edwards = KeyKind.of(algorithm).isEdwards();
        if (edwards) {
            preferCurve(algorithm);
        }
        String client = "svc-" + (edwards ? "eddsa" : algorithm.toLowerCase(Locale.ROOT));
        String form = "grant_type=client_credentials&client_secret=secret&client_id=" + client;
        String token = token(KeycloakServer.REALM, form);
        if (edwards) {
            requireCurve(algorithm, token);
        }
        return token;
    }

    /** Returns the status of the answer to a GET, or 0 if there is none. */
    static int statusOf(URI uri) {
        try {
            return send(HttpRequest.newBuilder(uri).timeout(LIMIT).build()).statusCode();
        } catch (UncheckedIOException e) {
            return 0;
        }
    }

    private void preferCurve(String curve) {
        JWKSet jwks = jwks();
        @Nullable Map<String, Object> wanted = null;
        int highestOther = Integer.MIN_VALUE;
        for (Map<String, Object> key : realmKeys()) {
            if (!"ACTIVE".equals(key.get("status")) || !"EdDSA".equals(key.get("algorithm"))) {
                continue;
            }
            if (!curve.equals(curveOf(jwks, textOf(key, "kid")))) {
                highestOther = Math.max(highestOther, priorityOf(key));
            } else if (wanted == null || priorityOf(key) > priorityOf(wanted)) {
                wanted = key;
            }
        }
        if (wanted == null) {
            throw new IllegalStateException("The realm has no active " + curve + " key; add one with addKey");
        }
        if (priorityOf(wanted) <= highestOther) {
            configure(textOf(wanted, "providerId"), "priority", Integer.toString(highestOther + 1));
        }
    }

    private void requireCurve(String curve, String token) {
        String kid;
        try {
            kid = JWSObject.parse(token).getHeader().getKeyID();
        } catch (ParseException e) {
            throw new IllegalStateException("Keycloak's access token is no JWS: " + token, e);
        }
        String actual = curveOf(jwks(), kid);
        if (!curve.equals(actual)) {
            throw new IllegalStateException("The access token is signed by key " + kid + ", whose curve is " + actual
                    + " and not " + curve + "; was a key changed at the same time?");
        }
    }

    private static @Nullable String curveOf(JWKSet jwks, String kid) {
        return jwks.getKeyByKeyId(kid) instanceof OctetKeyPair pair
                ? pair.getCurve().getName()
                : null;
    }

    private List<Map<String, Object>> realmKeys() {
        HttpResponse<String> answer = asAdmin("GET", "/admin/realms/" + KeycloakServer.REALM + "/keys", "");
        return Arrays.asList(
                parse(answer, body -> JSONObjectUtils.getJSONObjectArray(JSONObjectUtils.parse(body), "keys")));
    }

    private Map<String, Object> keyWith(String member, String value) {
        return realmKeys().stream()
                .filter(key -> value.equals(key.get(member)))
                .findAny()
                .orElseThrow(() -> new IllegalArgumentException("The realm has no key with " + member + " " + value
                        + "; since the last restart all its keys are new"));
    }

    private static String textOf(Map<String, Object> key, String member) {
        return String.valueOf(key.get(member));
    }

    private static int priorityOf(Map<String, Object> key) {
        return Integer.parseInt(textOf(key, "providerPriority"));
    }

    private void configure(String componentId, String setting, String value) {
        String path = COMPONENTS + "/" + componentId;
        String changed = parse(asAdmin("GET", path, ""), body -> {
            Map<String, Object> component = JSONObjectUtils.parse(body);
            JSONObjectUtils.getJSONObject(component, "config").put(setting, List.of(value));
            return JSONObjectUtils.toJSONString(component);
        });
        asAdmin("PUT", path, changed);
    }

    private HttpResponse<String> asAdmin(String method, String path, String body) {
        String token = adminToken;
        HttpResponse<String> response = token == null ? null : send(adminRequest(method, path, body, token));
        // 401 says that the token is older than its minute or from before a restart, so that no clock is needed here.
        if (response == null || response.statusCode() == 401) {
            String form = "grant_type=password&client_id=admin-cli&username=" + KeycloakServer.ADMIN_USERNAME
                    + "&password=" + KeycloakServer.ADMIN_PASSWORD;
            token = token("master", form);
            adminToken = token;
            response = send(adminRequest(method, path, body, token));
        }
        return requireSuccess(response);
    }

    private HttpRequest adminRequest(String method, String path, String body, String token) {
        return request(path)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(body))
                .build();
    }

    private String token(String realm, String form) {
        HttpRequest request = request("/realms/" + realm + "/protocol/openid-connect/token")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form))
                .build();
        return textOf(parse(requireSuccess(send(request)), JSONObjectUtils::parse), "access_token");
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(baseUri + path)).timeout(LIMIT);
    }

    private static HttpResponse<String> send(HttpRequest request) {
        try {
            return HTTP.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(describe(request) + " got no answer from Keycloak; does it run? " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted during " + describe(request) + "; run the test again", e);
        }
    }

    private static HttpResponse<String> requireSuccess(HttpResponse<String> response) {
        if (response.statusCode() / 100 != 2) {
            throw new IllegalStateException(describe(response.request()) + " was answered " + response.statusCode()
                    + " by Keycloak, whose log under target/keycloak may tell why: " + response.body());
        }
        return response;
    }

    private static <T> T parse(HttpResponse<String> response, Parser<T> parser) {
        try {
            return parser.parse(response.body());
        } catch (ParseException e) {
            throw new IllegalStateException(
                    describe(response.request()) + " was not answered as expected: " + response.body(), e);
        }
    }

    private static String describe(HttpRequest request) {
        return request.method() + " " + request.uri();
    }

    private interface Parser<T> {
        T parse(String body) throws ParseException;
    }

    private record KeyKind(String providerId, String setting, String value) {
        static KeyKind of(String algorithm) {
            return switch (algorithm) {
                case "RS256", "PS256" -> new KeyKind("rsa-generated", "algorithm", algorithm);
                case "ES256" -> new KeyKind("ecdsa-generated", "ecdsaEllipticCurveKey", "P-256");
                case "ES384" -> new KeyKind("ecdsa-generated", "ecdsaEllipticCurveKey", "P-384");
                case "ES512" -> new KeyKind("ecdsa-generated", "ecdsaEllipticCurveKey", "P-521");
                case "Ed25519", "Ed448" -> new KeyKind("eddsa-generated", "eddsaEllipticCurveKey", algorithm);
                default ->
                    throw new IllegalArgumentException("Unknown algorithm " + algorithm
                            + "; use RS256, PS256, ES256, ES384, ES512, Ed25519 or Ed448");
            };
        }

        boolean isEdwards() {
            return providerId.equals("eddsa-generated");
        }
    }
}
