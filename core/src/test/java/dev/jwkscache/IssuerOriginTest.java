package dev.jwkscache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.jwkscache.JwksCacheListener.RefreshFailed;
import dev.jwkscache.Web.Visit;
import dev.jwkscache.spi.OriginResponse;
import dev.jwkscache.testkit.ScriptedProvider;
import dev.jwkscache.testkit.SigningKey;
import dev.jwkscache.testkit.VirtualTime;
import java.net.ConnectException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** When metadata is read, and what is fetched from where, in virtual time. */
class IssuerOriginTest {
    private static final String NAME = "https://idp.example/realms/r";
    private static final URI OPENID = URI.create(NAME + "/.well-known/openid-configuration");
    private static final URI OAUTH = URI.create("https://idp.example/.well-known/oauth-authorization-server/realms/r");
    private static final URI INSERTED = URI.create("https://idp.example/.well-known/openid-configuration/realms/r");
    private static final URI OLD = URI.create("https://idp.example/old");
    private static final URI NEW = URI.create("https://keys.example/new");
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final VirtualTime time = new VirtualTime();
    private final Web web = new Web(time);
    private final ScriptedProvider keys = ScriptedProvider.inMemory(time, Stage.ALG);
    private final Stage.Recorder events = new Stage.Recorder(time);
    private final List<String> documents = new ArrayList<>();
    private JwksCache cache = cache(settings -> settings);

    @AfterEach
    void close() {
        cache.close();
        keys.close();
    }

    @Test
    void theFirstFetchFindsTheAddressAndLaterOnesKnowIt() {
        cache.start();
        time.advance(Duration.ofMinutes(55));

        assertThat(cache.key(keys.current(Stage.ALG).kid(), Stage.ALG)).isNotNull();
        assertThat(cache.status().address()).isEqualTo(URI.create(NAME));
        assertThat(web.visits(OPENID)).hasSize(1);
        assertThat(web.visits(OLD)).hasSizeGreaterThanOrEqualTo(10);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 410})
    void whereNothingIsTheNextAddressIsTriedAndTheOneThatWorkedIsRemembered(int status) {
        web.at(OPENID, Web.status(status));
        web.at(INSERTED, metadata(OLD));
        cache.start();
        assertThat(web.visits).extracting(Visit::address).containsExactly(OPENID, OAUTH, INSERTED, OLD);

        web.visits.clear();
        web.at(OLD, Web.status(404));
        time.advance(Duration.ofMinutes(6));
        assertThat(web.visits.stream().map(Visit::address).filter(address -> !address.equals(OLD)))
                .isNotEmpty()
                .containsOnly(INSERTED);
    }

    @Test
    void metadataThatIsNowhereIsAFailureThatNamesAllItsAddresses() {
        web.at(OPENID, Web.status(401));

        assertThatThrownBy(cache::start)
                .isInstanceOf(KeysUnavailableException.class)
                .hasMessageContainingAll(
                        NAME, "status 401 at " + OPENID, "status 404 at " + OAUTH, INSERTED.toString());
        assertThat(events.lastFailure().failure().reason()).isEqualTo(FailureReason.STATUS);
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 304, 408, 425, 429, 500, 503})
    void anyOtherStatusEndsTheAttempt(int status) {
        web.at(OPENID, Web.status(status));

        assertThatThrownBy(cache::start).hasMessageContaining("status " + status + " at " + OPENID);
        assertThat(web.visits).hasSize(1);
        assertThat(events.lastFailure().failure().reason()).isEqualTo(FailureReason.STATUS);
    }

    @Test
    void metadataThatCannotBeReachedEndsTheAttempt() {
        web.at(OPENID, request -> CompletableFuture.failedFuture(new ConnectException("refused")));

        assertThatThrownBy(cache::start).hasMessageContainingAll("the metadata at " + OPENID, "no connection");
        assertThat(web.visits).hasSize(1);
        assertThat(events.lastFailure().failure().reason()).isEqualTo(FailureReason.CONNECT);
    }

    @Test
    void metadataOfAnotherIssuerGivesNoKey() {
        web.at(OPENID, "{\"issuer\":\"https://evil.example\",\"jwks_uri\":\"" + OLD + "\"}");

        assertThatThrownBy(cache::start).isInstanceOf(KeysUnavailableException.class);
        assertThat(events.lastFailure().failure().reason()).isEqualTo(FailureReason.METADATA);
        assertThat(web.visits(OLD)).isEmpty();
    }

    @Test
    void metadataAndKeysShareTheOneDeadline() {
        web.slowAt(OPENID, SECOND.multipliedBy(3), Web.ok(metadata(OLD), Map.of()));
        web.slowAt(OLD, SECOND.multipliedBy(3), Web.ok(document(), Map.of()));
        CompletableFuture<Void> started = cache.startAsync();

        time.advance(SECOND.multipliedBy(5).minusMillis(1));
        assertThat(events.failed).isEmpty();
        time.advance(Duration.ofMillis(1));

        assertThat(events.lastFailure().failure().reason()).isEqualTo(FailureReason.TIMEOUT);
        assertThat(web.visits(OLD).get(0).answer()).isCancelled();
        assertThat(started).isNotDone();
    }

    @Test
    void closeEndsWhateverIsUnderWay() {
        web.hangAt(OPENID);
        cache.startAsync();
        cache.close();
        assertThat(web.visits(OPENID).get(0).answer()).isCancelled();

        cache = cache(settings -> settings);
        web.hangAt(OLD);
        cache.startAsync();
        cache.close();
        assertThat(web.visits(OLD))
                .singleElement()
                .satisfies(visit -> assertThat(visit.answer()).isCancelled());
    }

    @Test
    void anAddressThatMovedIsFoundAfterThreeFailedFetches() {
        cache.start();
        web.at(OLD, Web.status(404));
        web.at(NEW, document());
        web.at(OPENID, metadata(NEW));
        time.advance(Duration.ofMinutes(4));
        while (events.failed.isEmpty()) {
            time.advance(SECOND);
        }
        Moment failing = web.now();
        SigningKey rotated = keys.rotate(Stage.ALG);
        web.at(NEW, document());

        time.advance(Duration.ofMinutes(1));

        assertThat(cache.key(rotated.kid(), Stage.ALG).kid()).contains(rotated.kid());
        assertThat(events.failed).hasSize(IssuerOrigin.FAILURES_TO_DOUBT);
        assertThat(web.visits(OPENID)).hasSize(2);
        assertThat(Duration.ofNanos(failing.nanosUntil(web.visits(NEW).get(0).at())))
                .isLessThan(Duration.ofMinutes(1));
        // In the same exchange: nothing lies between the metadata and the keys.
        assertThat(web.visits(NEW).get(0).at())
                .isEqualTo(web.visits(OPENID).get(1).at());
    }

    @Test
    void anAddressThatAnswersWithSomethingElseHasFailedToo() {
        cache.start();
        web.at(OLD, "<html>we have moved</html>");
        web.at(NEW, document());
        web.at(OPENID, metadata(NEW));

        time.advance(Duration.ofMinutes(6));

        assertThat(events.failed).hasSize(IssuerOrigin.FAILURES_TO_DOUBT);
        assertThat(web.visits(NEW)).isNotEmpty();
        assertThat(cache.status().lastFailure()).isEmpty();
    }

    @Test
    void metadataIsReadAgainAtMostOnceInACooldownHoweverOftenFetchesFail() {
        cache.close();
        cache = cache(settings -> settings.refreshInterval(SECOND).fetchTimeout(SECOND));
        cache.start();
        web.at(OLD, Web.status(500));
        int before = web.visits(OLD).size();

        for (int i = 0; i < 600; i++) {
            time.advance(SECOND);
            cache.refresh();
        }

        List<Visit> readings = web.visits(OPENID);
        assertThat(web.visits(OLD).size() - before).isGreaterThan(500);
        assertThat(readings).hasSizeBetween(30, 61);
        for (int i = 2; i < readings.size(); i++) {
            Duration between = Duration.ofNanos(
                    readings.get(i - 1).at().nanosUntil(readings.get(i).at()));
            assertThat(between).isGreaterThanOrEqualTo(Stage.COOLDOWN);
        }
        assertThat(readings.get(1).request().forced()).isTrue();
    }

    @Test
    void metadataThatIsOlderThanMaxStalenessIsReadAgain() {
        cache.start();
        web.at(NEW, document());
        web.at(OPENID, metadata(NEW));

        time.advance(Duration.ofMinutes(59));
        assertThat(web.visits(NEW)).isEmpty();
        time.advance(Duration.ofMinutes(7));

        assertThat(web.visits(NEW)).isNotEmpty();
        assertThat(web.visits(OPENID)).hasSize(2);
        assertThat(events.failed).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"hang", "refuse", "500", "404", "html", "other issuer", "throw"})
    void whileMetadataCannotBeReadAgainTheKnownAddressServes(String fault) {
        cache.start();
        breakMetadata(fault);

        time.advance(Duration.ofHours(3));

        assertThat(events.failed).isEmpty();
        assertThat(cache.status().state()).isEqualTo(CacheState.FRESH);
        assertThat(web.visits(OLD)).hasSizeGreaterThan(30);
        assertThat(web.visits(OPENID)).hasSizeGreaterThan(10);
    }

    @Test
    void whatFailsBesideMetadataThatCannotBeReadSaysBoth() {
        cache.start();
        breakMetadata("other issuer");
        web.at(OLD, Web.status(410));

        time.advance(Duration.ofMinutes(10));

        assertThat(events.lastFailure().failure().detail())
                .contains("status 410 instead of 200 from the jwks_uri " + OLD, "https://evil.example");
    }

    @Test
    void validatorsStayWithTheAddressTheyCameFrom() {
        web.at(
                OLD,
                request -> CompletableFuture.completedFuture(
                        "\"1\"".equals(request.etag())
                                ? Web.status(304)
                                : Web.ok(document(), Map.of("ETag", List.of("\"1\"")))));
        cache.start();
        time.advance(Duration.ofMinutes(59));
        assertThat(web.visits(OLD).stream().skip(1))
                .isNotEmpty()
                .allSatisfy(visit -> assertThat(visit.request().etag()).isEqualTo("\"1\""));
        web.at(NEW, Web.ok(document(), Map.of("ETag", List.of("\"2\""))));
        web.at(OPENID, metadata(NEW));

        time.advance(Duration.ofMinutes(15));

        List<Visit> visits = web.visits(NEW);
        assertThat(visits).hasSizeGreaterThan(1);
        assertThat(visits.get(0).request().etag()).isNull();
        assertThat(visits.stream().skip(1))
                .allSatisfy(visit -> assertThat(visit.request().etag()).isEqualTo("\"2\""));
        assertThat(web.visits(OPENID))
                .allSatisfy(visit -> assertThat(visit.request().etag()).isNull());
    }

    @Test
    void aNewAddressThatSaysNotModifiedConfirmsNothing() {
        web.at(OLD, Web.ok(document(), Map.of("ETag", List.of("\"1\""))));
        cache.start();
        web.at(NEW, Web.status(304));
        web.at(OPENID, metadata(NEW));

        time.advance(Duration.ofMinutes(66));

        RefreshFailed failed = events.failed.get(0);
        assertThat(failed.failure().reason()).isEqualTo(FailureReason.STATUS);
        assertThat(failed.failure().detail()).contains("status 304", NEW.toString());
    }

    @Test
    void aWishForQuietIsHonouredWhoeverUtteredIt() {
        web.at(OPENID, new OriginResponse(503, Map.of("Retry-After", List.of("120")), new byte[0]));
        cache.startAsync();
        time.advance(Duration.ofSeconds(119));
        assertThat(web.visits).hasSize(1);
        web.at(OPENID, metadata(OLD));
        time.advance(SECOND.multipliedBy(2));
        assertThat(cache.get().size()).isEqualTo(1);

        web.at(OLD, new OriginResponse(429, Map.of("Retry-After", List.of("60")), new byte[0]));
        cache.refresh();
        int asked = web.visits.size();
        time.advance(Duration.ofSeconds(59));
        cache.refresh();
        assertThat(web.visits).hasSize(asked);
    }

    @Test
    void quietIsAlsoKeptAboutMetadataWhileKeysAreFetched() {
        cache.close();
        cache = cache(settings -> settings.refreshInterval(SECOND).fetchTimeout(SECOND));
        cache.start();
        web.at(OLD, Web.status(500));
        web.at(OPENID, new OriginResponse(429, Map.of("Retry-After", List.of("300")), new byte[0]));

        time.advance(Duration.ofSeconds(290));

        assertThat(web.visits(OPENID)).hasSize(2);
        assertThat(web.visits(OLD)).hasSizeGreaterThan(100);
    }

    @Test
    void aMoveAndARowOfFailedReadingsAreOneEntryOfTheLogEach() {
        Logger logger = (Logger) LoggerFactory.getLogger("jwks-cache");
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        Level before = logger.getLevel();
        log.start();
        logger.setLevel(Level.INFO);
        logger.addAppender(log);
        try {
            cache.start();
            breakMetadata("other issuer");
            time.advance(Duration.ofHours(3));
            web.at(NEW, document());
            web.at(OPENID, metadata(NEW));
            time.advance(Duration.ofMinutes(6));
        } finally {
            logger.detachAppender(log);
            logger.setLevel(before);
        }
        assertThat(log.list)
                .extracting(ILoggingEvent::getMessage)
                .filteredOn(message -> !message.equals("jwks_refreshed"))
                .containsExactly("jwks_metadata_not_read_again", "jwks_uri_moved");
    }

    @Test
    void whatWasReadIsHandedOverAndNothingThatWasRefused() {
        breakMetadata("other issuer");
        assertThatThrownBy(cache::start).isInstanceOf(KeysUnavailableException.class);
        assertThat(documents).isEmpty();

        web.at(OPENID, "\ufeff" + metadata(OLD));
        time.advance(SECOND);
        cache.start();

        assertThat(documents).containsExactly(metadata(OLD));
    }

    private void breakMetadata(String fault) {
        switch (fault) {
            case "hang" -> web.hangAt(OPENID);
            case "refuse" -> web.at(OPENID, request -> CompletableFuture.failedFuture(new ConnectException()));
            case "html" -> web.at(OPENID, "<html>");
            case "other issuer" ->
                web.at(OPENID, "{\"issuer\":\"https://evil.example\",\"jwks_uri\":\"https://evil.example/k\"}");
            case "throw" ->
                web.at(OPENID, request -> {
                    throw new IllegalStateException("no client");
                });
            default -> web.at(OPENID, Web.status(Integer.parseInt(fault)));
        }
    }

    private JwksCache cache(UnaryOperator<JwksCache.Builder> settings) {
        web.at(OPENID, metadata(OLD));
        web.at(OLD, document());
        Settings.Draft draft = new Settings.Draft();
        draft.issuer = URI.create(NAME);
        Settings complete = draft.complete();
        TimeSource source = new TimeSource(time.wallClock(), time.nanoTime());
        IssuerOrigin origin = new IssuerOrigin(
                complete,
                new Issuer(URI.create(NAME), null, false),
                web,
                Engine.of(time.scheduler(), () -> {}),
                source,
                documents::add);
        return settings.apply(JwksCache.builder(URI.create(NAME))
                        .time(time.wallClock(), time.nanoTime(), time.scheduler())
                        .random(() -> 0.5)
                        .listener(events)
                        .origin(origin))
                .build();
    }

    private static String metadata(URI jwksUri) {
        return "{\"issuer\":\"" + NAME + "\",\"jwks_uri\":\"" + jwksUri + "\"}";
    }

    private String document() {
        return new String(keys.exchange(Map.of()).join().body(), StandardCharsets.UTF_8);
    }
}
