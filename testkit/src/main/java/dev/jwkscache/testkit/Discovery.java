package dev.jwkscache.testkit;

import dev.jwkscache.testkit.KeyRing.Document;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The provider's metadata (OpenID Connect Discovery 1.0 section 3), or what a test publishes instead. */
final class Discovery {
    private final String issuer;
    private final KeyRing ring;
    private final Clock clock;
    private final Instant started;
    private volatile @Nullable Document published;

    Discovery(String issuer, KeyRing ring, Clock clock) {
        this.issuer = issuer;
        this.ring = ring;
        this.clock = clock;
        this.started = clock.instant();
    }

    void publish(String rawJson) {
        published = new Document(rawJson, clock.instant());
    }

    Document document() {
        Document instead = published;
        return instead != null ? instead : new Document(Json.write(metadata()), started);
    }

    private Map<String, Object> metadata() {
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("issuer", issuer);
        metadata.put("authorization_endpoint", issuer + "/authorize");
        metadata.put("token_endpoint", issuer + "/token");
        metadata.put("jwks_uri", issuer + Responder.JWKS_PATH);
        metadata.put("response_types_supported", List.of("code"));
        metadata.put("subject_types_supported", List.of("public"));
        metadata.put(
                "id_token_signing_alg_values_supported",
                ring.keys().stream().map(SigningKey::joseAlgorithm).distinct().toList());
        return metadata;
    }
}
