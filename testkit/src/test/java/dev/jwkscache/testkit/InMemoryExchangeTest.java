package dev.jwkscache.testkit;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.nimbusds.jose.jwk.JWKSet;
import java.io.EOFException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class InMemoryExchangeTest {
    private final VirtualTime time = new VirtualTime(Instant.parse("2026-03-01T12:00:00Z"));
    private final ScriptedProvider provider = ScriptedProvider.inMemory(time, "ES256");

    @Test
    void healthyAnswersAtOnceWithThePublishedKeys() throws Exception {
        ProviderResponse response = exchange().getNow(null);

        assertThat(response.status()).isEqualTo(200);
        assertThat(text(response)).isEqualTo(provider.document());
        assertThat(JWKSet.parse(text(response)).getKeys()).hasSize(1);
        assertThat(response.header("content-type")).isEqualTo("application/json");
        assertThat(response.header("DATE")).isEqualTo("Sun, 01 Mar 2026 12:00:00 GMT");
        assertThat(provider.openConnections()).isZero();
    }

    @Test
    void isAtAnAddressOfItsOwn() {
        assertThat(provider.issuer()).isEqualTo(URI.create("https://provider.test"));
        assertThat(provider.jwksUri()).isEqualTo(URI.create("https://provider.test/jwks.json"));
    }

    @Test
    void refusedResetAndCutOffFailAsTheyDoOnASocket() {
        provider.behave(Behaviour.refuse());
        assertThat(exchange())
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withCauseInstanceOf(ConnectException.class);
        provider.behave(Behaviour.reset());
        assertThat(exchange())
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withCauseInstanceOf(SocketException.class);
        provider.behave(Behaviour.cutOff());
        assertThat(exchange()).failsWithin(Duration.ZERO).withThrowableThat().withCauseInstanceOf(EOFException.class);

        assertThat(provider.openConnections()).isZero();
        assertThat(provider.requestCount()).isEqualTo(3);
    }

    @Test
    void refusalsCanBeCountedHere() {
        provider.behave(Behaviour.refuse(), 2);

        assertThat(exchange()).isCompletedExceptionally();
        assertThat(exchange()).isCompletedExceptionally();
        assertThat(exchange()).isCompleted();
    }

    @Test
    void hangsNeverCompleteUntilTheyAreCancelled() {
        provider.behaveOnce(Behaviour.hangBeforeHeaders());
        provider.behaveOnce(Behaviour.hangInBody());
        CompletableFuture<ProviderResponse> first = exchange();
        CompletableFuture<ProviderResponse> second = exchange();
        CompletableFuture<Void> closed = provider.allConnectionsClosed();

        time.advance(Duration.ofDays(1));

        assertThat(first).isNotDone();
        assertThat(second).isNotDone();
        assertThat(provider.openConnections()).isEqualTo(2);
        first.cancel(true);
        assertThat(provider.openConnections()).isEqualTo(1);
        assertThat(closed).isNotDone();
        second.cancel(true);
        assertThat(provider.openConnections()).isZero();
        assertThat(closed).isCompleted();
    }

    @Test
    void slowAnswersComeWhenVirtualTimeHasPassed() {
        provider.behave(Behaviour.status(503).slow(Duration.ofSeconds(3)));
        CompletableFuture<ProviderResponse> response = exchange();

        time.advance(Duration.ofSeconds(3).minusNanos(1));
        assertThat(response).isNotDone();
        assertThat(provider.openConnections()).isEqualTo(1);
        time.advance(Duration.ofNanos(1));

        assertThat(response.getNow(null).status()).isEqualTo(503);
        assertThat(provider.openConnections()).isZero();
    }

    @Test
    void aSlowAnswerHasTheKeysOfTheMomentWhenItWasAsked() {
        String before = provider.document();
        provider.behave(Behaviour.healthy().slow(Duration.ofSeconds(3)));
        CompletableFuture<ProviderResponse> response = exchange();

        provider.rotate();
        time.advance(Duration.ofSeconds(3));

        assertThat(text(response.getNow(null))).isEqualTo(before);
    }

    @Test
    void faultsCanBeSlowToo() {
        provider.behave(Behaviour.reset().slow(Duration.ofSeconds(2)));
        CompletableFuture<ProviderResponse> response = exchange();
        assertThat(response).isNotDone();

        time.advance(Duration.ofSeconds(2));

        assertThat(response).isCompletedExceptionally();
    }

    @Test
    void aDripTakesAsLongAsItsDrips() {
        provider.publish("{\"keys\":[ ]}");
        provider.behave(Behaviour.drip(5, Duration.ofSeconds(1)).slow(Duration.ofSeconds(10)));
        CompletableFuture<ProviderResponse> response = exchange();

        time.advance(Duration.ofSeconds(13).minusNanos(1));
        assertThat(response).isNotDone();
        time.advance(Duration.ofNanos(1));

        assertThat(text(response.getNow(null))).isEqualTo("{\"keys\":[ ]}");
    }

    @Test
    void aSlowAnswerThatIsGivenUpLeavesNothingBehind() {
        provider.behave(Behaviour.healthy().slow(Duration.ofSeconds(3)));
        CompletableFuture<ProviderResponse> response = exchange();
        assertThat(time.pendingTasks()).isEqualTo(1);

        response.cancel(true);

        assertThat(time.pendingTasks()).isZero();
        assertThat(provider.openConnections()).isZero();
    }

    @Test
    void theConnectionIsGoneBeforeAnybodyLearnsOfTheAnswer() {
        provider.behave(Behaviour.healthy().slow(Duration.ofSeconds(1)));
        List<Integer> open = new ArrayList<>();
        exchange().thenRun(() -> open.add(provider.openConnections()));
        provider.behave(Behaviour.reset().slow(Duration.ofSeconds(1)));
        exchange().exceptionally(failure -> {
            open.add(provider.openConnections());
            return null;
        });

        time.advance(Duration.ofSeconds(1));

        assertThat(open).containsExactly(1, 0);
    }

    @Test
    void shuttingDownTheSchedulerOfTheComponentUnderTestDoesNotSilenceTheProvider() {
        provider.behave(Behaviour.healthy().slow(Duration.ofSeconds(1)));
        CompletableFuture<ProviderResponse> response = exchange();

        time.scheduler().shutdownNow();
        time.advance(Duration.ofSeconds(1));

        assertThat(response).isCompleted();
    }

    @Test
    void closeReleasesWhatHangsAndRefusesWhatComes() {
        provider.behave(Behaviour.hangBeforeHeaders());
        CompletableFuture<ProviderResponse> hanging = exchange();
        provider.behave(Behaviour.healthy().slow(Duration.ofHours(1)));
        CompletableFuture<ProviderResponse> slow = exchange();
        CompletableFuture<RecordedRequest> next = provider.nextRequest();

        provider.close();
        provider.close();

        assertThat(hanging).failsWithin(Duration.ZERO).withThrowableThat().withCauseInstanceOf(SocketException.class);
        assertThat(slow).isCompletedExceptionally();
        assertThat(next).isCompletedExceptionally();
        assertThat(provider.openConnections()).isZero();
        assertThat(time.pendingTasks()).isZero();
        assertThat(exchange())
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withCauseInstanceOf(ConnectException.class);
        assertThat(provider.requestCount()).isEqualTo(2);
    }

    @Test
    void countedBehavioursQueueUpBeforeTheStandingOne() {
        provider.behave(Behaviour.status(500));
        provider.behave(Behaviour.status(501), 2);
        provider.behaveOnce(Behaviour.status(502));
        assertThat(provider.behaviour()).isEqualTo(Behaviour.status(501));

        assertThat(List.of(status(), status(), status(), status(), status())).containsExactly(501, 501, 502, 500, 500);
        assertThat(provider.behaviour()).isEqualTo(Behaviour.status(500));
    }

    @Test
    void aStandingBehaviourDropsTheCountedOnesThatAreLeft() {
        provider.behave(Behaviour.status(501), 2);

        provider.behave(Behaviour.status(500));

        assertThat(status()).isEqualTo(500);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> provider.behave(Behaviour.healthy(), 0))
                .withMessageContaining("at least 1, but is 0");
    }

    @Test
    void requestsAreRecordedInVirtualTime() {
        exchange();
        time.advance(Duration.ofSeconds(90));
        provider.behaveOnce(Behaviour.status(500));
        provider.exchange(Map.of("If-None-Match", List.of("\"x\"")));

        List<RecordedRequest> requests = provider.requests();
        assertThat(requests).extracting(RecordedRequest::sequence).containsExactly(1L, 2L);
        assertThat(requests)
                .extracting(RecordedRequest::when)
                .containsExactly(Instant.parse("2026-03-01T12:00:00Z"), Instant.parse("2026-03-01T12:01:30Z"));
        assertThat(requests.get(1).nanoTime() - requests.get(0).nanoTime())
                .isEqualTo(Duration.ofSeconds(90).toNanos());
        assertThat(requests)
                .extracting(RecordedRequest::behaviour)
                .containsExactly(Behaviour.healthy(), Behaviour.status(500));
        assertThat(requests).extracting(RecordedRequest::method).containsOnly("GET");
        assertThat(requests).extracting(RecordedRequest::path).containsOnly("/jwks.json");
        assertThat(requests.get(1).header("if-none-match")).isEqualTo("\"x\"");
        assertThat(requests.get(0).header("if-none-match")).isNull();
    }

    @Test
    void clearForgetsTheRecordsAndSequenceGoesOn() {
        exchange();

        provider.clearRequests();

        assertThat(provider.requests()).isEmpty();
        assertThat(provider.requestCount()).isZero();
        exchange();
        assertThat(provider.requests())
                .singleElement()
                .extracting(RecordedRequest::sequence)
                .isEqualTo(2L);
    }

    @Test
    void theRecordIsBoundedTheCountIsNot() {
        for (int i = 0; i < RequestLog.MAX_KEPT + 5; i++) {
            exchange();
        }

        assertThat(provider.requestCount()).isEqualTo(RequestLog.MAX_KEPT + 5);
        assertThat(provider.requests()).hasSize(RequestLog.MAX_KEPT);
        assertThat(provider.requests().get(0).sequence()).isEqualTo(6);
    }

    @Test
    void nextRequestCompletesOnArrivalBeforeTheAnswer() {
        provider.behave(Behaviour.hangBeforeHeaders());
        exchange();
        CompletableFuture<RecordedRequest> next = provider.nextRequest();
        assertThat(next).isNotDone();

        CompletableFuture<ProviderResponse> response = exchange();

        assertThat(next).isCompletedWithValueMatching(request -> request.sequence() == 2);
        assertThat(response).isNotDone();
    }

    @Test
    void whoeverSeesARequestArriveKnowsWhichKeysItsAnswerHas() {
        String before = provider.document();
        provider.nextRequest().thenRun(provider::rotate);

        assertThat(text(exchange().getNow(null))).isEqualTo(before);
        assertThat(provider.keys()).hasSize(2);
    }

    @Test
    void etagsAreStrongAndAnsweredWith304UntilTheKeysChange() {
        provider.behave(Behaviour.withEtag().cacheControl("max-age=60"));
        ProviderResponse first = exchange().getNow(null);
        String etag = requireNonNull(first.header("ETag"));
        assertThat(etag).matches("\"[0-9a-f]{32}\"");
        assertThat(first.header("Last-Modified")).isEqualTo("Sun, 01 Mar 2026 12:00:00 GMT");

        for (String match : List.of(etag, "\"other\", " + etag, "W/" + etag, "*")) {
            ProviderResponse again = conditional("If-None-Match", match);
            assertThat(again.status()).as(match).isEqualTo(304);
            assertThat(again.body()).isEmpty();
            assertThat(again.header("ETag")).isEqualTo(etag);
            assertThat(again.header("Cache-Control")).isEqualTo("max-age=60");
            assertThat(again.header("Content-Type")).isNull();
        }
        assertThat(conditional("If-None-Match", "\"other\"").status()).isEqualTo(200);

        provider.rotate();
        ProviderResponse changed = conditional("If-None-Match", etag);
        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.header("ETag")).isNotEqualTo(etag);
    }

    @Test
    void aStaleIfModifiedSinceBesideIfNoneMatchDoesNotCount() {
        provider.behave(Behaviour.withEtag());

        ProviderResponse response = provider.exchange(Map.of(
                        "If-None-Match", List.of("\"other\""),
                        "If-Modified-Since", List.of("Sun, 01 Mar 2026 12:00:00 GMT")))
                .getNow(null);

        assertThat(response.status()).isEqualTo(200);
    }

    @Test
    void lastModifiedAloneRevalidatesByDate() {
        provider.behave(Behaviour.withLastModified());
        String modified = requireNonNull(exchange().getNow(null).header("Last-Modified"));

        assertThat(exchange().getNow(null).header("ETag")).isNull();
        assertThat(conditional("If-Modified-Since", modified).status()).isEqualTo(304);
        assertThat(conditional("If-Modified-Since", "Sun, 01 Mar 2026 11:59:59 GMT")
                        .status())
                .isEqualTo(200);
        assertThat(conditional("If-Modified-Since", "yesterday").status()).isEqualTo(200);
        List<Runnable> changes = List.of(
                provider::rotate,
                () -> provider.withdraw(provider.current("ES256")),
                () -> provider.withdraw(provider.current("ES256").kid()),
                () -> provider.publish("{}"),
                provider::publishKeys);
        for (Runnable change : changes) {
            time.advance(Duration.ofSeconds(5));
            change.run();
            assertThat(conditional("If-Modified-Since", modified).status()).isEqualTo(200);
            modified = requireNonNull(exchange().getNow(null).header("Last-Modified"));
            assertThat(conditional("If-Modified-Since", modified).status()).isEqualTo(304);
        }
    }

    @Test
    void aHealthyAnswerIgnoresConditions() {
        assertThat(conditional("If-None-Match", "*").status()).isEqualTo(200);
        assertThat(exchange().getNow(null).header("ETag")).isNull();
    }

    @Test
    void oversizeIsAValidDocumentOfExactlyThatSize() throws Exception {
        provider.behave(Behaviour.oversize(2_000_000));

        ProviderResponse response = exchange().getNow(null);

        assertThat(response.body()).hasSize(2_000_000);
        assertThat(JWKSet.parse(text(response)).getKeys()).hasSize(1);
    }

    @Test
    void responsesCannotBeChangedFromOutside() {
        ProviderResponse response = exchange().getNow(null);
        response.body()[0] = 'X';

        assertThat(text(response)).startsWith("{");
        assertThat(response.headers()).isUnmodifiable();
    }

    @Test
    void responsesAreEqualByTheirContent() {
        byte[] body = {1, 2, 3};
        ProviderResponse response = new ProviderResponse(200, Map.of("A", List.of("b")), body);

        assertThat(response)
                .isEqualTo(new ProviderResponse(200, Map.of("a", List.of("b")), body))
                .isNotEqualTo(new ProviderResponse(201, Map.of("A", List.of("b")), body))
                .isNotEqualTo(new ProviderResponse(200, Map.of("A", List.of("c")), body))
                .isNotEqualTo(new ProviderResponse(200, Map.of("A", List.of("b")), new byte[3]))
                .hasSameHashCodeAs(new ProviderResponse(200, Map.of("A", List.of("b")), body))
                .hasToString("200 {A=[b]} 3 bytes");
    }

    @Test
    void describesItself() {
        provider.behave(Behaviour.hangInBody());
        exchange();

        assertThat(provider)
                .hasToString("ScriptedProvider[https://provider.test/jwks.json, hang in body, 1 keys, 1 requests, "
                        + "1 open connections]");
    }

    private CompletableFuture<ProviderResponse> exchange() {
        return provider.exchange(Map.of());
    }

    private ProviderResponse conditional(String header, String value) {
        return provider.exchange(Map.of(header, List.of(value))).getNow(null);
    }

    private int status() {
        return exchange().getNow(null).status();
    }

    private static String text(ProviderResponse response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }
}
