package dev.jwkscache;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.event.Level;

/** Tells listeners what happened, shielded: whatever one of them throws stays here. */
final class Events {

    private final List<JwksCacheListener> listeners;
    private final Executor executor;
    private final AtomicBoolean complained = new AtomicBoolean();

    Events(List<JwksCacheListener> listeners, Executor executor) {
        this.listeners = List.copyOf(listeners);
        this.executor = executor;
    }

    void tell(Consumer<JwksCacheListener> event) {
        try {
            executor.execute(() -> {
                listeners.forEach(listener -> tell(listener, event));
                tell(Recorder.LISTENER, event);
            });
        } catch (Throwable noThread) {
            // Closed, or the process is out of threads: an event is lost, which must not cost more than the event.
        }
    }

    private void tell(JwksCacheListener listener, Consumer<JwksCacheListener> event) {
        try {
            event.accept(listener);
        } catch (Throwable thrown) {
            if (complained.compareAndSet(false, true)) {
                LogEntry.at(Level.WARN)
                        .with("listener", listener.getClass().getName())
                        .with("error", thrown.getClass().getName())
                        .because(thrown)
                        .tell("jwks_listener_failed");
            }
        }
    }

    /** Found for the first event that is told: the first key of a process does not wait for its classes. */
    private static final class Recorder {
        static final JwksCacheListener LISTENER = FlightRecording.whereAvailable();
    }
}
