package dev.jwkscache.spi;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * An origin's answer: status, headers and the body after content decoding.
 *
 * <p>The body is not copied; whoever makes a response gives it away.
 */
public final class OriginResponse {
    private final int status;
    private final Map<String, List<String>> headers;
    private final byte[] body;

    /**
     * Creates a response.
     *
     * @param status the HTTP status code
     * @param headers the header fields; names in any case
     * @param body the content, decoded; empty where there is none
     */
    public OriginResponse(int status, Map<String, List<String>> headers, byte[] body) {
        this.status = status;
        Map<String, List<String>> byName = new HashMap<>();
        headers.forEach((name, values) -> byName.putIfAbsent(name.toLowerCase(Locale.ROOT), List.copyOf(values)));
        this.headers = Collections.unmodifiableMap(byName);
        this.body = body;
    }

    /** The HTTP status code. */
    public int status() {
        return status;
    }

    /** All header fields by lower-case name; immutable. */
    public Map<String, List<String>> headers() {
        return headers;
    }

    /** The content, decoded; not a copy. */
    public byte[] body() {
        return body;
    }

    /**
     * The first value of a header field.
     *
     * @param name the field's name in any case
     */
    public Optional<String> header(String name) {
        List<String> all = values(name);
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(0));
    }

    /**
     * All values of a header field that may be repeated; empty where it is absent.
     *
     * @param name the field's name in any case
     */
    public List<String> values(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
    }
}
