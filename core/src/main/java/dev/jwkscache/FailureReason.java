package dev.jwkscache;

import java.util.Locale;

/** Why a refresh failed. The set at hand stays, whatever the reason. */
public enum FailureReason {
    /** The request could not be made: the value of a header field, such as a token from a file, could not be had. */
    REQUEST,
    /** The fetch timeout passed before the whole exchange, body included, was done. */
    TIMEOUT,
    /** No connection: refused, unreachable, or the host name is unknown. */
    CONNECT,
    /** The TLS handshake failed. */
    TLS,
    /** The connection broke. */
    IO,
    /** The status is neither 200 nor a 304 that was asked for. */
    STATUS,
    /** A redirect that is not followed: to another origin, to plain http, without a target, or too many. */
    REDIRECT,
    /** More octets than allowed, after decompression. */
    TOO_LARGE,
    /** A content encoding that was not asked for, or that does not decode. */
    ENCODING,
    /** The document is no JSON object. */
    NOT_JSON,
    /** The document has no array {@code keys}. */
    NO_KEYS_MEMBER,
    /** No key of the set verifies signatures. */
    NO_USABLE_KEY,
    /** The issuer's metadata cannot be used: it is no JSON object, names another issuer, or no jwks_uri that may be fetched. */
    METADATA,
    /** The provider asked for quiet (Retry-After, RFC 9110 §10.2.3), so nothing was fetched. */
    RETRY_LATER,
    /** Another instance of the fleet fetched and failed, so nothing was fetched. */
    FLEET,
    /** The origin broke its contract: it threw, or returned nothing. */
    ORIGIN;

    /** The reason as a metric label: lower case with underscores. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
