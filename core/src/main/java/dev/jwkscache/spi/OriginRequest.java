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
 */
public record OriginRequest(@Nullable String etag, @Nullable String lastModified, boolean forced, Duration timeout) {}
