package dev.jwkscache.sidecar.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChromiumTest {
    @TempDir
    private Path folder;

    @Test
    void theVariableGoesFirst() throws IOException {
        Path chosen = program("my-browser");

        assertThat(Chromium.find(
                        Map.of("CHROMIUM", chosen.toString(), "PATH", folder.toString()), List.of(program("chromium"))))
                .contains(chosen);
    }

    @Test
    void aVariableThatNamesNoProgramIsTold() {
        Path nothing = folder.resolve("nothing");

        assertThatThrownBy(() -> Chromium.find(Map.of("CHROMIUM", nothing.toString()), List.of()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("CHROMIUM")
                .hasMessageContaining(nothing.toString());
    }

    @Test
    void theUsualPlacesGoBeforeThePath() throws IOException {
        Path usual = program("chromium");
        Path onPath = program("google-chrome");

        Map<String, String> environment = Map.of("PATH", "/nowhere:" + folder);
        assertThat(Chromium.find(environment, List.of(folder.resolve("absent"), usual)))
                .contains(usual);
        Files.delete(usual);
        assertThat(Chromium.find(environment, List.of(usual))).contains(onPath);
    }

    @Test
    void thereMayBeNone() throws IOException {
        Files.writeString(folder.resolve("chromium"), "no program");

        assertThat(Chromium.find(Map.of("PATH", folder.toString()), List.of())).isEmpty();
        assertThat(Chromium.find(Map.of(), List.of())).isEmpty();
    }

    private Path program(String name) throws IOException {
        Path program = Files.writeString(folder.resolve(name), "#!/bin/sh\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        return program;
    }
}
