package dev.jwkscache.testkit;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One request that a {@link ScriptedProvider} has received.
 *
 * @param sequence its place among all requests of this provider, from 1; goes on after {@link
 *     ScriptedProvider#clearRequests()}
 * @param method for example {@code GET}
 * @param path the request target without its query, for example {@code /jwks.json}
 * @param headers the header fields; unmodifiable, names are looked up without regard to case
 * @param when the wall time of its arrival, by the provider's clock
 * @param nanoTime the monotonic time of its arrival, by the provider's clock; only differences mean anything
 * @param behaviour what answers it
 */
public record RecordedRequest(
        long sequence,
        String method,
        String path,
        Map<String, List<String>> headers,
        Instant when,
        long nanoTime,
        Behaviour behaviour) {

    /**
     * Returns the first value of a header field.
     *
     * @param name in any case
     * @return null if the request does not have it
     */
    public @Nullable String header(String name) {
        return Headers.first(headers, name);
    }
}
