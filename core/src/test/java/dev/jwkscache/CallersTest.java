package dev.jwkscache;

import static dev.jwkscache.Stage.ALG;
import static dev.jwkscache.Stage.COOLDOWN;
import static dev.jwkscache.Stage.MILLI;
import static dev.jwkscache.Stage.REFRESH;
import static dev.jwkscache.Stage.kid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jwkscache.Calling.Attempt;
import dev.jwkscache.testkit.Behaviour;
import dev.jwkscache.testkit.SigningKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many callers, many caches, callers of every kind. */
class CallersTest {

    @Test
    void aThousandCallersOfAnEmptyCacheShareOneFetchAndItsOutcome() {
        try (Stage stage = new Stage()) {
            stage.provider.behave(Behaviour.healthy().slow(Duration.ofSeconds(1)));
            List<Attempt<VerificationKey>> callers = herd(stage, stage.kid());
            stage.time.advance(Duration.ofSeconds(1));

            assertThat(callers)
                    .allSatisfy(caller -> assertThat(caller.value().kid()).isEqualTo(stage.kid()));
            assertThat(stage.fetches()).isEqualTo(1);
        }
        try (Stage stage = new Stage()) {
            stage.provider.behave(Behaviour.status(500).slow(Duration.ofSeconds(1)));
            List<Attempt<VerificationKey>> callers = herd(stage, stage.kid());
            stage.time.advance(Duration.ofSeconds(1));

            assertThat(callers)
                    .allSatisfy(caller -> assertThat(caller.failure())
                            .isInstanceOf(KeysUnavailableException.class)
                            .hasMessageContaining("status 500"));
            assertThat(stage.fetches()).isEqualTo(1);
        }
    }

    @Test
    void twoHundredTokensOfANewKidCostOneFetchAndNoneIsRefused() {
        try (Stage stage = Stage.started()) {
            String rotated = kid(stage.provider.rotate(ALG));
            stage.provider.behave(Behaviour.healthy().slow(Duration.ofSeconds(1)));
            List<Attempt<VerificationKey>> callers = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                for (Calling calling : Calling.values()) {
                    callers.add(calling.key(stage.cache, rotated, ALG));
                }
            }
            stage.time.advance(Duration.ofSeconds(1));

            assertThat(callers)
                    .allSatisfy(caller -> assertThat(caller.value().kid()).isEqualTo(rotated));
            assertThat(stage.fetches()).isEqualTo(2);
        }
    }

    @Test
    void keysOfOneProviderAreNeverServedForAnotherWhateverTheirKids() {
        try (Stage one = new Stage();
                Stage other = new Stage()) {
            SigningKey mine = one.provider.addKey(ALG, "default");
            SigningKey theirs = other.provider.addKey(ALG, "default");
            one.cache.start();
            other.cache.start();
            SplittableRandom random = new SplittableRandom(19);
            for (int i = 0; i < 1_000; i++) {
                Stage asked = random.nextBoolean() ? one : other;
                SigningKey expected = asked == one ? mine : theirs;
                if (random.nextInt(20) == 0) {
                    asked.time.advance(COOLDOWN);
                    assertThatThrownBy(() -> asked.cache.key("forged", ALG)).isInstanceOf(UnknownKeyException.class);
                }
                assertThat(asked.cache.key("default", ALG).publicKey()).isEqualTo(expected.publicKey());
            }
        }
    }

    @Test
    void anEventLoopThatMissesGoesOnWithItsOtherWork() throws Exception {
        ExecutorService loop = Executors.newSingleThreadExecutor();
        try (Stage stage = Stage.started()) {
            stage.provider.behave(Behaviour.hangBeforeHeaders());
            Future<CompletableFuture<VerificationKey>> lookup = loop.submit(() -> stage.cache.keyAsync("new", ALG));
            List<Future<?>> others = IntStream.range(0, 1_000)
                    .mapToObj(i -> loop.submit(() -> {}))
                    .collect(Collectors.toList());

            for (Future<?> task : others) {
                task.get(20, TimeUnit.SECONDS);
            }
            assertThat(lookup.get()).isNotDone();
            stage.time.advance(Stage.MISS_WAIT);
            assertThat(lookup.get()).isCompletedExceptionally();
        } finally {
            loop.shutdownNow();
        }
    }

    @Test
    void whileTheMissBudgetIsSpentKnownKidsSucceedAndUnknownOnesAreRefusedAtOnce() {
        try (Stage stage = Stage.started()) {
            assertThatThrownBy(() -> stage.cache.key("first", ALG)).isInstanceOf(UnknownKeyException.class);
            int before = stage.fetches();
            for (int i = 0; i < 1_000; i++) {
                String forged = "forged-" + i;
                assertThat(stage.cache.keyAsync(stage.kid(), ALG)).isCompleted();
                assertThat(stage.cache.keyAsync(forged, ALG)).isCompletedExceptionally();
                assertThatThrownBy(() -> stage.cache.key(forged, ALG)).isInstanceOf(UnknownKeyException.class);
            }
            assertThat(stage.fetches()).isEqualTo(before);
            assertThat(stage.time.pendingTasks())
                    .as("nothing waits but the schedule")
                    .isEqualTo(1);
        }
    }

    @Test
    void noForgedTokenTurnsA401IntoA503() {
        try (Stage stage = Stage.started()) {
            for (Behaviour failure : Stage.failures()) {
                stage.provider.behave(failure);
                for (int i = 0; i < 5; i++) {
                    stage.time.advance(Duration.ofSeconds(30));
                    for (Calling calling : Calling.values()) {
                        Attempt<VerificationKey> forged = calling.key(stage.cache, "forged", ALG);
                        stage.time.advance(Stage.MISS_WAIT);
                        assertThat(forged.failure())
                                .describedAs(failure.toString())
                                .isInstanceOf(UnknownKeyException.class);
                    }
                    assertThat(stage.cache.key(stage.kid(), ALG)).isNotNull();
                }
                stage.provider.behave(Behaviour.healthy());
                stage.time.advance(REFRESH.plusSeconds(30));
            }
        }
    }

    @Test
    void afterStartAsyncIsReadyALookupCostsNoFetch() {
        try (Stage stage = new Stage()) {
            stage.provider.behave(Behaviour.healthy().slow(Duration.ofSeconds(3)));
            CompletableFuture<Void> ready = stage.cache.startAsync();
            stage.time.advance(Duration.ofSeconds(3).minus(MILLI));
            assertThat(ready).isNotDone();
            stage.time.advance(MILLI);

            assertThat(ready).isCompleted();
            assertThat(stage.cache.keyAsync(stage.kid(), ALG)).isCompleted();
            assertThat(stage.fetches()).isEqualTo(1);
        }
    }

    @Test
    void aSetOfTenKeysCostsOneFetchAndOneLifetimeGovernsThemAll() {
        try (Stage stage = new Stage()) {
            List<SigningKey> keys = new ArrayList<>(List.of(stage.provider.current(ALG)));
            for (int i = 1; i < 10; i++) {
                keys.add(stage.provider.addKey(ALG));
            }
            stage.cache.start();
            keys.forEach(key ->
                    assertThat(stage.cache.key(kid(key), ALG).publicKey()).isEqualTo(key.publicKey()));
            assertThat(stage.fetches()).isEqualTo(1);

            stage.provider.behave(Behaviour.refuse());
            stage.time.suspend(Stage.MAX_STALENESS);
            keys.forEach(key -> assertThat(stage.cache.key(kid(key), ALG)).isNotNull());
            stage.time.advance(MILLI);
            keys.forEach(key ->
                    assertThatThrownBy(() -> stage.cache.key(kid(key), ALG)).isInstanceOf(KeysExpiredException.class));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"no-cache", "no-store", "max-age=0", "max-age=31536000", "none"})
    void tenMinutesCostTwoToTenFetchesWhateverTheCacheHeaders(String header) {
        try (Stage stage = new Stage()) {
            stage.provider.behave(
                    header.equals("none")
                            ? Behaviour.healthy()
                            : Behaviour.healthy().cacheControl(header));
            stage.cache.start();
            for (int i = 0; i < 1_000; i++) {
                stage.time.advance(Duration.ofMillis(600));
                assertThat(stage.cache.key(stage.kid(), ALG)).isNotNull();
            }
            assertThat(stage.fetches()).isBetween(2, 10);
        }
    }

    @Test
    void aHundredInstancesThatStartTogetherSpreadTheirRefreshes() {
        int instances = 100;
        List<Stage> fleet = new ArrayList<>();
        try {
            int[] perSecond = new int[3_601];
            for (int i = 0; i < instances; i++) {
                Stage stage = new Stage(builder ->
                        builder.random(() -> ThreadLocalRandom.current().nextDouble()));
                stage.cache.start();
                fleet.add(stage);
            }
            for (int second = 1; second <= 3_600; second++) {
                for (Stage stage : fleet) {
                    int before = stage.fetches();
                    stage.time.advance(Duration.ofSeconds(1));
                    perSecond[second] += stage.fetches() - before;
                }
            }
            assertThat(IntStream.of(perSecond).max().orElseThrow()).isLessThanOrEqualTo(10);
            assertThat(IntStream.of(perSecond).sum()).isBetween(instances * 10, instances * 14);
        } finally {
            fleet.forEach(Stage::close);
        }
    }

    @Test
    void aLookupWithoutKidIsOfferedTenKeysAtMostWhichIsCountedAndNeverFetches() {
        try (Stage stage = new Stage()) {
            for (int i = 0; i < 10; i++) {
                stage.provider.addKey(ALG);
            }
            stage.cache.start();
            for (String none : new String[] {null, ""}) {
                assertThat(stage.cache.keys(none, ALG)).hasSize(10);
            }
            assertThat(stage.cache.keys(stage.kid(), ALG)).hasSize(1);

            assertThat(stage.cache.status().cutLookups()).isEqualTo(2);
            assertThat(stage.fetches()).isEqualTo(1);
        }
    }

    @Test
    void aForcedRefreshThatAnHttpCacheAnswersIsCounted() {
        try (Stage stage = Stage.started()) {
            stage.provider.behave(Behaviour.healthy().header("Age", "17"));
            stage.time.advance(REFRESH);
            assertThat(stage.cache.status().cachedReplies())
                    .as("a scheduled one may")
                    .isZero();
            assertThatThrownBy(() -> stage.cache.key("forged", ALG)).isInstanceOf(UnknownKeyException.class);

            assertThat(stage.lastRequest().header("Cache-Control")).isEqualTo("no-cache");
            assertThat(stage.cache.status().cachedReplies()).isEqualTo(1);
        }
    }

    @Test
    void anOutageFromBootCostsFewFetchesHoweverManyLookups() {
        AtomicInteger refused = new AtomicInteger();
        try (Stage stage = new Stage()) {
            stage.provider.behave(Behaviour.status(500));
            stage.cache.startAsync();
            for (int second = 0; second < 600; second++) {
                stage.time.advance(Duration.ofSeconds(1));
                for (int i = 0; i < 100; i++) {
                    stage.cache.keyAsync("kid-" + i, ALG).whenComplete((key, failure) -> refused.incrementAndGet());
                }
            }
            assertThat(refused.get()).isEqualTo(60_000);
            assertThat(stage.fetches()).isLessThanOrEqualTo(25);
        }
    }

    private static List<Attempt<VerificationKey>> herd(Stage stage, String kid) {
        List<Attempt<VerificationKey>> callers = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            for (Calling calling : Calling.values()) {
                callers.add(calling.key(stage.cache, kid, ALG));
            }
        }
        return callers;
    }
}
