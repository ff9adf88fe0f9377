package dev.jwkscache.sidecar.configuration;

/** What a setting is of. */
enum Scope {
    /** Of the cache of a provider: each can have its own value. */
    CACHE,
    /** Of the process: there is one value. */
    PROCESS
}
