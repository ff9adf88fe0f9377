package dev.jwkscache.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The examples of README.md, and that they are the same. */
@Timeout(30)
class ReadmeTest {
    private final AtomicInteger polls = new AtomicInteger();

    @Nested
    @ExtendWith(ScriptedProviderExtension.class)
    class RotationTest {
        @Test
        void theNewKeyIsFound(ScriptedProvider provider) throws Exception {
            HttpClient client = HttpClient.newHttpClient();
            SigningKey fresh = provider.rotate();

            provider.behaveOnce(Behaviour.status(503, Duration.ofSeconds(30)));
            assertThat(get(client, provider.jwksUri()).statusCode()).isEqualTo(503);

            assertThat(get(client, provider.jwksUri()).body()).contains(fresh.kid());
            assertThat(provider.requestCount()).isEqualTo(2);
        }
    }

    @Test
    void virtualTime() {
        VirtualTime time = new VirtualTime();
        ScriptedProvider provider = ScriptedProvider.inMemory(time);
        provider.behave(Behaviour.healthy().slow(Duration.ofSeconds(3)));
        var answer = provider.exchange(Map.of());
        time.scheduler().scheduleAtFixedRate(() -> polls.incrementAndGet(), 5, 5, TimeUnit.MINUTES);

        time.advance(Duration.ofMinutes(59));

        assertThat(answer).isCompleted();
        assertThat(polls).hasValue(11);
    }

    @Test
    void theExamplesAreTheseTests() throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        String tests = Files.readString(Path.of("src/test/java/dev/jwkscache/testkit/ReadmeTest.java"));
        Matcher examples = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(readme);

        int count = 0;
        while (examples.find()) {
            // The test of a service needs what this module must not: it lives, and is held equal, in core.
            if (!examples.group(1).startsWith("class OrdersTest")) {
                assertThat(withoutIndentation(tests)).contains(withoutIndentation(examples.group(1)));
                count++;
            }
        }
        assertThat(count).isEqualTo(2);
    }

    @Test
    void everyBehaviourIsListed() throws IOException {
        String readme = Files.readString(Path.of("README.md"));

        assertThat(Behaviour.class.getMethods())
                .filteredOn(method -> method.getReturnType() == Behaviour.class)
                .extracting(method -> method.getName())
                .isNotEmpty()
                .allSatisfy(name -> assertThat(readme).containsPattern("[`.]" + name + "[`(]"));
    }

    private static String withoutIndentation(String code) {
        return String.join(
                "\n", Arrays.stream(code.split("\n", -1)).map(String::strip).toList());
    }

    private static HttpResponse<String> get(HttpClient client, URI address) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString());
    }
}
