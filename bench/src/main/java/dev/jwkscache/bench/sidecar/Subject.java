package dev.jwkscache.bench.sidecar;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/** Something that stands between clients and a provider's key set. */
interface Subject {
    /** Where clients find the set, at any subject. */
    String PATH = "/default/jwks.json";

    String name();

    /** The version of it that this machine has. */
    String version() throws IOException, InterruptedException;

    /** How it is set up, in its own words. */
    String setUp(Bounds bounds);

    /**
     * Writes what it wants to read.
     *
     * @param folder of its own, which stays the same for one that is started again
     * @return what starts it, in the foreground
     */
    List<String> command(int port, URI jwksUri, Bounds bounds, Path folder) throws IOException;
}
