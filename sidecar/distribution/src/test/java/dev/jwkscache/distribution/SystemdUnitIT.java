package dev.jwkscache.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The unit, by systemd's own tools where there are any. It is never started: no systemd runs as the first process where
 * tests run.
 */
class SystemdUnitIT {
    private static final Path UNIT = Built.FOLDER.resolve("systemd/jwks-cache.service");

    @TempDir
    private Path temporary;

    @Test
    void whatMattersIsSet() throws IOException {
        Map<String, List<String>> unit = unit();
        assertThat(unit)
                .containsEntry("Type", List.of("exec"))
                .containsEntry(
                        "ExecStart",
                        List.of("/opt/jwks-cache/bin/jwks-cache serve --config /etc/jwks-cache/jwks-cache.yaml"))
                .containsEntry("ExecReload", List.of("/bin/kill -HUP $MAINPID"))
                .containsEntry("DynamicUser", List.of("yes"))
                .containsEntry("StateDirectory", List.of("jwks-cache"))
                .containsEntry("NoNewPrivileges", List.of("yes"))
                .containsEntry("ProtectSystem", List.of("strict"))
                .containsEntry("CapabilityBoundingSet", List.of(""))
                .containsEntry("RestrictAddressFamilies", List.of("AF_INET AF_INET6 AF_UNIX"))
                .containsEntry("SystemCallFilter", List.of("@system-service", "~@privileged"))
                .containsEntry("MemoryDenyWriteExecute", List.of("no"))
                .containsEntry("RestartPreventExitStatus", List.of("2"));
        assertThat(Integer.parseInt(unit.get("TimeoutStopSec").get(0)))
                .as("longer than drain-time is by default")
                .isGreaterThan(5);
        assertThat(Files.exists(Built.FOLDER.resolve("bin/jwks-cache"))).isTrue();
    }

    @Test
    void systemdFindsNothingWrong() throws Exception {
        assumeTrue(Ended.isThere("systemd-analyze", "whether systemd understands the unit"));
        Path unit = Files.writeString(
                temporary.resolve("jwks-cache.service"),
                Files.readString(UNIT).replace("/opt/jwks-cache", Built.FOLDER.toString()));
        Ended ended = Ended.run("systemd-analyze", "verify", "--man=no", unit.toString());
        assertThat(ended.err().lines().filter(line -> line.contains("jwks-cache")))
                .isEmpty();
        assertThat(ended.status()).isZero();
    }

    /** From 0.0 (nothing is exposed) to 10.0; what a JIT needs alone costs 0.1. */
    @Test
    void systemdCallsItsExposureOk() throws Exception {
        assumeTrue(Ended.isThere("systemd-analyze", "how exposed the unit is"));
        Ended ended = Ended.run(
                "systemd-analyze", "security", "--no-pager", "--offline=true", "--threshold=20", UNIT.toString());
        assertThat(ended.out()).containsPattern("Overall exposure level for jwks-cache.service: \\d\\.\\d OK");
        assertThat(ended.status()).as(ended.out()).isZero();
    }

    private static Map<String, List<String>> unit() throws IOException {
        Map<String, List<String>> settings = new TreeMap<>();
        Pattern.compile("(?m)^([A-Za-z]+)=(.*)$")
                .matcher(Files.readString(UNIT))
                .results()
                .forEach(setting -> settings.computeIfAbsent(setting.group(1), name -> new ArrayList<>())
                        .add(setting.group(2)));
        return settings;
    }
}
