package dev.jwkscache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jwkscache.spi.OriginResponse;
import dev.jwkscache.testkit.Behaviour;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What listeners hear of the life of a cache as a whole. */
class ListenersTest {

    @Test
    void theyHearOfTheBirthAndTheEndOfACacheOnceEach() {
        try (Stage stage = new Stage()) {
            assertThat(stage.events.opened).containsExactly(stage.cache);
            assertThat(stage.events.closed).isEmpty();

            stage.cache.close();
            stage.cache.close();

            assertThat(stage.events.closed).containsExactly(stage.cache);
        }
    }

    /** With it the threads end, and what they were told before still counts. */
    @Test
    void theEndOfTheLastCacheOfAProcessIsHeardToo() throws Exception {
        CountDownLatch heard = new CountDownLatch(1);
        JwksCache cache = JwksCache.builder(URI.create("https://last.example/jwks"))
                .origin(request -> CompletableFuture.completedFuture(
                        new OriginResponse(503, Map.of(), "".getBytes(StandardCharsets.UTF_8))))
                .listener(new JwksCacheListener() {
                    @Override
                    public void closed(JwksCache closed) {
                        heard.countDown();
                    }
                })
                .build();

        cache.close();

        assertThat(heard.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void theStatusOfAClosedCacheStillTellsItsLastFigures() {
        Stage stage = Stage.started();
        stage.cache.close();

        assertThat(stage.cache.status().refreshes()).isEqualTo(1);
        assertThat(stage.cache.status().keyCount()).isZero();
        stage.close();
    }

    @Test
    void theStatusTellsHowManyKeysThereAreAndWhatIsSkipped() {
        try (Stage stage = new Stage()) {
            String usable = stage.provider.document();
            String entries = usable.substring(usable.indexOf('[') + 1, usable.lastIndexOf(']'));
            stage.provider.publish("{\"keys\":[" + entries.replaceAll("\"kid\":\"[^\"]*\",?", "")
                    + ",{\"kty\":\"oct\",\"k\":\"AA\"},{\"kty\":\"oct\",\"k\":\"AA\"},7]}");
            stage.cache.start();

            assertThat(stage.cache.status().kids()).isEmpty();
            assertThat(stage.cache.status().keyCount()).isEqualTo(1);
            assertThat(stage.cache.status().skippedKeys())
                    .containsExactlyInAnyOrderEntriesOf(Map.of(SkipReason.SYMMETRIC, 2, SkipReason.NOT_AN_OBJECT, 1));
        }
    }

    @Test
    void theStatusTellsForHowLongEveryFetchHasFailed() {
        try (Stage stage = Stage.started()) {
            assertThat(stage.cache.status().failingFor()).isEmpty();
            stage.provider.behave(Behaviour.status(500));
            stage.time.advance(Stage.REFRESH);

            stage.time.advance(Duration.ofSeconds(90));

            assertThat(stage.cache.status().failingFor()).hasValue(Duration.ofSeconds(90));
        }
    }
}
