package dev.jwkscache;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An entry of a published set that cannot verify signatures here, and why.
 *
 * @param index the entry's place in {@code keys}, from 0
 * @param safeKid the entry's kid, escaped and cut, fit for logs; null where it has none
 * @param reason why it was skipped
 * @param detail the reason in words, without key material
 */
public record SkippedKey(int index, @Nullable String safeKid, SkipReason reason, String detail) {

    /** The entry's kid, escaped and cut, fit for logs. */
    public Optional<String> kid() {
        return Optional.ofNullable(safeKid);
    }
}
