package dev.jwkscache.sidecar.serving;

/** Counts what the key server answers. Called for each request, on any of its threads: must do little. */
public interface RequestCounter {
    /** Counts nothing. */
    RequestCounter NONE = (provider, resource, status) -> {};

    /**
     * A request was answered.
     *
     * @param provider the name of a provider that is kept, or empty
     * @param resource {@code jwks.json}, {@code openid-configuration} or {@code keys}, or empty where there was none of these
     * @param status of the answer
     */
    void answered(String provider, String resource, int status);
}
