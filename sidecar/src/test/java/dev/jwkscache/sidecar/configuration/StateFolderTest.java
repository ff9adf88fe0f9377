package dev.jwkscache.sidecar.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StateFolderTest {

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                // named, systemd, XDG, expected
                "/a, /b, /c, /a",
                "-, /b, /c, /b",
                "-, /b:/d, /c, /b",
                "-, -, /c, /c/jwks-cache",
                "-, -, -, /home/me/.local/state/jwks-cache",
                "'', ' ', '', /home/me/.local/state/jwks-cache",
                "-, -, relative, /home/me/.local/state/jwks-cache",
                "here, -, -, here",
            })
    void theFirstThatIsSetCounts(String named, String systemd, String xdg, String expected) {
        Map<String, String> environment = new HashMap<>();
        environment.put("JWKS_CACHE_STATE_FOLDER", named);
        environment.put("STATE_DIRECTORY", systemd);
        environment.put("XDG_STATE_HOME", xdg);
        environment.values().removeIf(value -> value == null);

        assertThat(StateFolder.of(environment, "/home/me")).isEqualTo(Path.of(expected));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?"})
    void aUserWithoutHomeIsToldWhatToSet(String home) {
        assertThatThrownBy(() -> StateFolder.of(Map.of(), home))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("this user has no home to keep state in: name a folder with JWKS_CACHE_STATE_FOLDER");
    }

    @Test
    void whatIsNoPathIsRefusedByItsName() {
        assertThatThrownBy(() -> StateFolder.of(Map.of("JWKS_CACHE_STATE_FOLDER", "a\0b"), "/home/me"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("JWKS_CACHE_STATE_FOLDER must be the path of a folder");
    }
}
