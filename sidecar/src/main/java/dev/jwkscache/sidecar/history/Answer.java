package dev.jwkscache.sidecar.history;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which keys were trusted at a time.
 *
 * @param recorded whether the record can tell. It cannot where the sidecar did not run, ended without a word or could not
 *     write; then {@code keys} are those that may have been trusted all the same
 * @param lost whether the sidecar ran and could not write
 * @param twice whether that time came twice, because the clock was set back; {@code keys} are those of both
 * @param lastBefore when the record was last certain before that time; null if it never was, or is then
 * @param nextAfter when it is next certain; null if it never is, or is then
 */
public record Answer(
        Instant at,
        List<Trust> keys,
        boolean recorded,
        boolean lost,
        boolean twice,
        @Nullable Instant lastBefore,
        @Nullable Instant nextAfter) {

    /** Copies the list. */
    public Answer {
        keys = List.copyOf(keys);
    }
}
