package dev.jwkscache.spi;

import java.net.URI;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A key set as a store keeps it: the exact bytes of the document, and when and whence they came. Immutable.
 *
 * <p>The document is not copied; whoever makes a snapshot gives it away. Snapshots of one address are ordered by their
 * generation, which grows with the moment at which the request was sent: about that moment in milliseconds since 1970, but
 * never the same for two turns of a {@link FleetStore}.
 */
public final class StoredSnapshot {
    private final URI address;
    private final byte[] document;
    private final @Nullable String etag;
    private final @Nullable String lastModified;
    private final Instant fetchedAt;
    private final long generation;

    /**
     * Creates a snapshot.
     *
     * @param address the address of the cache: a jwks_uri, or an issuer
     * @param document the document as the provider sent it, after content decoding
     * @param etag its entity tag (RFC 9110 §8.8.3), or null
     * @param lastModified its date (RFC 9110 §8.8.2), verbatim, or null
     * @param fetchedAt when the request of the last validated fetch was sent, by the wall clock, in whole milliseconds; what
     *     is finer is cut off
     * @param generation its place in the order of all snapshots of that address
     */
    public StoredSnapshot(
            URI address,
            byte[] document,
            @Nullable String etag,
            @Nullable String lastModified,
            Instant fetchedAt,
            long generation) {
        this.address = Objects.requireNonNull(address, "address");
        this.document = Objects.requireNonNull(document, "document");
        this.etag = etag;
        this.lastModified = lastModified;
        this.fetchedAt = Instant.ofEpochMilli(fetchedAt.toEpochMilli());
        this.generation = generation;
    }

    /** The address of the cache: a jwks_uri, or an issuer. */
    public URI address() {
        return address;
    }

    /** The document as the provider sent it, after content decoding; not a copy. */
    public byte[] document() {
        return document;
    }

    /** Its entity tag (RFC 9110 §8.8.3); null where it has none. */
    public @Nullable String etag() {
        return etag;
    }

    /** Its date (RFC 9110 §8.8.2), verbatim; null where it has none. */
    public @Nullable String lastModified() {
        return lastModified;
    }

    /** When the request of the last validated fetch was sent, by the wall clock: the moment that its age counts from. */
    public Instant fetchedAt() {
        return fetchedAt;
    }

    /** Its place in the order of all snapshots of that address. */
    public long generation() {
        return generation;
    }

    /** Size and times; safe to log. */
    @Override
    public String toString() {
        return "StoredSnapshot[" + document.length + " bytes, fetched at " + fetchedAt + ", generation " + generation
                + "]";
    }
}
