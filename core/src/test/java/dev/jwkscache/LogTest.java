package dev.jwkscache;

import static dev.jwkscache.Stage.ALG;
import static dev.jwkscache.Stage.MAX_STALENESS;
import static dev.jwkscache.Stage.REFRESH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.jwkscache.testkit.Behaviour;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** DESIGN §2.1: the log events of the original module, and no noise. */
class LogTest {
    private final Logger logger = (Logger) LoggerFactory.getLogger("jwks-cache");
    private final Level before = logger.getLevel();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void listen() {
        logger.setLevel(Level.INFO);
        logger.setAdditive(false);
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void stop() {
        logger.detachAppender(log);
        logger.setLevel(before);
    }

    @Test
    void aRefreshIsLoggedWithTheNumberOfKeys() {
        try (Stage stage = Stage.started()) {
            assertThat(stage.cache.get().size()).isEqualTo(1);
            assertThat(log.list).singleElement().satisfies(event -> {
                assertThat(event.getMessage()).isEqualTo("jwks_refreshed");
                assertThat(event.getLevel()).isEqualTo(Level.INFO);
                assertThat(fields(event)).containsEntry("key_count", 1);
            });
        }
    }

    @Test
    void anOutageIsOneWarningForEachStateItPassesThrough() {
        try (Stage stage = Stage.started()) {
            log.list.clear();
            stage.provider.behave(Behaviour.status(500));
            stage.time.advance(MAX_STALENESS.plus(REFRESH).plus(REFRESH));

            assertThat(log.list)
                    .extracting(ILoggingEvent::getMessage)
                    .containsExactly(
                            "jwks_background_refresh_failed",
                            "jwks_refresh_failed_using_stale",
                            "jwks_cache_expired_and_unreachable");
            assertThat(log.list)
                    .extracting(ILoggingEvent::getLevel)
                    .containsExactly(Level.WARN, Level.WARN, Level.ERROR);
            assertThat(log.list)
                    .allSatisfy(event ->
                            assertThat(fields(event)).containsEntry("error", "status: status 500 instead of 200"));
            assertThat((Long) fields(log.list.get(1)).get("age_s")).isBetween(601L, 3600L);
        }
    }

    @Test
    void aFailedFirstFetchIsLoggedToo() {
        try (Stage stage = new Stage()) {
            stage.provider.behave(Behaviour.refuse());
            stage.cache.startAsync();

            assertThat(log.list)
                    .extracting(ILoggingEvent::getMessage)
                    .containsExactly("jwks_background_refresh_failed");
        }
    }

    @Test
    void tenThousandForgedKidsAndAnOutageAreAtMostFiveWarningsWithoutRawText() {
        try (Stage stage = Stage.started()) {
            stage.provider.behave(Behaviour.html());
            for (int i = 0; i < 10_000; i++) {
                String forged = "forged\n" + i;
                assertThatThrownBy(() -> stage.cache.key(forged, ALG)).isInstanceOf(UnknownKeyException.class);
                stage.time.advance(Duration.ofMillis(6));
            }

            List<ILoggingEvent> warnings = log.list.stream()
                    .filter(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
                    .toList();
            assertThat(warnings).hasSizeBetween(1, 5);
            assertThat(log.list)
                    .allSatisfy(event -> assertThat(event.getFormattedMessage() + event.getKeyValuePairs())
                            .matches("\\P{Cntrl}*"));
        }
    }

    @Test
    void duplicateKidsAndPrivateMembersAreWarnedOfOnceForEachDocument() {
        try (Stage stage = new Stage()) {
            String twice = KeyChoiceTest.ecKey("twice");
            String leaky = KeyChoiceTest.ecKey("twice").replaceFirst("\\{", "{\"d\":\"cHJpdmF0ZQ\",");
            stage.provider.publish("{\"keys\":[" + twice + "," + leaky + "]}");
            stage.cache.start();
            stage.time.advance(REFRESH.multipliedBy(3));

            assertThat(log.list)
                    .filteredOn(event -> event.getLevel() == Level.WARN)
                    .extracting(ILoggingEvent::getMessage)
                    .containsExactlyInAnyOrder("jwks_duplicate_kids", "jwks_private_members_published");
            assertThat(log.list.toString()).doesNotContain("cHJpdmF0ZQ");
        }
    }

    @Test
    void aLeakThatBeginsLaterIsWarnedOfThoughTheKeysAreTheSame() {
        try (Stage stage = new Stage()) {
            String key = KeyChoiceTest.ecKey("k");
            stage.provider.publish("{\"keys\":[" + key + "]}");
            stage.cache.start();
            stage.provider.publish("{\"keys\":[" + key.replaceFirst("\\{", "{\"d\":\"cHJpdmF0ZQ\",") + "]}");
            stage.time.advance(REFRESH);

            assertThat(log.list).extracting(ILoggingEvent::getMessage).contains("jwks_private_members_published");
        }
    }

    @Test
    void aDocumentNearTheSizeLimitIsWarnedOfOnceWellBeforeItIsRefused() {
        try (Stage stage = new Stage()) {
            stage.provider.publish(padded(stage, 838_000));
            stage.cache.start();
            assertThat(log.list).noneMatch(event -> event.getMessage().equals("jwks_document_near_limit"));
            for (int size : new int[] {839_000, 900 << 10, 1 << 20}) {
                stage.provider.publish(padded(stage, size));
                stage.time.advance(REFRESH);
                assertThat(stage.events
                                .refreshed
                                .get(stage.events.refreshed.size() - 1)
                                .documentBytes())
                        .isEqualTo(size);
            }
            assertThat(log.list)
                    .filteredOn(event -> event.getMessage().equals("jwks_document_near_limit"))
                    .singleElement()
                    .satisfies(event -> assertThat(fields(event))
                            .containsEntry("bytes", 839_000)
                            .containsEntry("limit", 1 << 20));

            stage.provider.publish(padded(stage, (1 << 20) + 1));
            stage.time.advance(REFRESH);
            assertThat(stage.events.lastFailure().failure().reason()).isEqualTo(FailureReason.TOO_LARGE);
            assertThat(stage.cache.status().state()).isEqualTo(CacheState.FRESH);
        }
    }

    /** The provider's document, made that long with blanks. */
    private static String padded(Stage stage, int bytes) {
        stage.provider.publishKeys();
        String document = stage.provider.document();
        return document + " ".repeat(bytes - document.length());
    }

    @Test
    void aSecondCacheForTheSameAddressIsWarnedOfOnce() {
        try (Stage stage = new Stage()) {
            for (int i = 0; i < 3; i++) {
                JwksCache.builder(stage.provider.jwksUri()).build().close();
            }
            assertThat(log.list).extracting(ILoggingEvent::getMessage).containsExactly("jwks_cache_built_twice");
        }
    }

    private static Map<String, Object> fields(ILoggingEvent event) {
        return event.getKeyValuePairs().stream().collect(Collectors.toMap(pair -> pair.key, pair -> pair.value));
    }
}
