package dev.jwkscache.sidecar.configuration;

/**
 * A value that the user gave.
 *
 * @param setting what it is of
 * @param source where: {@code --port}, {@code JWKS_CACHE_PORT}, {@code jwks-cache.yaml, line 3: port}
 * @param text as written, or once it has been read, in its canonical form
 */
record Given(Setting setting, String source, String text) {

    /** Everything but the value, which may be a secret. */
    @Override
    public String toString() {
        return setting + " from " + source;
    }
}
