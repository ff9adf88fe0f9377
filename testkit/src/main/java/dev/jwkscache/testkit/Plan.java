package dev.jwkscache.testkit;

import dev.jwkscache.testkit.Documents.Content;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a {@link Behaviour} consists of.
 *
 * @param name the behaviour before anything was added to it
 * @param headers what is added to the headers of the answer, or replaces them; unmodifiable, ordered without case
 */
record Plan(
        String name,
        int status,
        Body body,
        Validator validator,
        Duration delay,
        Delivery delivery,
        Map<String, String> headers) {

    static final Plan HEALTHY = new Plan(
            "healthy",
            200,
            new Body(Content.PUBLISHED, 0, false, false),
            Validator.NONE,
            Duration.ZERO,
            Delivery.COMPLETE,
            Map.of());

    /** What the content is and how it is encoded. */
    record Body(Content content, int size, boolean gzip, boolean chunked) {}

    /** What the answer can be revalidated by (RFC 9110 section 8.8). */
    enum Validator {
        NONE,
        ETAG,
        LAST_MODIFIED
    }

    Plan named(String newName) {
        return new Plan(newName, status, body, validator, delay, delivery, headers);
    }

    Plan answering(int newStatus, Content content, int size) {
        Body newBody = new Body(content, size, body.gzip(), body.chunked());
        return new Plan(name, newStatus, newBody, validator, delay, delivery, headers);
    }

    Plan gzipped() {
        return with(new Body(body.content(), body.size(), true, body.chunked()));
    }

    Plan chunkedBody() {
        return with(new Body(body.content(), body.size(), body.gzip(), true));
    }

    Plan validatedBy(Validator newValidator) {
        return new Plan(name, status, body, newValidator, delay, delivery, headers);
    }

    Plan delayed(Duration newDelay) {
        return new Plan(name, status, body, validator, newDelay, delivery, headers);
    }

    Plan delivered(Delivery newDelivery) {
        return new Plan(name, status, body, validator, delay, newDelivery, headers);
    }

    Plan withHeader(String headerName, String value) {
        Map<String, String> more = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        more.putAll(headers);
        // The map would keep the old spelling of the name.
        more.remove(headerName);
        more.put(headerName, value);
        return new Plan(name, status, body, validator, delay, delivery, Collections.unmodifiableMap(more));
    }

    String describe() {
        StringBuilder text = new StringBuilder(name);
        if (!delay.isZero()) {
            text.append(" after ").append(seconds(delay));
        }
        if (body.gzip()) {
            text.append(", gzip");
        }
        if (body.chunked()) {
            text.append(", chunked");
        }
        headers.forEach(
                (header, value) -> text.append(", ").append(header).append(": ").append(value));
        return text.toString();
    }

    static String seconds(Duration duration) {
        BigDecimal seconds =
                BigDecimal.valueOf(duration.toSeconds()).add(BigDecimal.valueOf(duration.toNanosPart(), 9));
        return seconds.stripTrailingZeros().toPlainString() + " s";
    }

    private Plan with(Body newBody) {
        return new Plan(name, status, newBody, validator, delay, delivery, headers);
    }
}
