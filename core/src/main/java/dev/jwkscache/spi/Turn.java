package dev.jwkscache.spi;

import java.time.Duration;

/** The answer to a wish to fetch for the fleet. */
public sealed interface Turn {

    /**
     * Fetch, and publish what comes under that generation.
     *
     * @param generation later than that of anything published, purged or granted before
     * @param failures how many fetches for the fleet have failed in a row before this one; 0 after a success
     */
    record Granted(long generation, int failures) implements Turn {}

    /**
     * Take what is kept: it is later than what the asker knows.
     *
     * @param generation its generation
     */
    record Newer(long generation) implements Turn {}

    /**
     * Somebody else is fetching.
     *
     * @param remaining until this asker may end it, or it ends by itself
     */
    record Taken(Duration remaining) implements Turn {}

    /**
     * There is nothing new, and it is too early for another fetch of that kind.
     *
     * @param remaining until it is not
     */
    record Early(Duration remaining) implements Turn {}

    /**
     * The last fetch for the fleet failed.
     *
     * @param failures how many have failed in a row
     * @param reason the label of the last reason, such as {@code timeout}
     * @param remaining until the next attempt is due
     */
    record Failing(int failures, String reason, Duration remaining) implements Turn {}
}
