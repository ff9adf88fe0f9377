package dev.jwkscache.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The samples of the README compile, and its links lead somewhere. */
class ReadmeTest {
    @TempDir
    Path directory;

    private final String readme = Files.readString(Path.of("README.md"));

    ReadmeTest() throws IOException {}

    @Test
    void everySampleCompiles() throws IOException {
        Matcher samples = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(readme);
        int count = 0;
        while (samples.find()) {
            count++;
            assertThat(complaints(samples.group(1))).isEmpty();
        }

        assertThat(count).isEqualTo(2);
        assertThat(complaints("metrics.nothing();")).contains("metrics");
    }

    @Test
    void everyLocalLinkLeadsSomewhere() {
        Matcher links = Pattern.compile("]\\(([^)#:]+)\\)").matcher(readme);
        int count = 0;
        while (links.find()) {
            count++;
            assertThat(Path.of(links.group(1))).exists();
        }

        assertThat(count).isEqualTo(2);
    }

    private String complaints(String sample) throws IOException {
        Path file = Files.writeString(
                directory.resolve("Sample.java"),
                "import dev.jwkscache.*; import dev.jwkscache.micrometer.*; import io.micrometer.core.instrument.*;"
                        + "import java.net.URI; class Sample { void run(MeterRegistry registry) {\n" + sample + "}}");
        StringWriter complaints = new StringWriter();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<String> options =
                List.of("--release", "17", "-cp", System.getProperty("java.class.path"), "-d", directory.toString());
        try (var files = compiler.getStandardFileManager(null, null, null)) {
            boolean compiled = compiler.getTask(complaints, files, null, options, null, files.getJavaFileObjects(file))
                    .call();
            return compiled ? "" : complaints.toString();
        }
    }
}
