package dev.jwkscache.sidecar.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.ParseResult;

class ServeOptionsTest {
    @TempDir
    private Path folder;

    @Test
    void theFileIsReadAnewEachTime() throws IOException {
        Path file = folder.resolve("jwks-cache.yaml");
        ParseResult parsed = Told.parse("--config", file.toString());

        Files.writeString(file, "port: 1\nproviders: {a: https://a.example}\n");
        assertThat(read(parsed, Map.of()).keys().port()).isEqualTo(1);
        Files.writeString(file, "port: 2\nproviders: {a: https://a.example}\n");
        assertThat(read(parsed, Map.of()).keys().port()).isEqualTo(2);
        assertThat(ServeOptions.file(parsed, Map.of())).contains(file);
    }

    @Test
    void theFileMayBeNamedByTheVariable() throws IOException {
        Path file = Files.writeString(folder.resolve("other.yaml"), "port: 7\n");
        ParseResult parsed = Told.parse(Told.IDP);
        Map<String, String> environment = Map.of("JWKS_CACHE_CONFIG", file.toString());

        assertThat(read(parsed, environment).keys().port()).isEqualTo(7);
        assertThat(ServeOptions.file(parsed, environment)).contains(file);
        assertThat(ServeOptions.file(parsed, Map.of())).isEmpty();
    }

    @Test
    void aFileThatCannotBeReadIsToldByItsName() throws IOException {
        assertThat(fault(folder.resolve("missing.yaml")))
                .startsWith("there is no file ")
                .endsWith("missing.yaml\"; name one with --config or JWKS_CACHE_CONFIG");
        assertThat(fault(Files.write(folder.resolve("latin"), "# ä".getBytes(StandardCharsets.ISO_8859_1))))
                .endsWith("is not written in UTF-8");
        assertThat(fault(Files.write(folder.resolve("huge"), new byte[SettingsFile.MOST_BYTES + 1])))
                .endsWith("has more than 1048576 bytes, which no configuration needs");
        assertThat(fault(folder)).contains("cannot be read (");
    }

    @Test
    void faultsNameTheFile() throws IOException {
        Path file = Files.writeString(folder.resolve("mine.yaml"), "providers: {a: https://a.example}\nx: 1\n");

        assertThat(fault(file)).isEqualTo("mine.yaml, line 2: x is not known");
    }

    @Test
    void theValueOfAFlagIsAttachedSoThatNoAddressIsTakenForIt() {
        Configuration told = read(Told.parse("--history", "a=https://a.example", "--allow-plain-http"), Map.of());

        assertThat(told.providers().get(0).name()).isEqualTo("a");
        assertThat(told.history()).isNotNull();
        assertThat(read(Told.parse("--history=off", Told.IDP), Map.of()).history())
                .isNull();
        assertThat(read(Told.parse("--history=no", Told.IDP), Map.of()).history())
                .isNull();
    }

    private static Configuration read(ParseResult parsed, Map<String, String> environment) {
        return ServeOptions.read(parsed, environment, Told.HOME, warning -> {});
    }

    private static String fault(Path file) {
        ParseResult parsed = Told.parse("--config", file.toString());
        ConfigurationException refused =
                catchThrowableOfType(ConfigurationException.class, () -> read(parsed, Map.of()));
        assertThat(refused.faults()).hasSize(1);
        return refused.faults().get(0);
    }
}
