package dev.jwkscache.sidecar.configuration;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where this user's sidecar keeps what is to outlive it, unless a setting names a folder for it. */
public final class StateFolder {
    /** Names the folder. */
    public static final String VARIABLE = "JWKS_CACHE_STATE_FOLDER";

    /** Set by systemd for a unit with {@code StateDirectory=}; several folders are separated by colons. */
    private static final String SYSTEMD = "STATE_DIRECTORY";

    private static final String XDG = "XDG_STATE_HOME";
    private static final String OWN = "jwks-cache";

    private StateFolder() {}

    /**
     * Finds the folder, and does not make it: {@code JWKS_CACHE_STATE_FOLDER}, else the first of {@code STATE_DIRECTORY}
     * (systemd), else {@code jwks-cache} in {@code XDG_STATE_HOME}, else {@code .local/state/jwks-cache} at home. An empty
     * variable counts as not set, and so does a relative {@code XDG_STATE_HOME} (as its specification asks).
     *
     * @param environment the variables of the process
     * @param home the value of the property {@code user.home}
     * @throws IllegalArgumentException if a variable is no path, or none is set and there is no home; the message says what
     *     to set
     */
    public static Path of(Map<String, String> environment, String home) {
        Path named = path(VARIABLE, environment.get(VARIABLE));
        if (named != null) {
            return named;
        }
        String ofUnit = environment.getOrDefault(SYSTEMD, "");
        int colon = ofUnit.indexOf(':');
        Path first = path(SYSTEMD, colon < 0 ? ofUnit : ofUnit.substring(0, colon));
        if (first != null) {
            return first;
        }
        Path state = path(XDG, environment.get(XDG));
        if (state != null && state.isAbsolute()) {
            return state.resolve(OWN);
        }
        // A user without an entry in the passwd file, as in containers, has the home "?".
        Path own = path("user.home", home);
        if (own == null || !own.isAbsolute()) {
            throw new IllegalArgumentException(
                    "this user has no home to keep state in: name a folder with " + VARIABLE);
        }
        return own.resolve(".local").resolve("state").resolve(OWN);
    }

    private static @Nullable Path path(String name, @Nullable String value) {
        try {
            return value == null || value.isBlank() ? null : Path.of(value);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(name + " must be the path of a folder: " + e.getReason(), e);
        }
    }
}
