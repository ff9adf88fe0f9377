package dev.jwkscache;

import static dev.jwkscache.Stage.ALG;
import static dev.jwkscache.Stage.MAX_STALENESS;
import static dev.jwkscache.Stage.MILLI;
import static dev.jwkscache.Stage.REFRESH;
import static dev.jwkscache.Stage.kid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jwkscache.spi.RefusedSnapshotException;
import dev.jwkscache.spi.SnapshotRefusal;
import dev.jwkscache.spi.StoredSnapshot;
import dev.jwkscache.testkit.Behaviour;
import dev.jwkscache.testkit.SigningKey;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What survives a restart, and what of it is believed. */
class StoreTest {
    private static final Duration OLD = Duration.ofMinutes(20);

    private final ScriptedStore store = new ScriptedStore();
    private final Stage stage = new Stage(builder -> builder.store(store));

    @AfterEach
    void close() {
        stage.close();
    }

    @Test
    void aStartDuringAnOutageHasKeysAtOnceAndTheyHaveKeptTheirAge() {
        stage.cache.start();
        String kid = stage.kid();
        stage.provider.behave(Behaviour.refuse());
        stage.time.advance(OLD);
        stage.cache.close();

        JwksCache restarted = restart();
        restarted.start();

        assertThat(restarted.key(kid, ALG).kid()).isEqualTo(kid);
        assertThat(restarted.status().age()).contains(OLD);
        assertThat(restarted.status().state()).isEqualTo(CacheState.STALE);
        assertThat(restarted.status().storedSets()).isEqualTo(1);
        stage.time.advance(MAX_STALENESS.minus(OLD));
        assertThat(restarted.key(kid, ALG).kid()).isEqualTo(kid);
        stage.time.advance(MILLI);
        assertThatThrownBy(() -> restarted.key(kid, ALG)).isInstanceOf(KeysExpiredException.class);
        restarted.close();
    }

    @Test
    void aStartWithAStoredSetCostsNoFetchUntilThatSetIsDue() {
        stage.cache.start();
        stage.time.advance(Duration.ofSeconds(100));
        stage.cache.close();

        JwksCache restarted = restart();
        restarted.start();

        assertThat(stage.fetches()).isEqualTo(1);
        stage.time.advance(REFRESH.minusSeconds(100).minus(MILLI));
        assertThat(stage.fetches()).isEqualTo(1);
        stage.time.advance(MILLI);
        assertThat(stage.fetches()).isEqualTo(2);
        assertThat(stage.events.refreshed)
                .extracting(JwksCacheListener.Refreshed::stored)
                .containsExactly(false, true, false);
        restarted.close();
    }

    @Test
    void aStoredSetThatIsDueIsServedAtOnceAndRefreshedInTheBackground() {
        stage.cache.start();
        stage.cache.close();
        stage.time.advance(OLD);
        SigningKey rotated = stage.provider.rotate(ALG);
        stage.provider.behave(Behaviour.healthy().slow(Duration.ofSeconds(1)));

        JwksCache restarted = restart();
        restarted.start();

        assertThat(restarted.get().kids()).doesNotContain(kid(rotated));
        stage.time.advance(Duration.ofSeconds(1));
        assertThat(restarted.get().kids()).contains(kid(rotated));
        restarted.close();
    }

    @Test
    void whatIsKeptIsTheDocumentToTheByteWithItsValidatorsAndWhenItsRequestWasSent() {
        stage.provider.behave(Behaviour.withEtag().slow(Duration.ofSeconds(1)));
        Instant sent = stage.time.wallClock().instant();
        stage.cache.startAsync();
        stage.time.advance(Duration.ofSeconds(1));

        assertThat(store.published).hasSize(1);
        StoredSnapshot kept = store.lastPublished();
        assertThat(kept.document()).isEqualTo(stage.provider.document().getBytes(StandardCharsets.UTF_8));
        assertThat(kept.etag()).startsWith("\"");
        assertThat(kept.fetchedAt()).isEqualTo(sent);
        assertThat(kept.address()).isEqualTo(stage.provider.jwksUri());
    }

    @Test
    void aConfirmedSetIsKeptAgainWithItsNewAgeAlsoAfterARestart() {
        stage.provider.behave(Behaviour.withEtag());
        stage.cache.start();
        StoredSnapshot first = store.lastPublished();
        stage.cache.close();

        JwksCache restarted = restart();
        restarted.start();
        stage.time.advance(REFRESH);

        assertThat(stage.lastRequest().header("If-None-Match")).isEqualTo(first.etag());
        assertThat(store.published).hasSize(2);
        assertThat(store.lastPublished().document()).isEqualTo(first.document());
        assertThat(store.lastPublished().fetchedAt())
                .isEqualTo(first.fetchedAt().plus(REFRESH));
        assertThat(store.lastPublished().generation()).isGreaterThan(first.generation());
        restarted.close();
    }

    static Stream<Refused> refused() {
        return Stream.of(
                new Refused(
                        SnapshotRefusal.TOO_OLD,
                        good -> changed(good, -MAX_STALENESS.plus(MILLI).toMillis())),
                new Refused(SnapshotRefusal.FUTURE, good -> changed(good, 1)),
                new Refused(
                        SnapshotRefusal.ADDRESS,
                        good -> new StoredSnapshot(
                                URI.create("https://other.example/jwks"),
                                good.document(),
                                null,
                                null,
                                good.fetchedAt(),
                                1)),
                new Refused(
                        SnapshotRefusal.DOCUMENT,
                        good -> new StoredSnapshot(
                                good.address(),
                                "{\"keys\":[]}".getBytes(StandardCharsets.UTF_8),
                                null,
                                null,
                                good.fetchedAt(),
                                1)),
                new Refused(
                        SnapshotRefusal.DOCUMENT,
                        good -> new StoredSnapshot(
                                good.address(), new byte[(1 << 20) + 1], null, null, good.fetchedAt(), 1)));
    }

    /** A stored snapshot with a fault that a cache itself has to find. */
    record Refused(SnapshotRefusal reason, java.util.function.UnaryOperator<StoredSnapshot> fault) {}

    private static StoredSnapshot changed(StoredSnapshot good, long millis) {
        return new StoredSnapshot(
                good.address(), good.document(), null, null, good.fetchedAt().plusMillis(millis), good.generation());
    }

    @ParameterizedTest
    @MethodSource("refused")
    void whatIsKeptIsRefusedAndCountedByReasonAndThenFetched(Refused refused) {
        stage.cache.start();
        stage.cache.close();
        store.kept = refused.fault().apply(store.lastPublished());

        JwksCache restarted = restart();
        restarted.start();

        assertThat(restarted.status().refusedSnapshots()).isEqualTo(Map.of(refused.reason(), 1L));
        assertThat(stage.events.refused).containsExactly(refused.reason());
        assertThat(stage.fetches()).isEqualTo(2);
        assertThat(restarted.status().storedSets()).isZero();
        restarted.close();
    }

    /** A clock that was set back would otherwise keep a store from keeping anything until it has caught up. */
    @Test
    void whatIsPublishedIsLaterThanWhatWasRefused() {
        stage.cache.start();
        stage.cache.close();
        store.kept = changed(store.lastPublished(), Duration.ofDays(1).toMillis());
        stage.time.leapWall(Duration.ofHours(-1));

        JwksCache restarted = restart();
        restarted.start();

        assertThat(restarted.status().refusedSnapshots()).containsOnlyKeys(SnapshotRefusal.FUTURE);
        assertThat(store.published).hasSize(2);
        assertThat(store.lastPublished().generation())
                .isGreaterThan(store.published.get(0).generation());
        restarted.close();
    }

    @Test
    void aSetOfExactlyMaxStalenessIsStillTakenAndOneThatWasFetchedNowToo() {
        stage.cache.start();
        stage.cache.close();
        stage.provider.behave(Behaviour.refuse());
        JwksCache now = restart();
        now.start();
        assertThat(now.status().age()).contains(Duration.ZERO);
        now.close();

        stage.time.advance(MAX_STALENESS);
        JwksCache late = restart();
        late.start();
        assertThat(late.status().age()).contains(MAX_STALENESS);
        late.close();
    }

    @Test
    void whatAStoreRefusesItselfIsCountedAndNoFailureOfTheStore() {
        store.fault = () -> CompletableFuture.failedFuture(
                new RefusedSnapshotException(SnapshotRefusal.ALTERED, "its seal is broken"));

        stage.cache.start();

        assertThat(stage.cache.status().refusedSnapshots()).isEqualTo(Map.of(SnapshotRefusal.ALTERED, 1L));
        assertThat(stage.events.storeErrors).isEmpty();
        assertThat(stage.fetches()).isEqualTo(1);
    }

    static Stream<Supplier<CompletableFuture<?>>> faults() {
        return Stream.of(
                () -> CompletableFuture.failedFuture(new java.io.IOException("disk full")),
                () -> {
                    throw new IllegalStateException("no store today");
                },
                () -> {
                    throw Stage.<RuntimeException>sneaky(new Exception("checked"));
                },
                () -> {
                    throw new StackOverflowError();
                },
                () -> null,
                () -> CompletableFuture.completedFuture(null));
    }

    /** Whatever a store does, it costs neither a key nor the schedule. */
    @ParameterizedTest
    @MethodSource("faults")
    void aStoreThatFailsIsAsNoStore(Supplier<CompletableFuture<?>> fault) {
        store.fault = fault;
        stage.cache.start();
        SigningKey rotated = stage.provider.rotate(ALG);

        assertThat(stage.cache.key(kid(rotated), ALG).kid()).isEqualTo(kid(rotated));
        stage.time.advance(REFRESH.multipliedBy(3));
        assertThat(stage.fetches()).isEqualTo(5);
        assertThat(stage.cache.status().failedRefreshes()).isZero();
    }

    @Test
    void aStoreThatHangsHoldsUpOneFetchForStoreWaitAndThenNone() {
        stage.cache.start();
        store.fault = CompletableFuture::new;
        stage.cache.purge();
        assertThat(stage.fetches()).isEqualTo(1);
        stage.time.advance(Duration.ofMillis(249));
        assertThat(stage.fetches()).isEqualTo(1);
        stage.time.advance(MILLI);
        assertThat(stage.fetches()).isEqualTo(2);
        assertThat(stage.cache.get().size()).isEqualTo(1);
        assertThat(stage.events.storeErrors)
                .singleElement()
                .asString()
                .isEqualTo("no answer from the store within 0.25 s");

        stage.time.advance(Duration.ofSeconds(1));
        stage.cache.purge();
        assertThat(stage.fetches()).isEqualTo(3);
    }

    /** It has to connect first; a fleet that starts would otherwise fetch as many times as it has instances. */
    @Test
    void theFirstQuestionWaitsForAStoreUpToHalfTheFetchTimeout() {
        store.fault = CompletableFuture::new;
        CompletableFuture<Void> started = stage.cache.startAsync();
        stage.time.advance(Duration.ofMillis(2499));
        assertThat(stage.fetches()).isZero();
        stage.time.advance(MILLI);
        assertThat(stage.fetches()).isEqualTo(1);
        assertThat(started).isCompleted();
    }

    @Test
    void aStoreThatWorksAgainIsToldOfOnceAndUsedAgain() {
        store.fault = CompletableFuture::new;
        stage.cache.startAsync();
        stage.time.advance(Duration.ofSeconds(3));
        int failures = stage.events.storeErrors.size();
        assertThat(failures).isEqualTo(2).isEqualTo((int) stage.cache.status().storeFailures());

        store.fault = null;
        stage.time.advance(REFRESH.multipliedBy(2));

        assertThat(stage.events.storeRecovered).containsExactly(stage.provider.jwksUri());
        assertThat(store.published).hasSize(2);
        assertThat(stage.events.storeErrors).hasSize(failures);
    }

    @Test
    void whatWasPurgedNeverComesBackAlsoWhenTheStoreCouldNotBeTold() {
        stage.cache.start();
        StoredSnapshot before = store.lastPublished();
        store.fault = () -> CompletableFuture.failedFuture(new java.io.IOException("read-only"));
        stage.provider.behave(Behaviour.refuse());
        stage.cache.purge();
        assertThat(store.purged).isEmpty();

        store.fault = null;
        store.kept = before;
        stage.time.advance(Duration.ofSeconds(1));
        assertThatThrownBy(stage.cache::get).isInstanceOf(KeysUnavailableException.class);
        assertThat(store.purged)
                .singleElement()
                .satisfies(generation -> assertThat(generation).isGreaterThanOrEqualTo(before.generation()));

        assertThat(stage.cache.status().refusedSnapshots()).containsOnlyKeys(SnapshotRefusal.PURGED);

        stage.provider.behave(Behaviour.healthy());
        stage.time.advance(REFRESH);
        assertThat(stage.cache.get().size()).isEqualTo(1);
        assertThat(store.purged).hasSize(1);
        assertThat(store.lastPublished().generation()).isGreaterThan(store.purged.get(0));
    }

    @Test
    void aPurgeReachesTheStoreBeforeTheFetchThatFollows() {
        stage.cache.start();
        stage.provider.behave(Behaviour.hangBeforeHeaders());

        stage.cache.purge();

        assertThat(store.purged).hasSize(1);
        assertThat(store.kept).isNull();
    }

    private JwksCache restart() {
        return stage.another(builder -> builder.store(store));
    }
}
