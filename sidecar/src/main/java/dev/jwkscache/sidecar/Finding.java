package dev.jwkscache.sidecar;

import java.util.Locale;

/**
 * Something that an inspection tells of a set.
 *
 * @param weight how much it matters
 * @param code what kind of thing it is, for machines
 * @param message what it is and what to do about it, fit for a terminal
 */
record Finding(Weight weight, String code, String message) {

    /** How much a finding matters, most first. */
    enum Weight {
        /** Callers get hurt, or a secret is out. */
        BAD,
        /** Works, but not as it should. */
        ODD,
        /** Worth knowing; nothing to do. Does not count as a finding. */
        NOTE;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
