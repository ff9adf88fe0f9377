package dev.jwkscache.sidecar.configuration;

import java.util.Optional;

/** Reads one value, wherever it comes from. */
final class Reading {
    private Reading() {}

    /** The same value in its canonical form; empty, with a fault, if it is none. */
    static Optional<Given> canonical(Given given, Faults faults) {
        Setting setting = given.setting();
        try {
            return Optional.of(new Given(setting, given.source(), Values.read(setting, given.text())));
        } catch (IllegalArgumentException refused) {
            String value = setting.isSecret() ? "has a value that is not shown" : "is " + Faults.quoted(given.text());
            faults.add(given.source() + " " + value + "; it " + refused.getMessage());
            return Optional.empty();
        }
    }
}
