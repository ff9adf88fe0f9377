package dev.jwkscache.testkit;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One answer of {@link ScriptedProvider#exchange}, as it would arrive over HTTP.
 *
 * <p>Immutable. The body is what travels: compressed if the headers say {@code Content-Encoding: gzip}.
 */
public final class ProviderResponse {
    private final int status;
    private final Map<String, List<String>> headers;
    private final byte[] body;

    /**
     * Makes an answer.
     *
     * @param status the HTTP status code
     * @param headers the header fields; copied
     * @param body the content, empty if there is none; copied
     */
    public ProviderResponse(int status, Map<String, List<String>> headers, byte[] body) {
        this.status = status;
        this.headers = Headers.copyOf(headers);
        this.body = body.clone();
    }

    /**
     * Returns the HTTP status code.
     *
     * @return for example 200
     */
    public int status() {
        return status;
    }

    /**
     * Returns all header fields.
     *
     * @return unmodifiable; names are looked up without regard to case
     */
    public Map<String, List<String>> headers() {
        return headers;
    }

    /**
     * Returns the first value of a header field.
     *
     * @param name in any case
     * @return null if the answer does not have it
     */
    public @Nullable String header(String name) {
        return Headers.first(headers, name);
    }

    /**
     * Returns the content.
     *
     * @return a copy, empty if there is none
     */
    public byte[] body() {
        return body.clone();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ProviderResponse that
                && status == that.status
                && headers.equals(that.headers)
                && Arrays.equals(body, that.body);
    }

    @Override
    public int hashCode() {
        return Objects.hash(status, headers, Arrays.hashCode(body));
    }

    /** Returns the status, the headers and the size of the body. */
    @Override
    public String toString() {
        return status + " " + headers + " " + body.length + " bytes";
    }
}
