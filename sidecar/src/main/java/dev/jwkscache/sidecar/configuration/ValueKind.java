package dev.jwkscache.sidecar.configuration;

import java.util.Locale;

/** What sort of value a setting has; tells how one is written in a table and in a usage help. */
enum ValueKind {
    /** Seconds, decimals allowed. */
    SPAN,
    BYTES,
    COUNT,
    PORT,
    /** A name or a literal address to listen on. */
    HOST,
    /** Scheme, host and port of HTTP. */
    ORIGIN,
    /** Addresses of Redis. */
    ADDRESSES,
    HOST_PORT,
    /** A file or a folder. */
    PATH,
    FLAG,
    /** One of a few words. */
    CHOICE,
    TEXT,
    /** Any number of words. */
    WORDS,
    /** Header fields. */
    HEADERS;

    /** The value's place in a usage help. */
    String label() {
        return switch (this) {
            case SPAN -> "<seconds>";
            case BYTES -> "<bytes>";
            case COUNT -> "<number>";
            case HOST_PORT -> "<host:port>";
            case FLAG -> "on|off";
            case CHOICE, TEXT -> "<text>";
            case ORIGIN -> "<address>";
            case WORDS -> "<words>";
            default -> "<" + name().toLowerCase(Locale.ROOT) + ">";
        };
    }

    /** Whether several sources of one kind add up, such as an option that is given twice. */
    boolean isMany() {
        return this == WORDS || this == HEADERS || this == ADDRESSES;
    }
}
