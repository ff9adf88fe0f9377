package dev.jwkscache.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jwkscache.testkit.ScriptedProviderExtension.InMemory;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(30)
class ScriptedProviderExtensionTest {

    @Nested
    @ExtendWith(ScriptedProviderExtension.class)
    class ByAnnotation {
        private static final List<ScriptedProvider> SEEN = new ArrayList<>();

        @BeforeEach
        void sharesTheProviderWithTheTest(ScriptedProvider provider) {
            provider.behave(Behaviour.status(418));
        }

        @RepeatedTest(2)
        void everyTestHasAFreshHealthyProvider(ScriptedProvider provider) throws Exception {
            assertThat(SEEN).doesNotContain(provider).allSatisfy(ByAnnotation::assertClosed);
            SEEN.add(provider);

            assertThat(provider.behaviour()).isEqualTo(Behaviour.status(418));
            assertThat(provider.requestCount()).isZero();
            assertThat(provider.keys()).extracting(SigningKey::algorithm).containsExactly("RS256");
            assertThat(HttpClient.newHttpClient()
                            .send(HttpRequest.newBuilder(provider.jwksUri()).build(), BodyHandlers.discarding())
                            .statusCode())
                    .isEqualTo(418);
        }

        @Test
        void inMemoryProvidersLiveInTheVirtualTimeOfTheTest(
                VirtualTime time, @InMemory ScriptedProvider memory, ScriptedProvider socket) {
            assertThat(memory).isNotSameAs(socket);
            memory.behave(Behaviour.healthy().slow(Duration.ofHours(1)));
            var response = memory.exchange(Map.of());

            time.advance(Duration.ofHours(1));

            assertThat(response).isCompleted();
        }

        @Test
        void theSameParameterTwiceIsTheSameObject(
                VirtualTime time, VirtualTime again, ScriptedProvider provider, ScriptedProvider sameProvider) {
            assertThat(again).isSameAs(time);
            assertThat(sameProvider).isSameAs(provider);
        }

        @AfterEach
        void theProviderIsStillOpenAfterTheTest(ScriptedProvider provider) {
            provider.behave(Behaviour.healthy());
        }

        private static void assertClosed(ScriptedProvider provider) {
            org.assertj.core.api.Assertions.assertThatIllegalStateException()
                    .isThrownBy(() -> provider.behave(Behaviour.healthy()));
        }
    }

    @Nested
    class ByField {
        @RegisterExtension
        static final ScriptedProviderExtension PROVIDERS = new ScriptedProviderExtension("ES256", "Ed25519");

        private static final List<ScriptedProvider> OF_CLASS = new ArrayList<>();

        @BeforeAll
        static void providersOfTheClassAreShared(ScriptedProvider provider) {
            OF_CLASS.add(provider);
        }

        @Test
        void theAlgorithmsAreThoseOfTheField(ScriptedProvider provider) {
            assertThat(provider.keys()).extracting(SigningKey::algorithm).containsExactly("ES256", "Ed25519");
        }

        @Test
        void theProviderOfATestIsNotTheOneOfItsClass(ScriptedProvider provider) {
            assertThat(OF_CLASS).hasSize(1).doesNotContain(provider);
            OF_CLASS.get(0).behave(Behaviour.healthy());
        }

        @AfterAll
        static void theProviderOfTheClassIsTheSameAtTheEnd(ScriptedProvider provider) {
            assertThat(OF_CLASS).containsExactly(provider);
        }
    }

    @AfterAll
    static void everythingIsClosed() {
        assertThat(ByAnnotation.SEEN).hasSize(2).allSatisfy(ByAnnotation::assertClosed);
        assertThat(ByField.OF_CLASS).hasSize(1).allSatisfy(ByAnnotation::assertClosed);
        String port = "-" + ByAnnotation.SEEN.get(0).jwksUri().getPort() + "-";
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.contains(port));
        ByAnnotation.SEEN.clear();
        ByField.OF_CLASS.clear();
    }
}
