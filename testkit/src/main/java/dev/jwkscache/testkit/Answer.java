package dev.jwkscache.testkit;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What is sent for one request, and how.
 *
 * @param headers without Content-Length and Transfer-Encoding, which follow from the payload and {@code chunked}
 * @param delay the time that passes before the delivery begins
 */
record Answer(
        int status,
        Map<String, List<String>> headers,
        Payload payload,
        boolean chunked,
        Duration delay,
        Delivery delivery) {

    /** Tells whether the status allows content, which a Content-Length then announces (RFC 9110 section 8.6). */
    boolean mayHaveContent() {
        return status != 204 && status != 304;
    }
}
