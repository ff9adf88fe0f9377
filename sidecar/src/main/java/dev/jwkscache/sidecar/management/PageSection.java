package dev.jwkscache.sidecar.management;

import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What somebody adds to the status page of a management server, and what feeds it. Guarded as everything else there.
 *
 * @param module the path of a file of this section, without a slash at its beginning: a module of JavaScript whose default
 *     export is given the page's main element, and a function that returns the fields of each request
 * @param files resources on the class path, by path
 * @param reads what is answered to GET, by path; asked in the event loop, so it must return at once
 * @param actions what is done for POST, by path; they may block, and throw {@link Refusal}
 */
public record PageSection(
        String module,
        Map<String, String> files,
        Map<String, Supplier<JsonObject>> reads,
        Map<String, Supplier<JsonObject>> actions) {

    /** Copies the maps. */
    public PageSection {
        files = Map.copyOf(files);
        reads = Map.copyOf(reads);
        actions = Map.copyOf(actions);
    }

    /** An action that cannot be done now; answered with 409 and its message. */
    public static final class Refusal extends RuntimeException {
        private static final long serialVersionUID = 1;

        /**
         * Refuses.
         *
         * @param message why, and what helps
         */
        public Refusal(String message) {
            super(message, null, false, false);
        }
    }
}
