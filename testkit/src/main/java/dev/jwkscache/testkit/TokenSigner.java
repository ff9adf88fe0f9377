package dev.jwkscache.testkit;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes JWTs in compact form (RFC 7515 section 3.1, RFC 7519). */
final class TokenSigner {
    private static final Duration LIFETIME = Duration.ofHours(1);
    private static final SecureRandom RANDOM = new SecureRandom();

    private final String issuer;
    private final Clock clock;

    TokenSigner(String issuer, Clock clock) {
        this.issuer = issuer;
        this.clock = clock;
    }

    String sign(SigningKey key, Map<String, ? extends @Nullable Object> claims) {
        String content = content(key.joseAlgorithm(), key.kid(), claims);
        byte[] signature = key.definition().sign(key.privateKey(), content.getBytes(StandardCharsets.US_ASCII));
        return content + "." + Jwk.base64url(signature);
    }

    String forge(Algorithm algorithm) {
        String kid = Jwk.base64url(random(16));
        return content(algorithm.joseName(), kid, Map.of()) + "." + Jwk.base64url(random(algorithm.signatureLength()));
    }

    private String content(String alg, @Nullable String kid, Map<String, ? extends @Nullable Object> claims) {
        Map<String, Object> header = new LinkedHashMap<>();
        header.put("alg", alg);
        header.put("typ", "JWT");
        if (kid != null) {
            header.put("kid", kid);
        }
        return encode(header) + "." + encode(withDefaults(claims));
    }

    private Map<String, Object> withDefaults(Map<String, ? extends @Nullable Object> claims) {
        Instant now = clock.instant();
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("iss", issuer);
        all.put("sub", "test-subject");
        all.put("iat", now);
        all.put("exp", now.plus(LIFETIME));
        claims.forEach((name, value) -> {
            if (value == null) {
                all.remove(name);
            } else {
                all.put(name, value);
            }
        });
        return all;
    }

    private static String encode(Map<String, Object> json) {
        return Jwk.base64url(Json.write(json).getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        RANDOM.nextBytes(bytes);
        return bytes;
    }
}
