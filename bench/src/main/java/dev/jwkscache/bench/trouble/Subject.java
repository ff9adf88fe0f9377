package dev.jwkscache.bench.trouble;

import java.net.URI;
import java.util.Map;

/** One of those that are measured side by side. */
interface Subject {
    /**
     * Who it is.
     *
     * @param name unique in a run
     * @param version of what is measured
     * @param settings by its own names, as far as they differ from its defaults or matter here
     */
    record About(String name, String version, Map<String, String> settings) {}

    About about();

    /** Callers of a new cache for that address; nothing has been fetched yet. */
    Crew crew(URI jwksUri, Scenario scenario) throws Exception;
}
