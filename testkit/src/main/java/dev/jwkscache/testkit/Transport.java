package dev.jwkscache.testkit;

/** How requests reach a provider. */
interface Transport {
    OpenConnections connections();

    /** Starts or stops to accept connections; returns when that is done. */
    void accept(boolean connections);

    /** Ends every connection and every thread, for good. */
    void close();
}
