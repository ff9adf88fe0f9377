package dev.jwkscache;

import java.time.Instant;

/**
 * A refresh that failed.
 *
 * @param reason the kind of failure
 * @param detail what happened in words, escaped, without key material
 * @param at when it was known, by the wall clock
 */
public record RefreshFailure(FailureReason reason, String detail, Instant at) {

    /** Reason and detail, fit for a log. */
    public String describe() {
        return reason.label() + ": " + detail;
    }
}
