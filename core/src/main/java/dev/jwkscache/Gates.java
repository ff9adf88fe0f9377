package dev.jwkscache;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The gates of all hosts that open caches fetch from. */
final class Gates {
    private final ConcurrentMap<String, Shared> gates = new ConcurrentHashMap<>();

    private record Shared(Gate gate, int users) {}

    /** The gate of that host, the same for all who use it. */
    Gate use(String authority) {
        return gates.compute(
                        authority,
                        (host, known) -> known == null
                                ? new Shared(new Gate(Gate.MOST_FOR_A_HOST), 1)
                                : new Shared(known.gate(), known.users() + 1))
                .gate();
    }

    /** Ends one use. */
    void leave(String authority) {
        gates.computeIfPresent(
                authority, (host, known) -> known.users() == 1 ? null : new Shared(known.gate(), known.users() - 1));
    }
}
