package dev.jwkscache.sidecar.configuration;

import java.util.List;

/** Tells all that is wrong with what the sidecar was told; each fault names its source, the value, and what to do. */
public final class ConfigurationException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient List<String> faults;

    ConfigurationException(List<String> faults) {
        super(message(faults), null, false, false);
        this.faults = List.copyOf(faults);
    }

    /** At least one, in the order in which they were found; printable, and without secrets. */
    public List<String> faults() {
        return faults;
    }

    private static String message(List<String> faults) {
        return faults.size() == 1
                ? faults.get(0)
                : faults.size() + " settings are wrong:\n  - " + String.join("\n  - ", faults);
    }
}
