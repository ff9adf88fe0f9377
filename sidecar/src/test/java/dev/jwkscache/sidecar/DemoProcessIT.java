package dev.jwkscache.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code ./jwks-cache demo} as people start it, where nobody has a screen. */
@DisabledOnOs(OS.WINDOWS)
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class DemoProcessIT {
    private static final Path SCRIPT =
            Path.of("..", "jwks-cache").toAbsolutePath().normalize();
    private static final Pattern LINE = Pattern.compile(
            "jwks-cache: the demo is at (http://127\\.0\\.0\\.1:\\d+/) \\(the sidecar serves the keys at"
                    + " (http://127\\.0\\.0\\.1:\\d+/idp/jwks\\.json)\\); Ctrl-C ends it");

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void saysWhereItIsAnswersAndEndsWithASignal(String signal) throws Exception {
        Process process = start();
        try (BufferedReader output = output(process)) {
            Matcher line = LINE.matcher(output.readLine());
            assertThat(line.matches()).isTrue();
            assertThat(status(line.group(1) + "demo/state")).isEqualTo(200);
            assertThat(status(line.group(2))).isEqualTo(200);

            new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid()))
                    .start()
                    .waitFor();
            assertThat(process.waitFor()).isZero();
            assertThat(output.lines())
                    .singleElement()
                    .asString()
                    .startsWith("jwks-cache: ")
                    .contains("; 0 good ones refused");
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void asManyAsOneLikesRunAtATime() throws Exception {
        Process one = start();
        Process other = start();
        try (BufferedReader ofOne = output(one);
                BufferedReader ofOther = output(other)) {
            Matcher first = LINE.matcher(ofOne.readLine());
            Matcher second = LINE.matcher(ofOther.readLine());
            assertThat(first.matches() && second.matches()).isTrue();
            assertThat(second.group(1)).isNotEqualTo(first.group(1));
            assertThat(status(first.group(1))).isEqualTo(200);
            assertThat(status(second.group(1))).isEqualTo(200);
        } finally {
            one.destroyForcibly();
            other.destroyForcibly();
        }
    }

    private static Process start() throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(List.of(SCRIPT.toString(), "demo", "--no-browser")).redirectErrorStream(true);
        builder.environment().put("JWKS_CACHE_NO_BUILD", "1");
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return builder.start();
    }

    private static BufferedReader output(Process process) {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    private static int status(String address) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(address)).build(), BodyHandlers.discarding())
                .statusCode();
    }
}
