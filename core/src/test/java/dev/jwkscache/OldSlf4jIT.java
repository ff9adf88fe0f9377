package dev.jwkscache;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** SLF4J 1.7, as Kafka's brokers have it: nothing breaks, and the log tells the same as a line of text. */
class OldSlf4jIT {

    @Test
    void theLogTellsTheSameAsText() throws Exception {
        List<String> old;
        try (Stream<Path> jars = Files.list(Path.of("target/slf4j-1.7"))) {
            old = jars.map(Path::toString).toList();
        }
        assertThat(old).hasSize(2);
        String others = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains("slf4j") && !entry.contains("logback"))
                .collect(Collectors.joining(File.pathSeparator));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        String.join(File.pathSeparator, old) + File.pathSeparator + others,
                        LifeWithOldSlf4j.class.getName())
                .redirectErrorStream(true)
                .start();
        try {
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
            assertThat(said)
                    .contains("jwks_refreshed key_count=1")
                    .containsPattern("jwks_cache_built_twice address=http://\\S+ advice=\"build one cache")
                    .contains("jwks_purged address=http://")
                    .contains("jwks_listener_failed listener=")
                    .contains("a listener that throws")
                    .contains("served 1")
                    .doesNotContain("NoSuchMethodError", "NoClassDefFoundError");
            assertThat(process.exitValue()).isZero();
        } finally {
            process.destroyForcibly();
        }
    }
}
