package dev.jwkscache.sidecar.history;

import dev.jwkscache.Jwk;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A key that was trusted, named and without its material.
 *
 * @param kid null for a key that was published without one; text that the provider chose
 * @param thumbprint SHA-256 in base64url (RFC 7638)
 * @param algorithms that it may have been used for
 * @param certificateExpiry of the first certificate beside it; null without one
 * @param since when it came to be trusted, without a break since
 * @param source whence it came then
 */
public record TrustedKey(
        @Nullable String kid,
        String thumbprint,
        List<String> algorithms,
        @Nullable Instant certificateExpiry,
        Instant since,
        Source source) {

    /** Copies the list. */
    public TrustedKey {
        algorithms = List.copyOf(algorithms);
    }

    /** Whence a key came. */
    public enum Source {
        /** Fetched from its provider. */
        PROVIDER,
        /** Taken from the store, with its age. */
        STORE;

        /** As it is written in the record. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static TrustedKey of(Jwk key, Instant since, Source source) {
        return new TrustedKey(
                key.kid().orElse(null),
                key.thumbprint(),
                key.algorithms(),
                key.certificateExpiry().orElse(null),
                since,
                source);
    }

    /** What tells keys apart: new material under an old kid is another key. */
    String identity() {
        return thumbprint + algorithms + (kid == null ? "" : kid);
    }
}
