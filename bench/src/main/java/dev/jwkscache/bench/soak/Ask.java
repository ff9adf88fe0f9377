package dev.jwkscache.bench.soak;

import org.jspecify.annotations.Nullable;

/**
 * What a caller asks for.
 *
 * @param kind why the driver asks it, for the closing table
 * @param alg the algorithm; null to ask for the whole set
 */
record Ask(String kind, @Nullable String kid, @Nullable String alg) {
    static final Ask SET = new Ask("whole set", null, null);
    /** An algorithm that no set can have a key for. */
    static final String NEVER = "HS256";

    boolean wholeSet() {
        return alg == null;
    }

    boolean neverServed() {
        return NEVER.equals(alg);
    }

    /** Whether the set has an answer. */
    boolean isIn(KeySet set) {
        return alg == null || !set.find(kid, alg).isEmpty();
    }

    @Override
    public String toString() {
        return alg == null ? "get()" : "key(" + kid + ", " + alg + "), " + kind;
    }
}
