package dev.jwkscache;

import org.jspecify.annotations.Nullable;

/** What every model checked subject must keep at its end. */
final class Invariants {
    private Invariants() {}

    static void hold(Rig rig) {
        @Nullable String fault = rig.fault();
        if (fault != null) {
            throw new IllegalStateException(fault);
        }
    }
}
