package dev.jwkscache.sidecar;

/** Ends a command with one line for its user and exit status 2. */
public final class CommandFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    /**
     * Creates a failure.
     *
     * @param message what is wrong and what helps, without the program's name
     */
    public CommandFailure(String message) {
        super(message, null, false, false);
    }
}
