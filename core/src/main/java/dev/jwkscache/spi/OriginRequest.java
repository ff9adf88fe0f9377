package dev.jwkscache.spi;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What the cache asks of an origin.
 *
 * @param etag the entity tag of the set at hand, for {@code If-None-Match} (RFC 9110 §13.1.2), or null
 * @param lastModified the date of the set at hand, for {@code If-Modified-Since} (RFC 9110 §13.1.3), verbatim, or null
 * @param forced whether HTTP caches on the way must revalidate ({@code Cache-Control: no-cache}, RFC 9111 §5.2.1.4)
 * @param timeout how long the whole exchange may last, body included; positive
 * @param failures how many fetches have failed in a row before this one, whether there was no answer or one that was of
 *     no use; 0 after a success. Retries and the schedule count; manual fetches and those for unknown kids only where
 *     they begin the row
 */
public record OriginRequest(
        @Nullable String etag, @Nullable String lastModified, boolean forced, Duration timeout, int failures) {}
