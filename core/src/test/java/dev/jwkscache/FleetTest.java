package dev.jwkscache;

import static dev.jwkscache.Stage.ALG;
import static dev.jwkscache.Stage.COOLDOWN;
import static dev.jwkscache.Stage.FETCH_TIMEOUT;
import static dev.jwkscache.Stage.MAX_STALENESS;
import static dev.jwkscache.Stage.MILLI;
import static dev.jwkscache.Stage.REFRESH;
import static dev.jwkscache.Stage.kid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jwkscache.spi.StoredSnapshot;
import dev.jwkscache.spi.Turn;
import dev.jwkscache.spi.TurnRequest.Kind;
import dev.jwkscache.testkit.Behaviour;
import dev.jwkscache.testkit.SigningKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What one instance does with each word of its fleet, which is the test. */
class FleetTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    /** Longer than a fetch by two waits for the store, so that word of a failure comes before its end. */
    private static final Duration LEASE = FETCH_TIMEOUT.plusMillis(500);

    private static final long FIRST = 1_000_000_000_000_000L;

    private final ScriptedStore.Fleet fleet = new ScriptedStore.Fleet();
    private final Stage stage = new Stage(builder -> builder.store(fleet));
    private long generation = FIRST;

    @AfterEach
    void close() {
        stage.close();
    }

    @Test
    void itsTurnIsFetchedAndPublishedUnderTheGenerationOfTheTurn() {
        start();

        assertThat(stage.fetches()).isEqualTo(1);
        assertThat(fleet.lastRequest().kind()).isEqualTo(Kind.NEED);
        assertThat(fleet.lastRequest().known()).isZero();
        assertThat(fleet.lastPublished().generation()).isEqualTo(FIRST + 1);

        fleet.turns.add(granted());
        stage.time.advance(REFRESH);
        assertThat(fleet.lastRequest().kind()).isEqualTo(Kind.SCHEDULE);
        assertThat(fleet.lastRequest().known()).isEqualTo(FIRST + 1);
        assertThat(fleet.lastRequest().spacing()).isEqualTo(REFRESH);
        assertThat(fleet.lastRequest().lease()).isEqualTo(LEASE);
        assertThat(fleet.lastPublished().generation()).isEqualTo(FIRST + 2);
    }

    @Test
    void whatIsNewerIsTakenWithItsAgeAndWithoutAFetch() {
        start();
        SigningKey rotated = stage.provider.rotate(ALG);
        stage.time.advance(REFRESH.minus(MILLI));
        publishedElsewhere(Duration.ofSeconds(100));
        fleet.turns.add(new Turn.Newer(generation));
        stage.time.advance(MILLI);

        assertThat(stage.cache.get().kids()).contains(kid(rotated));
        assertThat(stage.fetches()).isEqualTo(1);
        assertThat(stage.cache.status().age()).contains(Duration.ofSeconds(100).plus(MILLI));
        assertThat(stage.cache.status().storedSets()).isEqualTo(1);

        fleet.turns.add(granted());
        stage.time.advance(REFRESH.minusSeconds(100).minusMillis(2));
        assertThat(stage.fetches()).isEqualTo(1);
        stage.time.advance(MILLI);
        assertThat(stage.fetches()).isEqualTo(2);
    }

    @Test
    void whatIsAnnouncedIsAtHandAtOnce() {
        start();
        SigningKey rotated = stage.provider.rotate(ALG);
        publishedElsewhere(Duration.ZERO);

        watcher().published(generation);

        assertThat(stage.cache.key(kid(rotated), ALG).kid()).isEqualTo(kid(rotated));
        assertThat(stage.fetches()).isEqualTo(1);
        assertThat(stage.events.refreshed.get(1).trigger()).isEqualTo(RefreshTrigger.STORE);
        assertThat(stage.events.refreshed.get(1).stored()).isTrue();
    }

    @Test
    void anAnnouncementOfWhatIsAtHandCostsNothing() {
        start();
        int loads = fleet.loads;

        watcher().published(FIRST + 1);

        assertThat(fleet.loads).isEqualTo(loads);
    }

    @Test
    void whatIsAnnouncedAndCannotBeLoadedAtOnceIsLoadedAMomentLater() {
        start();
        SigningKey rotated = stage.provider.rotate(ALG);
        publishedElsewhere(Duration.ZERO);
        fleet.fault = CompletableFuture::new;
        watcher().published(generation);
        stage.time.advance(Duration.ofMillis(250));
        fleet.fault = null;

        stage.time.advance(SECOND);

        assertThat(stage.cache.get().kids()).contains(kid(rotated));
        assertThat(stage.fetches()).isEqualTo(1);
    }

    @Test
    void whatIsAnnouncedDuringAFetchIsTakenAfterIt() {
        start();
        stage.provider.behave(Behaviour.healthy().slow(SECOND));
        fleet.turns.add(granted());
        CompletableFuture<JwkSet> manual = stage.cache.refresh();
        SigningKey rotated = stage.provider.rotate(ALG);
        publishedElsewhere(Duration.ZERO);
        watcher().published(generation);
        int loads = fleet.loads;

        stage.provider.behave(Behaviour.refuse());
        stage.time.advance(SECOND);

        assertThat(manual).isCompleted();
        assertThat(fleet.loads).isEqualTo(loads + 1);
        assertThat(stage.cache.status().state()).isEqualTo(CacheState.FRESH);
        assertThat(stage.cache.key(kid(rotated), ALG).kid()).isEqualTo(kid(rotated));
    }

    @Test
    void anAnnouncementThatCannotBeTakenIsNotLookedAtAgainAndAgain() {
        start();
        int loads = fleet.loads;
        fleet.kept = null;

        watcher().published(FIRST + 7);
        stage.time.advance(SECOND);

        assertThat(fleet.loads).isEqualTo(loads + 1);
        assertThat(stage.fetches()).isEqualTo(1);
    }

    /** Somebody else is at it: wait for what he brings, not for a fetch of one's own. */
    @ParameterizedTest
    @EnumSource
    void anUnknownKidWaitsForTheFetchThatAnotherInstanceIsMaking(Calling calling) {
        start();
        SigningKey rotated = stage.provider.rotate(ALG);
        fleet.turns.add(new Turn.Taken(FETCH_TIMEOUT));
        Calling.Attempt<VerificationKey> caller = calling.key(stage.cache, kid(rotated), ALG);
        assertThat(caller.waits()).isTrue();

        publishedElsewhere(Duration.ZERO);
        fleet.turns.add(new Turn.Newer(generation));
        watcher().published(generation);

        assertThat(caller.value().kid()).isEqualTo(kid(rotated));
        assertThat(stage.fetches()).isEqualTo(1);
    }

    /** What another instance had fetched before the token came may not have its key yet. */
    @ParameterizedTest
    @EnumSource
    void anUnknownKidThatIsNotInWhatWasTakenGetsAFetchOfItsOwn(Calling calling) {
        start();
        stage.time.advance(SECOND);
        publishedElsewhere(SECOND);
        SigningKey rotated = stage.provider.rotate(ALG);
        fleet.turns.add(new Turn.Newer(generation));
        fleet.turns.add(granted());

        assertThat(calling.key(stage.cache, kid(rotated), ALG).value().kid()).isEqualTo(kid(rotated));
        assertThat(stage.fetches()).isEqualTo(2);
        assertThat(fleet.lastRequest().kind()).isEqualTo(Kind.MISS);
        assertThat(fleet.lastRequest().spacing()).isEqualTo(COOLDOWN);
        assertThat(fleet.lastRequest().known()).isEqualTo(generation - 1);
    }

    @ParameterizedTest
    @EnumSource
    void theMissBudgetThatTheFleetHasSpentIsSpentHereToo(Calling calling) {
        start();
        fleet.turns.add(new Turn.Early(Duration.ofSeconds(6)));

        assertThat(calling.key(stage.cache, "forged", ALG).failure()).isInstanceOf(UnknownKeyException.class);
        int asked = fleet.requests.size();
        stage.time.advance(Duration.ofSeconds(6).minus(MILLI));
        assertThat(calling.key(stage.cache, "forged", ALG).failure()).isInstanceOf(UnknownKeyException.class);
        assertThat(fleet.requests).hasSize(asked);
        assertThat(stage.fetches()).isEqualTo(1);

        SigningKey rotated = stage.provider.rotate(ALG);
        stage.time.advance(MILLI);
        fleet.turns.add(granted());
        assertThat(calling.key(stage.cache, kid(rotated), ALG).value().kid()).isEqualTo(kid(rotated));
    }

    /** The flight began when the caller came, but nobody has looked at the provider for it. */
    @Test
    void aRefreshThatWasPutOffTellsNothingOfAnUnknownKid() {
        start();
        CompletableFuture<Turn> pending = new CompletableFuture<>();
        fleet.fault = () -> pending;
        stage.time.advance(REFRESH);
        SigningKey rotated = stage.provider.rotate(ALG);
        CompletableFuture<VerificationKey> key = stage.cache.keyAsync(kid(rotated), ALG);
        fleet.fault = null;
        fleet.turns.add(granted());

        pending.complete(new Turn.Early(Duration.ofSeconds(40)));

        assertThat(key).isCompletedWithValueMatching(found -> kid(rotated).equals(found.kid()));
        assertThat(fleet.lastRequest().kind()).isEqualTo(Kind.MISS);
    }

    @Test
    void aHolderThatDiesIsFollowedWhenItsTurnEnds() {
        start();
        fleet.turns.add(new Turn.Taken(FETCH_TIMEOUT));
        fleet.turns.add(granted());
        stage.time.advance(REFRESH.plus(FETCH_TIMEOUT));
        assertThat(stage.fetches()).isEqualTo(1);
        stage.time.advance(MILLI);
        assertThat(stage.fetches()).isEqualTo(2);
    }

    @Test
    void whoHasNoKeysEndsATurnThatLastsForHalfTheFetchTimeout() {
        fleet.turns.add(new Turn.Taken(FETCH_TIMEOUT));
        fleet.turns.add(granted());
        CompletableFuture<Void> started = stage.cache.startAsync();
        assertThat(fleet.lastRequest().takeover()).isEqualTo(FETCH_TIMEOUT.dividedBy(2));

        stage.time.advance(FETCH_TIMEOUT.dividedBy(2));
        assertThat(started).isNotDone();
        stage.time.advance(MILLI);
        assertThat(started).isCompleted();
        assertThat(stage.fetches()).isEqualTo(1);
    }

    /** A fleet that never lets anybody have his turn is no reason to wait for ever. */
    @Test
    void afterTwoTurnsOfWaitingItFetchesAloneIfItHasNoKeys() {
        fleet.standing = new Turn.Taken(SECOND);
        CompletableFuture<Void> started = stage.cache.startAsync();
        stage.time.advance(LEASE.multipliedBy(2));
        assertThat(stage.fetches()).isZero();
        stage.time.advance(SECOND);
        assertThat(stage.fetches()).isEqualTo(1);
        assertThat(started).isCompleted();
    }

    /** Where one turn after the other fails, all instances have waited since about the same moment. */
    @Test
    void afterTwoTurnsOfWaitingItComesBackLaterIfItHasKeys() {
        start();
        fleet.standing = new Turn.Taken(SECOND);
        stage.time.advance(REFRESH.plus(LEASE.multipliedBy(2)).plus(SECOND));
        assertThat(stage.fetches()).isEqualTo(1);
        int asked = fleet.requests.size();
        fleet.turns.add(granted());
        stage.time.advance(LEASE.plusSeconds(13));
        assertThat(fleet.requests).hasSize(asked);
        stage.time.advance(Duration.ofSeconds(2));
        assertThat(stage.fetches()).isEqualTo(2);
    }

    @Test
    void aRefreshThatIsTooEarlyForTheFleetComesBackLaterSpreadOverATenth() {
        start();
        fleet.turns.add(new Turn.Early(Duration.ofSeconds(40)));
        fleet.turns.add(granted());
        stage.time.advance(REFRESH.plusSeconds(55).minus(MILLI));
        assertThat(fleet.requests).hasSize(2);
        stage.time.advance(MILLI);
        assertThat(fleet.requests).hasSize(3);
        assertThat(stage.fetches()).isEqualTo(2);
    }

    @Test
    void aFailureOfAnotherInstanceIsOneHereTooAndCostsNoFetch() {
        start();
        fleet.turns.add(new Turn.Failing(3, "timeout", Duration.ofSeconds(20)));
        stage.time.advance(REFRESH);

        assertThat(stage.fetches()).isEqualTo(1);
        assertThat(stage.events.lastFailure().failures()).isEqualTo(3);
        assertThat(stage.events.lastFailure().failure().reason()).isEqualTo(FailureReason.FLEET);
        assertThat(stage.events.lastFailure().failure().detail())
                .isEqualTo("the fetch of another instance failed with timeout; the fleet tries again in 20 s");
        assertThat(stage.cache.status().nextAttempt())
                .contains(stage.time.wallClock().instant().plusSeconds(35));

        stage.provider.behave(Behaviour.refuse());
        fleet.turns.add(new Turn.Granted(++generation, 3));
        stage.time.advance(Duration.ofSeconds(35));
        assertThat(fleet.failures).singleElement().satisfies(failure -> {
            assertThat(failure.failures()).isEqualTo(4);
            assertThat(failure.reason()).isEqualTo("connect");
            assertThat(failure.pause()).isEqualTo(Duration.ofSeconds(4));
            assertThat(failure.quiet()).isZero();
        });
    }

    /** Without it, each new holder would begin at one second. */
    @Test
    void theBackOffOfAFleetGoesOnWhoeverHasTheTurn() {
        start();
        stage.provider.behave(Behaviour.tooManyRequests(Duration.ofSeconds(90)));
        fleet.turns.add(new Turn.Granted(++generation, 6));
        stage.time.advance(REFRESH);

        assertThat(fleet.failures).singleElement().satisfies(failure -> {
            assertThat(failure.failures()).isEqualTo(7);
            assertThat(failure.quiet()).isEqualTo(Duration.ofSeconds(90));
            assertThat(failure.pause()).isEqualTo(Duration.ofSeconds(90));
        });
    }

    @Test
    void aPurgeElsewhereTrustsNothingOlderAndTakesWhatComesAfterIt() {
        start();
        SigningKey rotated = stage.provider.rotate(ALG);
        stage.provider.withdraw(stage.provider.keys().get(0));
        StoredSnapshot old = fleet.lastPublished();
        long purge = ++generation;
        fleet.kept = old;
        fleet.turns.add(new Turn.Newer(old.generation()));
        fleet.turns.add(new Turn.Taken(FETCH_TIMEOUT));
        stage.provider.behave(Behaviour.hangBeforeHeaders());

        watcher().purged(purge);

        assertThat(stage.cache.status().state()).isEqualTo(CacheState.EMPTY);
        assertThat(stage.events.purged).hasSize(1);
        assertThat(fleet.lastRequest().kind()).isEqualTo(Kind.NEED);
        assertThat(fleet.lastRequest().known()).isEqualTo(purge);
        assertThat(fleet.purged).isEmpty();

        stage.time.advance(FETCH_TIMEOUT);
        publishedElsewhere(Duration.ZERO);
        fleet.standing = new Turn.Newer(generation);
        watcher().published(generation);
        stage.time.advance(REFRESH);
        assertThat(stage.cache.get().kids()).containsExactly(kid(rotated));
    }

    @Test
    void aPurgeElsewhereFromBeforeTheSetAtHandChangesNothing() {
        start();

        watcher().purged(FIRST);

        assertThat(stage.cache.status().state()).isEqualTo(CacheState.FRESH);
        assertThat(stage.events.purged).isEmpty();
    }

    @Test
    void aPurgeHereCoversEveryTurnUpToItsOwn() {
        start();
        fleet.turns.add(new Turn.Granted(FIRST + 50, 0));

        stage.cache.purge();

        assertThat(fleet.lastRequest().kind()).isEqualTo(Kind.MANUAL);
        assertThat(fleet.purged).containsExactly(FIRST + 49);
        assertThat(fleet.lastPublished().generation()).isEqualTo(FIRST + 50);
    }

    /** Every instance hears of a purge, also the one that asked for it and is fetching by now. */
    @Test
    void theEchoOfAPurgeDoesNotEndTheFetchThatFollowsIt() {
        start();
        stage.provider.behave(Behaviour.healthy().slow(SECOND));
        fleet.turns.add(new Turn.Granted(FIRST + 50, 0));
        stage.cache.purge();

        watcher().purged(FIRST + 49);
        stage.time.advance(SECOND);

        assertThat(stage.cache.get().size()).isEqualTo(1);
        assertThat(stage.fetches()).isEqualTo(2);
        assertThat(stage.events.purged).hasSize(1);
    }

    @Test
    void aPurgeElsewhereEndsAFetchFromBeforeIt() {
        start();
        stage.provider.behave(Behaviour.healthy().slow(SECOND));
        fleet.turns.add(granted());
        stage.cache.refresh();
        fleet.turns.add(new Turn.Granted(generation + 2, 0));

        watcher().purged(generation + 1);

        assertThat(stage.fetches()).isEqualTo(3);
        stage.time.advance(SECOND);
        assertThat(stage.cache.get().size()).isEqualTo(1);
        assertThat(fleet.lastPublished().generation()).isEqualTo(generation + 2);
    }

    @Test
    void withoutItsStoreAnInstanceFetchesAsIfItWereAlone() {
        start();
        fleet.fault = () -> CompletableFuture.failedFuture(new java.io.IOException("connection refused"));
        SigningKey rotated = stage.provider.rotate(ALG);

        assertThat(stage.cache.key(kid(rotated), ALG).kid()).isEqualTo(kid(rotated));
        stage.time.advance(REFRESH.multipliedBy(2));
        assertThat(stage.fetches()).isEqualTo(4);

        fleet.fault = null;
        generation += 10;
        fleet.turns.add(granted());
        stage.time.advance(REFRESH);
        assertThat(stage.fetches()).isEqualTo(5);
        assertThat(fleet.lastPublished().generation()).isEqualTo(generation);
    }

    /** All instances have taken the same set at the same moment; without their store they must not come at one moment. */
    @Test
    void aFleetThatLosesItsStoreScattersOnceWhileItsKeysAreFresh() {
        start();
        publishedElsewhere(Duration.ZERO);
        watcher().published(generation);
        assertThat(stage.cache.status().storedSets()).isEqualTo(1);
        fleet.fault = () -> CompletableFuture.failedFuture(new java.io.IOException("connection refused"));

        stage.time.advance(REFRESH);
        assertThat(stage.fetches()).isEqualTo(1);
        // Half of what is left of the time to live, as jitter stands in the middle: (600 - 300 - 30) / 2 and 15 s of
        // spread.
        stage.time.advance(Duration.ofSeconds(150).minus(MILLI));
        assertThat(stage.fetches()).isEqualTo(1);
        stage.time.advance(MILLI);
        assertThat(stage.fetches()).isEqualTo(2);
        assertThat(stage.cache.status().age()).contains(Duration.ZERO);

        stage.time.advance(REFRESH);
        assertThat(stage.fetches()).isEqualTo(3);
    }

    @Test
    void whoeverScattersTakesWhatIsPublishedMeanwhile() {
        start();
        publishedElsewhere(Duration.ZERO);
        watcher().published(generation);
        fleet.fault = () -> CompletableFuture.failedFuture(new java.io.IOException("connection refused"));
        stage.time.advance(REFRESH);
        SigningKey rotated = stage.provider.rotate(ALG);
        publishedElsewhere(Duration.ZERO);
        fleet.fault = null;

        watcher().published(generation);

        assertThat(stage.cache.get().kids()).contains(kid(rotated));
        assertThat(stage.fetches()).isEqualTo(1);
    }

    /** A store that says «later» for ever must not make keys expire whose provider is well. */
    @ParameterizedTest
    @EnumSource(PutOff.class)
    void aFleetThatOnlyEverPutsOffNeverLetsKeysExpire(PutOff how) {
        stage.random = 1;
        start();
        fleet.standing = how.turn;
        for (int i = 0; i < 3; i++) {
            stage.time.advance(MAX_STALENESS);
            assertThat(stage.cache.get().size()).isEqualTo(1);
        }
        assertThat(stage.fetches()).isEqualTo(4);
    }

    enum PutOff {
        TAKEN(new Turn.Taken(Duration.ofDays(365))),
        EARLY(new Turn.Early(Duration.ofDays(365))),
        FAILING(new Turn.Failing(1_000_000, "timeout", Duration.ofDays(365)));

        private final Turn turn;

        PutOff(Turn turn) {
            this.turn = turn;
        }
    }

    @Test
    void aTurnThatIsNotLaterThanWhatIsKnownIsNone() {
        start();
        fleet.turns.add(new Turn.Granted(FIRST, 0));
        stage.time.advance(REFRESH);

        assertThat(stage.fetches()).isEqualTo(2);
        assertThat(fleet.lastPublished().generation()).isEqualTo(FIRST + 2);
    }

    static Stream<Turn> nonsense() {
        return Stream.of(
                new Turn.Taken(null),
                new Turn.Taken(Duration.ofSeconds(-1)),
                new Turn.Early(null),
                new Turn.Early(Duration.ofSeconds(Long.MIN_VALUE)),
                new Turn.Failing(-1, null, null),
                new Turn.Failing(Integer.MAX_VALUE, "x".repeat(100_000), Duration.ofSeconds(Long.MAX_VALUE)));
    }

    /** A store is anybody's code: whatever it answers, the flight ends and the schedule goes on. */
    @ParameterizedTest
    @MethodSource("nonsense")
    void nonsenseOfAStoreEndsNoSchedule(Turn nonsense) {
        start();
        fleet.standing = nonsense;
        for (int i = 0; i < 12; i++) {
            stage.time.advance(REFRESH);
            assertThat(stage.cache.get().size()).isEqualTo(1);
        }
        assertThat(stage.time.failures()).isEmpty();
        assertThat(stage.fetches()).isGreaterThan(1);
    }

    @Test
    void theWatchEndsWithTheCache() {
        stage.cache.close();
        assertThat(fleet.watchClosed).isTrue();
    }

    @Test
    void aShorterIntervalThatTheProviderWishesIsThatOfTheFleet() {
        stage.provider.behave(Behaviour.healthy().cacheControl("max-age=60"));
        start();
        fleet.turns.add(granted());
        stage.time.advance(Duration.ofSeconds(60));

        assertThat(fleet.lastRequest().spacing()).isEqualTo(Duration.ofSeconds(60));
        assertThat(stage.fetches()).isEqualTo(2);
    }

    @Test
    void aKeylessCallerIsToldWhatTheFleetFailsWith() {
        fleet.turns.add(new Turn.Failing(2, "connect", Duration.ofSeconds(8)));

        assertThatThrownBy(stage.cache::get)
                .isInstanceOf(KeysUnavailableException.class)
                .hasMessageContaining("2 fetches failed since")
                .hasMessageContaining("fleet: the fetch of another instance failed with connect");
        assertThat(stage.fetches()).isZero();
    }

    private void start() {
        fleet.turns.add(granted());
        stage.cache.start();
    }

    private Turn granted() {
        return new Turn.Granted(++generation, 0);
    }

    private dev.jwkscache.spi.SnapshotStore.Watcher watcher() {
        return java.util.Objects.requireNonNull(fleet.watcher);
    }

    /** What the provider publishes now, as another instance fetched it so long ago. */
    private void publishedElsewhere(Duration ago) {
        fleet.kept = new StoredSnapshot(
                stage.provider.jwksUri(),
                stage.provider.document().getBytes(StandardCharsets.UTF_8),
                null,
                null,
                stage.time.wallClock().instant().minus(ago),
                ++generation);
    }
}
