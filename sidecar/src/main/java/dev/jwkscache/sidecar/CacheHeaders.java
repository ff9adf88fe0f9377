package dev.jwkscache.sidecar;

import java.net.http.HttpHeaders;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What an answer says about caching (RFC 9111).
 *
 * @param written all values of {@code Cache-Control} together
 * @param maxAge in seconds
 * @param age what {@code Age} says, in seconds
 */
record CacheHeaders(String written, Optional<Long> maxAge, Optional<Long> age) {

    static CacheHeaders of(HttpHeaders headers) {
        String written = String.join(", ", headers.allValues("Cache-Control")).strip();
        Optional<Long> maxAge = directives(written).stream()
                .filter(directive -> directive.startsWith("max-age="))
                .flatMap(directive -> seconds(directive.substring("max-age=".length())).stream())
                .findFirst();
        return new CacheHeaders(written, maxAge, headers.firstValue("Age").flatMap(CacheHeaders::seconds));
    }

    boolean isAbsent() {
        return written.isEmpty();
    }

    boolean isForbidding() {
        return directives(written).stream().anyMatch(directive -> directive.matches("no-store|no-cache|no-cache=.*"));
    }

    private static List<String> directives(String written) {
        return Arrays.stream(written.split(",", -1))
                .map(directive -> directive.strip().toLowerCase(Locale.ROOT))
                .toList();
    }

    private static Optional<Long> seconds(String text) {
        String digits = text.strip().replace("\"", "");
        return digits.matches("\\d{1,15}") ? Optional.of(Long.parseLong(digits)) : Optional.empty();
    }
}
