package dev.jwkscache.kafka;

import dev.jwkscache.testkit.ScriptedProvider;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a broker hands to a validator. */
final class Configs {
    static final String MECHANISM = "OAUTHBEARER";
    static final String AUDIENCE = "kafka";

    private Configs() {}

    /** Settings that accept the tokens of that provider; its address is on Kafka's list. */
    static Map<String, Object> of(ScriptedProvider provider) {
        return of(provider.jwksUri(), provider.issuer());
    }

    static Map<String, Object> of(URI jwksUri, URI issuer) {
        System.setProperty(ValidatorSettings.ALLOWED_URLS, "https://other.example/jwks.json, " + jwksUri);
        Map<String, Object> configs = new HashMap<>();
        configs.put("sasl.oauthbearer.jwks.endpoint.url", jwksUri.toString());
        configs.put("sasl.oauthbearer.expected.issuer", issuer.toString());
        configs.put("sasl.oauthbearer.expected.audience", List.of(AUDIENCE));
        configs.put("sasl.oauthbearer.jwks.endpoint.refresh.ms", 3_600_000L);
        configs.put("sasl.oauthbearer.clock.skew.seconds", 30);
        configs.put("sasl.oauthbearer.scope.claim.name", "scope");
        configs.put("sasl.oauthbearer.sub.claim.name", "sub");
        return configs;
    }

    static Map<String, Object> claims() {
        return Map.of("aud", AUDIENCE, "scope", "orders");
    }
}
