package dev.jwkscache.redis;

import static dev.jwkscache.redis.Fleet.ADDRESS;
import static dev.jwkscache.redis.Fleet.LEASE;
import static dev.jwkscache.redis.Fleet.failure;
import static dev.jwkscache.redis.Fleet.granted;
import static dev.jwkscache.redis.Fleet.now;
import static dev.jwkscache.redis.Fleet.snapshot;
import static dev.jwkscache.redis.Fleet.wish;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jwkscache.real.Eventually;
import dev.jwkscache.spi.FleetStore;
import dev.jwkscache.spi.StoredSnapshot;
import dev.jwkscache.spi.Turn;
import dev.jwkscache.spi.TurnRequest;
import dev.jwkscache.spi.TurnRequest.Kind;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What every fleet store does for the instances that share it, by its own clock. Two stores stand for two instances; nothing
 * is kept at the beginning.
 */
abstract class FleetStoreContract {
    private static final URI OTHER = URI.create("https://other.example/jwks");
    private static final Duration AWHILE = Duration.ofHours(1);
    private static final Duration MOMENT = Duration.ofMillis(40);

    abstract FleetStore here();

    abstract FleetStore there();

    /** Lets that much time pass on the clock of the store. */
    abstract void pass(Duration time) throws Exception;

    @Test
    void nothingIsKeptAtFirst() throws Exception {
        assertThat(now(here().load(ADDRESS))).isEmpty();
    }

    @Test
    void whatIsPublishedHereIsLoadedThereWithoutBecomingYounger() throws Exception {
        StoredSnapshot published = snapshot(granted(here().turn(ADDRESS, wish(Kind.NEED, 0))));
        now(here().publish(published));

        StoredSnapshot loaded = now(there().load(ADDRESS)).orElseThrow();

        assertThat(loaded.document()).isEqualTo(published.document());
        assertThat(loaded.etag()).isEqualTo(published.etag());
        assertThat(loaded.lastModified()).isNull();
        assertThat(loaded.generation()).isEqualTo(published.generation());
        assertThat(loaded.fetchedAt()).isBeforeOrEqualTo(published.fetchedAt());
        assertThat(loaded.fetchedAt()).isAfter(published.fetchedAt().minusSeconds(10));
        assertThat(now(there().load(OTHER))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"SCHEDULE", "NEED", "MISS"})
    void whileOneHasTheTurnNobodyElseGetsOne(Kind kind) throws Exception {
        granted(here().turn(ADDRESS, wish(Kind.NEED, 0)));

        assertThat(now(there().turn(ADDRESS, wish(kind, 0)))).isInstanceOfSatisfying(Turn.Taken.class, taken -> {
            assertThat(taken.remaining()).isPositive().isLessThanOrEqualTo(LEASE);
        });
        granted(there().turn(OTHER, wish(kind, 0)));
    }

    @Test
    void aHumanGetsTheTurnThoughSomebodyHasIt() throws Exception {
        long first = granted(here().turn(ADDRESS, wish(Kind.SCHEDULE, 0)));

        assertThat(granted(there().turn(ADDRESS, wish(Kind.MANUAL, 0)))).isGreaterThan(first);
    }

    @Test
    void whatWasPublishedIsTakenInsteadOfFetched() throws Exception {
        long generation = granted(here().turn(ADDRESS, wish(Kind.NEED, 0)));
        now(here().publish(snapshot(generation)));

        for (Kind kind : List.of(Kind.SCHEDULE, Kind.NEED, Kind.MISS)) {
            assertThat(now(there().turn(ADDRESS, wish(kind, generation - 1)))).isEqualTo(new Turn.Newer(generation));
        }
        assertThat(granted(there().turn(ADDRESS, wish(Kind.MANUAL, 0)))).isGreaterThan(generation);
    }

    @Test
    void thereIsOneTurnForEachInterval() throws Exception {
        long generation = granted(here().turn(ADDRESS, wish(Kind.SCHEDULE, 0)));
        now(here().publish(snapshot(generation)));

        assertThat(now(there().turn(ADDRESS, wish(Kind.SCHEDULE, generation)))).isInstanceOf(Turn.Early.class);
        pass(MOMENT);
        TurnRequest hasty = new TurnRequest(Kind.SCHEDULE, generation, LEASE, MOMENT, LEASE);
        assertThat(granted(there().turn(ADDRESS, hasty))).isGreaterThan(generation);
    }

    @Test
    void whoeverIsInNeedDoesNotWaitForTheInterval() throws Exception {
        long generation = granted(here().turn(ADDRESS, wish(Kind.SCHEDULE, 0)));
        now(here().publish(snapshot(generation)));

        granted(there().turn(ADDRESS, wish(Kind.NEED, generation)));
    }

    @Test
    void allShareOneMissBudget() throws Exception {
        long generation = granted(here().turn(ADDRESS, wish(Kind.MISS, 0)));
        now(here().publish(snapshot(generation)));

        assertThat(now(there().turn(ADDRESS, wish(Kind.MISS, generation))))
                .isInstanceOfSatisfying(
                        Turn.Early.class, early -> assertThat(early.remaining()).isPositive());
        granted(there().turn(ADDRESS, wish(Kind.NEED, generation)));
    }

    @Test
    void theMissBudgetComesBack() throws Exception {
        long generation = granted(here().turn(ADDRESS, wish(Kind.MISS, 0)));
        now(here().publish(snapshot(generation)));
        pass(MOMENT);

        granted(there().turn(ADDRESS, new TurnRequest(Kind.MISS, generation, LEASE, MOMENT, LEASE)));
    }

    @Test
    void theScheduleSpendsNoMissBudget() throws Exception {
        long generation = granted(here().turn(ADDRESS, wish(Kind.SCHEDULE, 0)));
        now(here().publish(snapshot(generation)));

        granted(there().turn(ADDRESS, wish(Kind.MISS, generation)));
    }

    @Test
    void aTurnEndsByItself() throws Exception {
        long lost = granted(here().turn(ADDRESS, new TurnRequest(Kind.NEED, 0, MOMENT, MOMENT, LEASE)));
        pass(MOMENT);

        assertThat(granted(there().turn(ADDRESS, wish(Kind.NEED, 0)))).isGreaterThan(lost);
    }

    @Test
    void whoeverIsKeptWaitingTakesOver() throws Exception {
        long slow = granted(here().turn(ADDRESS, wish(Kind.SCHEDULE, 0)));
        pass(MOMENT);

        assertThat(now(there().turn(ADDRESS, wish(Kind.NEED, 0)))).isInstanceOf(Turn.Taken.class);
        TurnRequest waiting = new TurnRequest(Kind.NEED, 0, LEASE, Duration.ZERO, MOMENT);
        assertThat(granted(there().turn(ADDRESS, waiting))).isGreaterThan(slow);
    }

    @Test
    void theOneWhoWasOvertakenDoesNotReplaceWhatTheOtherPublished() throws Exception {
        long slow = granted(here().turn(ADDRESS, wish(Kind.SCHEDULE, 0)));
        long fast = granted(there().turn(ADDRESS, wish(Kind.MANUAL, 0)));
        now(there().publish(snapshot(fast)));

        now(here().publish(snapshot(slow)));

        assertThat(now(here().load(ADDRESS)).orElseThrow().generation()).isEqualTo(fast);
    }

    @Test
    void whatComesLateIsKeptUntilTheNewerOneIsThere() throws Exception {
        long slow = granted(here().turn(ADDRESS, wish(Kind.SCHEDULE, 0)));
        long fast = granted(there().turn(ADDRESS, wish(Kind.MANUAL, 0)));

        now(here().publish(snapshot(slow)));
        assertThat(now(there().load(ADDRESS)).orElseThrow().generation()).isEqualTo(slow);
        now(there().publish(snapshot(fast)));

        assertThat(now(here().load(ADDRESS)).orElseThrow().generation()).isEqualTo(fast);
    }

    @Test
    void publishingTwiceChangesNothing() throws Exception {
        long generation = granted(here().turn(ADDRESS, wish(Kind.SCHEDULE, 0)));
        StoredSnapshot first = snapshot(generation);
        now(here().publish(first));
        now(here().publish(new StoredSnapshot(ADDRESS, new byte[1], null, null, first.fetchedAt(), generation)));

        assertThat(now(there().load(ADDRESS)).orElseThrow().document()).isEqualTo(first.document());
    }

    @Test
    void whoeverFetchedAloneMayPublish() throws Exception {
        now(here().publish(snapshot(7)));

        assertThat(now(there().load(ADDRESS)).orElseThrow().generation()).isEqualTo(7);
    }

    @Test
    void aFailureMakesAllPause() throws Exception {
        long generation = granted(here().turn(ADDRESS, wish(Kind.SCHEDULE, 0)));
        now(here().failed(ADDRESS, generation, failure(AWHILE, Duration.ZERO)));

        for (Kind kind : List.of(Kind.SCHEDULE, Kind.NEED)) {
            assertThat(now(there().turn(ADDRESS, wish(kind, 0))))
                    .isInstanceOfSatisfying(Turn.Failing.class, failing -> {
                        assertThat(failing.failures()).isEqualTo(2);
                        assertThat(failing.reason()).isEqualTo("timeout");
                        assertThat(failing.remaining()).isPositive().isLessThanOrEqualTo(AWHILE);
                    });
        }
    }

    @Test
    void aMissAndAHumanDoNotPause() throws Exception {
        long generation = granted(here().turn(ADDRESS, wish(Kind.SCHEDULE, 0)));
        now(here().failed(ADDRESS, generation, failure(AWHILE, Duration.ZERO)));

        granted(there().turn(ADDRESS, wish(Kind.MISS, 0)));
        granted(there().turn(ADDRESS, wish(Kind.MANUAL, 0)));
    }

    @Test
    void thePauseEnds() throws Exception {
        long generation = granted(here().turn(ADDRESS, wish(Kind.SCHEDULE, 0)));
        now(here().failed(ADDRESS, generation, failure(MOMENT, MOMENT)));
        pass(MOMENT);

        granted(there().turn(ADDRESS, wish(Kind.SCHEDULE, 0)));
    }

    @ParameterizedTest
    @EnumSource
    void aProviderThatWantsQuietGetsItFromAll(Kind kind) throws Exception {
        long generation = granted(here().turn(ADDRESS, wish(Kind.NEED, 0)));
        now(here().failed(ADDRESS, generation, failure(MOMENT, AWHILE)));
        pass(MOMENT);

        assertThat(now(there().turn(ADDRESS, wish(kind, 0))))
                .isInstanceOfSatisfying(
                        Turn.Failing.class,
                        failing -> assertThat(failing.remaining()).isPositive());
    }

    @Test
    void whatIsKeptIsTakenAlsoWhileTheProviderWantsQuiet() throws Exception {
        long good = granted(here().turn(ADDRESS, wish(Kind.NEED, 0)));
        now(here().publish(snapshot(good)));
        long bad = granted(here().turn(ADDRESS, wish(Kind.NEED, good)));
        now(here().failed(ADDRESS, bad, failure(AWHILE, AWHILE)));

        assertThat(now(there().turn(ADDRESS, wish(Kind.NEED, 0)))).isEqualTo(new Turn.Newer(good));
        assertThat(now(there().load(ADDRESS))).isPresent();
    }

    @Test
    void whoeverGetsTheTurnKnowsHowOftenTheFleetHasFailed() throws Exception {
        long first = ((Turn.Granted) now(here().turn(ADDRESS, wish(Kind.SCHEDULE, 0)))).generation();
        now(here().failed(ADDRESS, first, failure(Duration.ZERO, Duration.ZERO)));
        Turn.Granted second = (Turn.Granted) now(there().turn(ADDRESS, wish(Kind.SCHEDULE, 0)));
        assertThat(second.failures()).isEqualTo(2);
        now(there().publish(snapshot(second.generation())));

        Turn.Granted third = (Turn.Granted) now(here().turn(ADDRESS, wish(Kind.NEED, second.generation())));
        assertThat(third.failures()).isZero();
    }

    @Test
    void aSuccessEndsThePause() throws Exception {
        long bad = granted(here().turn(ADDRESS, wish(Kind.SCHEDULE, 0)));
        now(here().failed(ADDRESS, bad, failure(AWHILE, Duration.ZERO)));
        long good = granted(there().turn(ADDRESS, wish(Kind.MANUAL, 0)));
        now(there().publish(snapshot(good)));

        granted(here().turn(ADDRESS, wish(Kind.NEED, good)));
    }

    @Test
    void theFailureOfSomebodyOvertakenCountsForNothing() throws Exception {
        long slow = granted(here().turn(ADDRESS, wish(Kind.SCHEDULE, 0)));
        granted(there().turn(ADDRESS, wish(Kind.MANUAL, 0)));
        now(here().failed(ADDRESS, slow, failure(AWHILE, AWHILE)));

        assertThat(now(here().turn(ADDRESS, wish(Kind.NEED, 0)))).isInstanceOf(Turn.Taken.class);
        granted(here().turn(ADDRESS, wish(Kind.MANUAL, 0)));
    }

    @Test
    void aPurgeForgetsAndRefusesWhatIsAsOld() throws Exception {
        long first = granted(here().turn(ADDRESS, wish(Kind.NEED, 0)));
        now(here().publish(snapshot(first)));
        long slow = granted(here().turn(ADDRESS, wish(Kind.NEED, first)));
        now(there().purge(ADDRESS, slow));

        assertThat(now(here().load(ADDRESS))).isEmpty();
        now(here().publish(snapshot(slow)));
        now(here().publish(snapshot(first)));
        assertThat(now(here().load(ADDRESS))).isEmpty();

        long later = granted(here().turn(ADDRESS, wish(Kind.NEED, first)));
        assertThat(later).isGreaterThan(slow);
        now(here().publish(snapshot(later)));
        assertThat(now(there().load(ADDRESS)).orElseThrow().generation()).isEqualTo(later);
    }

    @Test
    void aPurgeKeepsWhatIsNewer() throws Exception {
        long old = granted(here().turn(ADDRESS, wish(Kind.NEED, 0)));
        long recent = granted(here().turn(ADDRESS, wish(Kind.MANUAL, 0)));
        now(here().publish(snapshot(recent)));
        now(there().purge(ADDRESS, old));

        assertThat(now(here().load(ADDRESS)).map(StoredSnapshot::generation)).isEqualTo(Optional.of(recent));
    }

    @Test
    void afterAPurgeNobodyWaitsForAFetchThatBeganBefore() throws Exception {
        long before = granted(here().turn(ADDRESS, wish(Kind.NEED, 0)));
        now(there().purge(ADDRESS, before));

        assertThat(granted(there().turn(ADDRESS, wish(Kind.SCHEDULE, 0)))).isGreaterThan(before);
    }

    @Test
    void aPurgeLaterThanAnythingKnownIsRemembered() throws Exception {
        long known = granted(here().turn(ADDRESS, wish(Kind.NEED, 0)));
        now(here().purge(ADDRESS, known + 5000));
        now(here().purge(ADDRESS, known));

        assertThat(granted(there().turn(ADDRESS, wish(Kind.NEED, known)))).isGreaterThan(known + 5000);
    }

    @Test
    void aTurnIsLaterThanWhatTheAskerKnows() throws Exception {
        long known = granted(here().turn(ADDRESS, wish(Kind.NEED, 0))) + 100_000;

        assertThat(granted(there().turn(ADDRESS, wish(Kind.MANUAL, known)))).isEqualTo(known + 1);
    }

    @Test
    void changesAreToldToWhoeverWatches() throws Exception {
        Fleet.Told told = new Fleet.Told();
        Fleet.Told others = new Fleet.Told();
        there().watch(ADDRESS, told);
        there().watch(OTHER, others);

        long generation = granted(here().turn(ADDRESS, wish(Kind.NEED, 0)));
        now(here().publish(snapshot(generation)));
        Eventually.check(() -> assertThat(told.all).contains("published " + generation));
        now(here().purge(ADDRESS, generation));
        Eventually.check(() -> assertThat(told.all).contains("purged " + generation));

        assertThat(others.all).isEmpty();
    }

    @Test
    void whoeverHasClosedTheWatchIsToldNothing() throws Exception {
        Fleet.Told ended = new Fleet.Told();
        Fleet.Told told = new Fleet.Told();
        there().watch(ADDRESS, ended).close();
        there().watch(ADDRESS, told);

        now(here().publish(snapshot(granted(here().turn(ADDRESS, wish(Kind.NEED, 0))))));

        Eventually.check(() -> assertThat(told.all).isNotEmpty());
        assertThat(ended.all).isEmpty();
    }

    @Test
    void aWatcherThatThrowsDisturbsNobody() throws Exception {
        Fleet.Told told = new Fleet.Told();
        there().watch(ADDRESS, new Fleet.Told() {
            @Override
            public void published(long generation) {
                throw new IllegalStateException("broken");
            }
        });
        there().watch(ADDRESS, told);

        now(here().publish(snapshot(granted(here().turn(ADDRESS, wish(Kind.NEED, 0))))));

        Eventually.check(() -> assertThat(told.all).isNotEmpty());
    }
}
