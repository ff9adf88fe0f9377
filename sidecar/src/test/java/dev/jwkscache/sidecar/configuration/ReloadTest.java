package dev.jwkscache.sidecar.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a sidecar can take over while it runs, and what it must say needs a restart. */
class ReloadTest {
    private static final String ONE = "providers: {default: {issuer: 'https://idp.example'}}\n";
    private final Configuration running = read("");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "port: 1",
                "host: ::1",
                "management-port: 1",
                "max-connections: 1",
                "idle-timeout: 1",
                "store: none",
                "store-folder: /other",
                "history: off",
                "history-folder: /other",
                "cors-origins: https://app.example",
                "reread-wait: 0",
                "base-address: https://keys.example"
            })
    void whatTheServersAndStoresAreMadeOfNeedsARestart(String setting) {
        assertThat(running.needsRestartFor(read(setting + "\n"))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"max-staleness: 7200", "ready-margin: 1", "drain-time: 1"})
    void whatIsAskedForEachTimeDoesNot(String setting) {
        assertThat(running.needsRestartFor(read(setting + "\n"))).isFalse();
    }

    @Test
    void norDoNewProviders() {
        Configuration other = Told.line("https://other.example").read();

        assertThat(running.needsRestartFor(other)).isFalse();
    }

    private static Configuration read(String settings) {
        return Told.line().file(settings + ONE).read();
    }
}
