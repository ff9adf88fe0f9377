package dev.jwkscache;

import static dev.jwkscache.Stage.ALG;
import static dev.jwkscache.Stage.REFRESH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jwkscache.spi.OriginResponse;
import dev.jwkscache.testkit.Behaviour;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Withdrawal, refresh() and purge(). */
class ManualRefreshTest {

    @Test
    void aWithdrawnKeyIsRefusedAfterTheRefreshThatMissesIt() {
        try (Stage stage = Stage.started()) {
            String withdrawn = stage.kid();
            stage.provider.rotate(ALG);
            stage.provider.withdraw(withdrawn);
            assertThat(stage.cache.key(withdrawn, ALG)).isNotNull();

            stage.time.advance(REFRESH);

            assertThatThrownBy(() -> stage.cache.key(withdrawn, ALG)).isInstanceOf(UnknownKeyException.class);
            assertThat(stage.events.refreshed.get(1).change().removed())
                    .singleElement()
                    .satisfies(key -> assertThat(key.kid()).contains(withdrawn));
        }
    }

    @Test
    void manualRefreshesAreCoalescedAndEachIsAnsweredByAFetchSentAfterIt() {
        try (Stage stage = Stage.started()) {
            int before = stage.fetches();
            stage.time.advance(Duration.ofSeconds(2));
            stage.provider.behave(Behaviour.healthy().slow(Duration.ofMillis(100)));
            List<CompletableFuture<JwkSet>> calls = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                calls.add(stage.cache.refresh());
            }
            stage.time.advance(Duration.ofMillis(50));
            String withdrawn = stage.kid();
            stage.provider.rotate(ALG);
            stage.provider.withdraw(withdrawn);
            List<CompletableFuture<JwkSet>> later = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                later.add(stage.cache.refresh());
            }
            stage.time.advance(Duration.ofSeconds(2));

            assertThat(calls).allMatch(CompletableFuture::isDone);
            assertThat(later).allSatisfy(call -> assertThat(call.join().kids()).doesNotContain(withdrawn));
            assertThat(stage.fetches() - before).isEqualTo(2);
        }
    }

    @Test
    void aManualRefreshRunsAlsoDuringCooldownAndBackOff() {
        try (Stage stage = Stage.started()) {
            assertThatThrownBy(() -> stage.cache.key("forged", ALG)).isInstanceOf(UnknownKeyException.class);
            stage.provider.behave(Behaviour.refuse());
            stage.time.advance(REFRESH.plusSeconds(60));
            assertThatThrownBy(() -> stage.cache.key("forged", ALG)).isInstanceOf(UnknownKeyException.class);
            stage.provider.behave(Behaviour.healthy());

            assertThat(stage.cache.refresh()).isCompleted();
            assertThat(stage.cache.status().state()).isEqualTo(CacheState.FRESH);
        }
    }

    @Test
    void purgeTrustsNothingUntilANewSetIsLoaded() {
        try (Stage stage = Stage.started()) {
            stage.time.advance(Duration.ofSeconds(2));
            stage.provider.behave(Behaviour.healthy().slow(Duration.ofSeconds(1)));
            stage.time.suspend(Stage.TTL);
            stage.cache.get();
            int before = stage.fetches();
            String compromised = stage.kid();

            stage.cache.purge();

            assertThat(stage.cache.status().state()).isEqualTo(CacheState.EMPTY);
            assertThat(stage.events.purged).hasSize(1);
            var waiting = Calling.ASYNC.key(stage.cache, compromised, ALG);
            assertThat(waiting.waits()).isTrue();
            stage.provider.rotate(ALG);
            stage.provider.withdraw(compromised);
            stage.time.advance(Duration.ofMillis(500));
            assertThat(stage.cache.status().state()).isEqualTo(CacheState.EMPTY);
            stage.time.advance(Duration.ofMillis(500));
            assertThat(stage.fetches()).isGreaterThan(before);
            assertThat(stage.lastRequest().header("If-None-Match")).isNull();
            stage.time.advance(Duration.ofSeconds(3));
            stage.cache.refresh();
            stage.time.advance(Duration.ofSeconds(3));
            stage.provider.behave(Behaviour.healthy());
            assertThatThrownBy(() -> stage.cache.key(compromised, ALG)).isInstanceOf(UnknownKeyException.class);
        }
    }

    @Test
    void aFetchFromBeforeAPurgeCountsForNothing() {
        List<CompletableFuture<OriginResponse>> exchanges = new ArrayList<>();
        try (Stage stage = new Stage(builder -> builder.origin(request -> {
            exchanges.add(new CompletableFuture<>());
            return exchanges.get(exchanges.size() - 1);
        }))) {
            var caller = Calling.ASYNC.key(stage.cache, stage.kid(), ALG);
            stage.cache.purge();
            exchanges.get(0).complete(document(stage));

            assertThat(exchanges.get(0)).isCancelled();
            assertThat(caller.waits()).isTrue();
            assertThat(stage.cache.status().state()).isEqualTo(CacheState.EMPTY);
            exchanges.get(1).complete(document(stage));
            assertThat(caller.value().kid()).isEqualTo(stage.kid());
        }
    }

    private static OriginResponse document(Stage stage) {
        return new OriginResponse(
                200, java.util.Map.of(), stage.provider.document().getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
}
