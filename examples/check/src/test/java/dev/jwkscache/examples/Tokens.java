package dev.jwkscache.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.jwkscache.testkit.ScriptedProvider;
import dev.jwkscache.testkit.SigningKey;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;

/** Tokens for the service «orders», good ones and those that it must refuse. */
record Tokens(ScriptedProvider provider) {
    private static final Map<String, Object> GOOD = Map.of("sub", "alice", "aud", "orders");

    String good() {
        return provider.token("RS256", GOOD);
    }

    /** Each must be refused whatever state the provider is in; by what is wrong with it. */
    Map<String, String> bad() {
        Map<String, String> bad = new TreeMap<>();
        bad.put("a signature of another token", payloadOf("mallory") + signature(good()));
        bad.put("a signature of another's key", provider.tokenSignedBy(anothersKey(), GOOD));
        bad.put("an unknown kid", provider.forgedToken());
        bad.put("no signature", unsigned());
        bad.put("for another audience", provider.token("RS256", Map.of("sub", "alice", "aud", "invoices")));
        bad.put("of another issuer", provider.token("RS256", with("iss", "https://another.example")));
        bad.put("expired", provider.token("RS256", with("exp", Instant.now().minusSeconds(3600))));
        bad.put("no token at all", "nonsense");
        return bad;
    }

    /** A key that says it is the provider's: same kid, other material. */
    private SigningKey anothersKey() {
        try (ScriptedProvider another = ScriptedProvider.start("RS256")) {
            return another.addKey("RS256", provider.current("RS256").kid());
        }
    }

    private String payloadOf(String subject) {
        String token = provider.token("RS256", with("sub", subject));
        return token.substring(0, token.lastIndexOf('.') + 1);
    }

    private static String signature(String token) {
        return token.substring(token.lastIndexOf('.') + 1);
    }

    private String unsigned() {
        String payload = good().split("\\.", -1)[1];
        return Base64.getUrlEncoder().withoutPadding().encodeToString("{\"alg\":\"none\"}".getBytes(UTF_8)) + "."
                + payload + ".";
    }

    private static Map<String, Object> with(String claim, Object value) {
        Map<String, Object> claims = new TreeMap<>(GOOD);
        claims.put(claim, value);
        return claims;
    }
}
