package dev.jwkscache.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jwkscache.testkit.ScriptedProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The Dockerfile as a text, and what it starts as a process of this machine. No image is built: that needs a daemon and a
 * registry.
 */
class ContainerIT {
    private static final Path DOCKERFILE = Built.FOLDER.resolve("Dockerfile");
    private static final String IN_IMAGE = "/opt/jwks-cache";

    private record Instruction(String name, String rest) {}

    @Test
    void everythingThatIsCopiedIsInTheFolder() throws IOException {
        List<Instruction> copies = named("COPY");
        assertThat(copies).hasSizeGreaterThan(3);
        for (Instruction copy : copies) {
            List<String> words = new ArrayList<>(List.of(copy.rest().split(" ")));
            boolean ofStage = words.removeIf(word -> word.startsWith("--from="));
            assertThat(words).hasSize(2);
            String source = ofStage ? words.get(0).replace(IN_IMAGE + "/", "") : words.get(0);
            assertThat(Built.FOLDER.resolve(source)).exists();
        }
    }

    @Test
    void theImageIsNamedByVersionAndRunsAsNobodyInParticular() throws IOException {
        assertThat(named("ARG"))
                .singleElement()
                .satisfies(java -> assertThat(java.rest()).matches("JAVA=eclipse-temurin:\\d+-jre-[a-z]+"));
        assertThat(named("FROM")).extracting(Instruction::rest).containsExactly("${JAVA} AS archive", "${JAVA}");
        assertThat(named("USER")).extracting(Instruction::rest).containsExactly("65532:65532");
        assertThat(named("EXPOSE"))
                .as("keys only")
                .extracting(Instruction::rest)
                .containsExactly("8090");
        List<String> names = instructions().stream().map(Instruction::name).toList();
        assertThat(names.indexOf("USER"))
                .as("everything is installed by root, and run by the user")
                .isGreaterThan(names.lastIndexOf("RUN"))
                .isLessThan(names.indexOf("ENTRYPOINT"));
    }

    @Test
    void noShellIsNeededToRunIt() throws IOException {
        assertThat(named("ENTRYPOINT"))
                .singleElement()
                .satisfies(entry -> assertThat(words(entry.rest()))
                        .startsWith("java", "@/opt/jwks-cache/share/serve.options")
                        .endsWith("dev.jwkscache.sidecar.Main"));
        assertThat(named("CMD"))
                .singleElement()
                .satisfies(command -> assertThat(words(command.rest())).containsExactly("serve"));
        assertThat(named("HEALTHCHECK"))
                .singleElement()
                .satisfies(check -> assertThat(words(check.rest().replaceFirst(".* CMD ", "")))
                        .startsWith("java", "@/opt/jwks-cache/share/quick.options")
                        .endsWith("dev.jwkscache.sidecar.HealthCheck", "ready"));
    }

    @Test
    void theEnvironmentIsThatOfTheStartScript() throws IOException {
        Matcher arenas = Pattern.compile("MALLOC_ARENA_MAX:-(\\d+)")
                .matcher(Files.readString(Built.FOLDER.resolve("share/java.sh")));
        assertThat(arenas.find()).isTrue();
        assertThat(named("ENV"))
                .singleElement()
                .satisfies(env -> assertThat(env.rest())
                        .contains("MALLOC_ARENA_MAX=" + arenas.group(1))
                        .contains("JWKS_CACHE_STATE_FOLDER=/var/lib/jwks-cache"));
    }

    @Test
    void theEntryPointStartsTheFolder() throws Exception {
        List<String> command = here(named("ENTRYPOINT").get(0).rest());
        command.add("--version");
        assertThat(Ended.run(command.toArray(String[]::new)))
                .isEqualTo(new Ended(
                        0, "jwks-cache " + Built.VERSION + ", Java " + System.getProperty("java.version") + "\n", ""));
    }

    @Test
    void theHealthCheckAsksTheManagementServer(@TempDir Path state) throws Exception {
        List<String> check = here(rest("HEALTHCHECK").replaceFirst(".* CMD ", ""));
        try (ScriptedProvider provider = ScriptedProvider.start("RS256");
                Serving serving = Serving.start(here(rest("ENTRYPOINT")), provider.issuer(), state, Map.of())) {
            Map<String, String> port = Map.of("JWKS_CACHE_MANAGEMENT_PORT", serving.managementPort());
            assertThat(Ended.run(check, port)).isEqualTo(new Ended(0, "", ""));
            serving.terminate();
            assertThat(Ended.run(check, port)).isEqualTo(new Ended(1, "", ""));
        }
    }

    @Test
    void hadolintFindsNothingWrong() throws Exception {
        assumeTrue(Ended.isThere("hadolint", "the Dockerfile by hadolint"));
        assertThat(Ended.run("hadolint", DOCKERFILE.toString())).isEqualTo(new Ended(0, "", ""));
    }

    /** A command of the image, with the folder and the Java of this machine in the place of the image's. */
    static List<String> here(String json) {
        List<String> command = new ArrayList<>(words(json));
        command.replaceAll(word -> word.replace(IN_IMAGE, Built.FOLDER.toString()));
        command.set(0, Path.of(System.getProperty("java.home"), "bin", "java").toString());
        return command;
    }

    static String rest(String name) throws IOException {
        return named(name).get(0).rest();
    }

    private static List<String> words(String json) {
        assertThat(json).as("the form without a shell").startsWith("[\"").endsWith("\"]");
        return Arrays.asList(json.substring(2, json.length() - 2).split("\", \""));
    }

    private static List<Instruction> named(String name) throws IOException {
        return instructions().stream()
                .filter(instruction -> instruction.name().equals(name))
                .toList();
    }

    private static List<Instruction> instructions() throws IOException {
        return Files.readString(DOCKERFILE)
                .replaceAll("(?m)^#.*\n", "")
                .replaceAll("\\\\\n\\s*", "")
                .lines()
                .filter(line -> !line.isBlank())
                .map(line -> line.split(" ", 2))
                .map(words -> new Instruction(words[0], words[1]))
                .toList();
    }
}
