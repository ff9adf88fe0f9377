package dev.jwkscache.sidecar;

/** What the exit status of the commands means. */
public final class ExitStatus {
    public static final int GOOD = 0;
    /** The command worked, and what it looked at is not as it should be. */
    public static final int NOT_GOOD = 1;
    /** The command could not do its work: wrong arguments, nobody there, nothing to read. */
    static final int FAILED = 2;

    private ExitStatus() {}
}
