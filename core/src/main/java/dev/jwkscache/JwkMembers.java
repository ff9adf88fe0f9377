package dev.jwkscache;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The descriptive members of a JWK (RFC 7517 §4), without any key material but what {@code json} has of it. */
record JwkMembers(
        @Nullable String kid,
        String keyType,
        @Nullable String curve,
        @Nullable String use,
        @Nullable String algorithm,
        @Nullable Instant certificateExpiry,
        @Nullable String json) {}
