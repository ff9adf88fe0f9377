package dev.jwkscache;

import dev.jwkscache.spi.OriginResponse;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What response headers say about time. Hints only: whatever a server writes, the policy bounds it. */
final class CacheHints {
    private static final long MAX_SECONDS = 1L << 31;

    private CacheHints() {}

    /**
     * For how long the answer stays fresh (RFC 9111 §4.2): {@code max-age} less {@code Age}. Null where there is no
     * hint; {@code no-cache}, {@code no-store} and {@code max-age=0} say nothing about how soon keys change.
     */
    static @Nullable Duration freshness(OriginResponse response) {
        long maxAge = -1;
        for (String field : response.values("cache-control")) {
            for (String part : field.split(",")) {
                String directive = part.strip().toLowerCase(Locale.ROOT);
                if (directive.startsWith("max-age=")) {
                    maxAge = seconds(directive.substring("max-age=".length()).replace("\"", ""));
                }
            }
        }
        if (maxAge <= 0) {
            return null;
        }
        return Duration.ofSeconds(Math.max(0, maxAge - age(response)));
    }

    /** Whether the answer has waited in an HTTP cache on the way. */
    static boolean fromCache(OriginResponse response) {
        return age(response) > 0;
    }

    private static long age(OriginResponse response) {
        return Math.max(0, response.header("age").map(CacheHints::seconds).orElse(0L));
    }

    /** How long the provider asks for quiet (RFC 9110 §10.2.3), never negative; null where it does not ask. */
    static @Nullable Duration retryAfter(OriginResponse response, Instant now) {
        String value = response.header("retry-after").map(String::strip).orElse(null);
        if (value == null) {
            return null;
        }
        long seconds = seconds(value);
        if (seconds >= 0) {
            return Duration.ofSeconds(seconds);
        }
        try {
            Instant until = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            return until.isBefore(now) ? Duration.ZERO : Duration.between(now, until);
        } catch (DateTimeException noDate) {
            return null;
        }
    }

    /** The delta-seconds (RFC 9111 §1.2.2), capped at 2^31; -1 where the text is none. */
    private static long seconds(String text) {
        String digits = text.strip();
        if (digits.isEmpty() || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return -1;
        }
        return digits.length() > 10 ? MAX_SECONDS : Math.min(Long.parseLong(digits), MAX_SECONDS);
    }
}
