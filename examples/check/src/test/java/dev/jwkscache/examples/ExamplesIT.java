package dev.jwkscache.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jwkscache.testkit.Behaviour;
import dev.jwkscache.testkit.ScriptedProvider;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Every example, as its users would run it: a process of its own, and a provider that dies and comes back. */
@ParameterizedClass
@MethodSource("examples")
class ExamplesIT {
    private static final Path FOLDER = Path.of("..");

    @Parameter
    @SuppressWarnings("NullAway.Init") // Set by JUnit.
    Path example;

    private final ScriptedProvider provider = ScriptedProvider.start("RS256");
    private final Tokens tokens = new Tokens(provider);

    /** Every folder with a build, but this one; or those that the property names, with commas between. */
    static List<Path> examples() throws IOException {
        String only = System.getProperty("examples.only", "");
        if (!only.isEmpty()) {
            return Stream.of(only.split(",")).map(FOLDER::resolve).toList();
        }
        try (Stream<Path> folders = Files.list(FOLDER)) {
            List<Path> examples = folders.filter(folder -> Files.exists(folder.resolve("pom.xml")))
                    .filter(folder -> !folder.endsWith("check"))
                    .sorted()
                    .toList();
            assertThat(examples).hasSizeGreaterThan(1);
            return examples;
        }
    }

    @AfterEach
    void end() {
        provider.close();
    }

    @Test
    void acceptsGoodTokensAndRefusesAllOthersWhateverTheProviderDoes() throws Exception {
        try (Service service = Service.start(example, provider.issuer())) {
            String early = tokens.good();
            assertAccepted(service.getUntilAccepted(early, this::assertUnavailable));
            assertBadTokensAreRefused(service);

            provider.behave(Behaviour.refuse());
            assertAccepted(service.get(early));
            assertAccepted(service.get(tokens.good()));
            assertBadTokensAreRefused(service);

            provider.rotate();
            provider.behave(Behaviour.healthy());
            String late = tokens.good();
            assertAccepted(service.getUntilAccepted(late, this::assertRefused));
            assertAccepted(service.get(early));
            assertBadTokensAreRefused(service);

            assertEndsWell(service);
        }
    }

    @Test
    void startsWithoutAProviderSays503AndRecoversByItself() throws Exception {
        provider.behave(Behaviour.refuse());
        try (Service service = Service.start(example, provider.issuer())) {
            for (int i = 0; i < 3; i++) {
                assertUnavailable(service.get(tokens.good()));
                assertUnavailable(service.get(provider.forgedToken()));
                assertRefused(service.get(null));
            }

            provider.behave(Behaviour.healthy());
            assertAccepted(service.getUntilAccepted(tokens.good(), this::assertUnavailable));
            assertBadTokensAreRefused(service);
        }
    }

    private void assertBadTokensAreRefused(Service service) throws IOException, InterruptedException {
        for (Map.Entry<String, String> bad : tokens.bad().entrySet()) {
            assertThat(service.get(bad.getValue()).statusCode())
                    .describedAs("status of %s for a token with this: %s", example.getFileName(), bad.getKey())
                    .isEqualTo(401);
        }
        assertRefused(service.get(null));
    }

    private void assertStatus(HttpResponse<String> response, int expected) {
        assertThat(response.statusCode())
                .describedAs("status of %s", example.getFileName())
                .isEqualTo(expected);
    }

    private void assertAccepted(HttpResponse<String> response) {
        assertStatus(response, 200);
        assertThat(response.body()).isEqualTo("orders of alice\n");
    }

    private void assertRefused(HttpResponse<String> response) {
        assertStatus(response, 401);
        assertThat(response.headers().firstValue("WWW-Authenticate"))
                .hasValueSatisfying(challenge -> assertThat(challenge).startsWith("Bearer"));
    }

    private void assertUnavailable(HttpResponse<String> response) {
        assertStatus(response, 503);
        assertThat(response.headers().firstValue("Retry-After"))
                .hasValueSatisfying(
                        seconds -> assertThat(Integer.parseInt(seconds)).isBetween(1, 300));
    }

    /** 143 is what a JVM ends with after SIGTERM when all that it does at its end is done. */
    private void assertEndsWell(Service service) throws IOException, InterruptedException {
        assertThat(service.terminate())
                .describedAs("exit status of %s", example.getFileName())
                .isEqualTo(143);
        assertThat(service.log()).doesNotContain("Exception", "ERROR");
    }
}
