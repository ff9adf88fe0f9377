package dev.jwkscache;

import static dev.jwkscache.Stage.MILLI;
import static dev.jwkscache.Stage.REFRESH;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jwkscache.testkit.Behaviour;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When the schedule fetches, and what responses may say about it. */
class ScheduleTest {

    @ParameterizedTest
    @CsvSource({"0, 270", "0.5, 300", "1, 330"})
    void refreshesEveryIntervalWithTenPercentJitter(double random, long seconds) {
        try (Stage stage = new Stage()) {
            stage.random = random;
            stage.cache.start();

            stage.time.advance(Duration.ofSeconds(seconds).minus(MILLI));
            assertThat(stage.fetches()).isEqualTo(1);
            stage.time.advance(MILLI);
            assertThat(stage.fetches()).isEqualTo(2);
        }
    }

    @Test
    void refreshesWithoutAnyCaller() {
        try (Stage stage = Stage.started()) {
            stage.time.advance(Duration.ofHours(1));

            assertThat(stage.fetches()).isEqualTo(13);
            assertThat(stage.cache.status().state()).isEqualTo(CacheState.FRESH);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "no-cache, 300",
        "no-store, 300",
        "max-age=0, 300",
        "max-age=1, 30",
        "max-age=29, 30",
        "'public, max-age=120', 120",
        "max-age=604800, 300",
        "max-age=99999999999999999999, 300",
        "max-age=-5, 300",
        "max-age=abc, 300",
        "'max-age=\"60\"', 60"
    })
    void cacheControlIsAHintBetweenTheBounds(String header, long seconds) {
        try (Stage stage = new Stage()) {
            stage.provider.behave(Behaviour.healthy().cacheControl(header));
            stage.cache.start();

            stage.time.advance(Duration.ofSeconds(seconds).minus(MILLI));
            assertThat(stage.fetches()).isEqualTo(1);
            stage.time.advance(MILLI);
            assertThat(stage.fetches()).isEqualTo(2);
        }
    }

    @Test
    void ageOfACachedCopyShortensItsFreshness() {
        try (Stage stage = new Stage()) {
            stage.provider.behave(
                    Behaviour.healthy().cacheControl("max-age=200").header("Age", "150"));
            stage.cache.start();

            stage.time.advance(Duration.ofSeconds(50));
            assertThat(stage.fetches()).isEqualTo(2);
        }
    }

    @Test
    void theLeastIntervalIsTheRefreshIntervalWhereThatIsShorter() {
        try (Stage stage = new Stage(builder -> builder.timeToLive(Duration.ofSeconds(20)))) {
            stage.provider.behave(Behaviour.healthy().cacheControl("max-age=1"));
            stage.cache.start();

            stage.time.advance(Duration.ofSeconds(10).minus(MILLI));
            assertThat(stage.fetches()).isEqualTo(1);
            stage.time.advance(MILLI);
            assertThat(stage.fetches()).isEqualTo(2);
        }
    }

    @Test
    void sendsTheValidatorsItWasGivenAndTakes304AsValidation() {
        try (Stage stage = new Stage()) {
            stage.provider.behave(Behaviour.withEtag());
            stage.cache.start();
            stage.time.advance(REFRESH);

            assertThat(stage.lastRequest().header("If-None-Match")).isNotNull();
            assertThat(stage.lastRequest().header("If-Modified-Since")).isNotNull();
            assertThat(stage.cache.status().age()).contains(Duration.ZERO);
            assertThat(stage.events.refreshed).hasSize(2);
            assertThat(stage.events.refreshed.get(1).document()).isFalse();
        }
    }

    @Test
    void aScheduledRefreshMayComeFromHttpCachesAForcedOneMayNot() {
        try (Stage stage = Stage.started()) {
            stage.time.advance(REFRESH);
            assertThat(stage.lastRequest().header("Cache-Control")).isNull();
            stage.cache.refresh().join();
            assertThat(stage.lastRequest().header("Cache-Control")).isEqualTo("no-cache");
        }
    }
}
