package dev.jwkscache.bench.fleet.simulation;

/** How the instances of a fleet share their key set. */
public enum Sharing {
    /** Not at all. */
    NONE("no shared store"),
    /** Through a store that answers everybody at once. */
    UNBOUNDED("shared store"),
    /** Through one that does one thing after the other, as a Redis does. */
    ONE_REDIS("shared store with one thread");

    private final String label;

    Sharing(String label) {
        this.label = label;
    }

    /** For tables. */
    public String label() {
        return label;
    }
}
