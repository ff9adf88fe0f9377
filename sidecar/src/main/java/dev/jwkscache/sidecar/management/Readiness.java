package dev.jwkscache.sidecar.management;

import dev.jwkscache.sidecar.providers.Providers;
import java.time.Duration;
import java.util.List;

/** Whether a sidecar should be sent requests. Thread-safe. */
public final class Readiness {
    private volatile boolean stopping;

    /** From now on it should not: a stop was asked for. To be called first of all that a stop does. */
    public void stopping() {
        stopping = true;
    }

    /** Why it should not be; empty while it should. */
    List<String> reasons(Providers providers, Duration margin) {
        return stopping ? List.of("the sidecar is stopping") : providers.notReady(margin);
    }
}
