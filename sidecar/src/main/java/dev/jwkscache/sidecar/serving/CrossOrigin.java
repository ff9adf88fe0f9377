package dev.jwkscache.sidecar.serving;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lets pages of some origins read answers (Fetch, CORS protocol). Off where there are none.
 *
 * @param origins as browsers name them, {@code *} for all
 */
record CrossOrigin(Set<String> origins) {

    boolean isOff() {
        return origins.isEmpty();
    }

    /** The answer for a request from a page of that origin. */
    Answer shared(Answer answer, @Nullable String origin) {
        if (isOff()) {
            return answer;
        }
        if (origins.contains("*")) {
            return readableBy(answer, "*");
        }
        Answer varying = answer.with("Vary", "Origin");
        return origin != null && origins.contains(origin) ? readableBy(varying, origin) : varying;
    }

    private static Answer readableBy(Answer answer, String origin) {
        return answer.with("Access-Control-Allow-Origin", origin).with("Access-Control-Expose-Headers", "ETag, Age");
    }
}
