package dev.jwkscache;

import static dev.jwkscache.Stage.ALG;
import static dev.jwkscache.Stage.COOLDOWN;
import static dev.jwkscache.Stage.MILLI;
import static dev.jwkscache.Stage.MISS_WAIT;
import static dev.jwkscache.Stage.kid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jwkscache.Calling.Attempt;
import dev.jwkscache.testkit.Behaviour;
import dev.jwkscache.testkit.SigningKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** DESIGN §2.2: a kid that the set lacks, and what it may cost. */
class MissTest {

    @ParameterizedTest
    @EnumSource
    void theLookupThatMeetsARotationGetsTheNewKey(Calling calling) {
        try (Stage stage = Stage.started()) {
            SigningKey rotated = stage.provider.rotate(ALG);

            assertThat(calling.key(stage.cache, kid(rotated), ALG).value().thumbprint())
                    .isEqualTo(rotated.thumbprint());
            assertThat(stage.fetches()).isEqualTo(2);
            assertThat(stage.lastRequest().header("Cache-Control")).isEqualTo("no-cache");
        }
    }

    @ParameterizedTest
    @EnumSource
    void sixtyFourCallersOfANewKidMakeOneFetchAndNoneIsRefused(Calling calling) {
        try (Stage stage = Stage.started()) {
            SigningKey rotated = stage.provider.rotate(ALG);
            stage.provider.behave(Behaviour.healthy().slow(Duration.ofSeconds(1)));
            List<Attempt<VerificationKey>> callers = IntStream.range(0, 64)
                    .mapToObj(i -> calling.key(stage.cache, kid(rotated), ALG))
                    .toList();
            assertThat(callers).allMatch(Attempt::waits);

            stage.time.advance(Duration.ofSeconds(1));

            assertThat(callers)
                    .allSatisfy(caller -> assertThat(caller.value().kid()).isEqualTo(rotated.kid()));
            assertThat(stage.fetches()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFetchThatWasUnderWayBeforeTheRotationIsFollowedByOneThatSeesIt(Calling calling) {
        try (Stage stage = Stage.started()) {
            stage.time.suspend(Stage.TTL.plus(MILLI));
            stage.provider.behaveOnce(Behaviour.healthy().slow(Duration.ofSeconds(1)));
            stage.cache.get();
            stage.time.advance(MILLI);
            SigningKey rotated = stage.provider.rotate(ALG);
            List<Attempt<VerificationKey>> callers = IntStream.range(0, 64)
                    .mapToObj(i -> calling.key(stage.cache, kid(rotated), ALG))
                    .toList();
            assertThat(stage.fetches()).as("they join the fetch under way").isEqualTo(2);

            stage.time.advance(Duration.ofSeconds(1));

            assertThat(callers)
                    .allSatisfy(caller -> assertThat(caller.value().kid()).isEqualTo(rotated.kid()));
            assertThat(stage.fetches()).isEqualTo(3);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aMissWaitsAtMostTheMissWait(Calling calling) {
        try (Stage stage = Stage.started()) {
            stage.provider.behave(Behaviour.hangInBody());
            Attempt<VerificationKey> caller = calling.key(stage.cache, "new", ALG);

            stage.time.advance(MISS_WAIT.minus(MILLI));
            assertThat(caller.waits()).isTrue();
            stage.time.advance(MILLI);

            assertThat(caller.failure()).isInstanceOf(UnknownKeyException.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSpentBudgetAnswersAtOnce(Calling calling) {
        try (Stage stage = Stage.started()) {
            assertThat(calling.key(stage.cache, "forged-1", ALG).failure()).isInstanceOf(UnknownKeyException.class);
            stage.provider.behave(Behaviour.hangBeforeHeaders());

            for (int i = 0; i < 100; i++) {
                assertThat(calling.key(stage.cache, "forged-2", ALG).failure()).isInstanceOf(UnknownKeyException.class);
            }
            stage.time.advance(COOLDOWN.minus(MILLI));
            assertThat(calling.key(stage.cache, "forged-3", ALG).failure()).isInstanceOf(UnknownKeyException.class);

            assertThat(stage.fetches()).isEqualTo(2);
            assertThat(stage.cache.status().unknownKeys()).isEqualTo(102);
        }
    }

    @Test
    void aFloodOfForgedKidsCostsAtMostOneFetchForEachCooldownAndARotationIsSeenWithinOne() {
        try (Stage stage = Stage.started(builder -> builder.missWait(Duration.ZERO))) {
            String known = stage.kid();
            SigningKey rotated = null;
            Duration rotatedAt = null;
            Duration seenAt = null;
            for (int i = 0; i < 10_000; i++) {
                stage.time.advance(Duration.ofMillis(6));
                String forged = "forged-" + i;
                assertThatThrownBy(() -> stage.cache.key(forged, ALG)).isInstanceOf(UnknownKeyException.class);
                if (i == 5_123) {
                    rotated = stage.provider.rotate(ALG);
                    rotatedAt = stage.time.elapsed();
                }
                if (rotated != null
                        && seenAt == null
                        && stage.cache.get().kids().contains(kid(rotated))) {
                    seenAt = stage.time.elapsed();
                }
                assertThat(stage.cache.key(known, ALG).kid()).isEqualTo(known);
            }

            assertThat(stage.time.elapsed()).isEqualTo(Duration.ofSeconds(60));
            assertThat(stage.fetches() - 1).as("one for each cooldown of 10 s").isBetween(5, 6);
            assertThat(seenAt).isNotNull();
            assertThat(seenAt.minus(rotatedAt)).isLessThanOrEqualTo(COOLDOWN);
        }
    }

    @Test
    void lookupsDoNotSpendTheBudgetOnlyFetchesDo() {
        try (Stage stage = Stage.started()) {
            for (int i = 0; i < 1_000; i++) {
                stage.cache.key(stage.kid(), ALG);
            }
            SigningKey rotated = stage.provider.rotate(ALG);

            assertThat(stage.cache.key(kid(rotated), ALG).kid()).isEqualTo(rotated.kid());
        }
    }

    @Test
    void aFailedFetchForAMissIsStillUnknownKeyAndNotUnavailable() {
        try (Stage stage = Stage.started()) {
            stage.provider.behave(Behaviour.refuse());

            assertThatThrownBy(() -> stage.cache.key("forged", ALG)).isInstanceOf(UnknownKeyException.class);
        }
    }

    @Test
    void missesDuringAnOutageDoNotDelayTheRecovery() {
        try (Stage stage = Stage.started()) {
            stage.random = 1;
            stage.provider.behave(Behaviour.refuse());
            stage.time.advance(Stage.REFRESH.plusSeconds(130));
            List<java.time.Instant> promised = new ArrayList<>();
            promised.add(stage.cache.status().nextAttempt().orElseThrow());
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> stage.cache.key("forged", ALG)).isInstanceOf(UnknownKeyException.class);
                promised.add(stage.cache.status().nextAttempt().orElseThrow());
                stage.time.advance(COOLDOWN);
            }

            assertThat(promised).containsOnly(promised.get(0));
        }
    }

    @ParameterizedTest
    @EnumSource
    void anAlgorithmThatIsNeverServedIsUnknownInEveryStateAndCostsNothing(Calling calling) {
        try (Stage stage = new Stage()) {
            for (String alg : List.of("HS256", "none", "RSA-OAEP", "", "es256")) {
                assertThat(calling.key(stage.cache, "any", alg).failure()).isInstanceOf(UnknownKeyException.class);
            }
            assertThat(stage.fetches()).isZero();
        }
    }

    @Test
    void aBadSignatureUnderAKnownKidMakesOneFetchForEachCooldown() {
        try (Stage stage = Stage.started()) {
            VerificationKey old = stage.cache.key(stage.kid(), ALG);
            String kid = stage.kid();
            stage.provider.withdraw(kid);
            SigningKey replaced = stage.provider.addKey(ALG, kid);

            stage.cache.reportBadSignature(old);
            assertThat(stage.cache.key(kid, ALG).thumbprint()).isEqualTo(replaced.thumbprint());
            VerificationKey current = stage.cache.key(kid, ALG);
            for (int i = 0; i < 10_000; i++) {
                stage.cache.reportBadSignature(current);
                stage.cache.reportBadSignature(old);
            }

            assertThat(stage.fetches()).isEqualTo(2);
            stage.time.advance(COOLDOWN);
            stage.cache.reportBadSignature(old);
            assertThat(stage.fetches())
                    .as("a key that is no longer at hand tells nothing")
                    .isEqualTo(2);
            stage.cache.reportBadSignature(current);
            assertThat(stage.fetches()).isEqualTo(3);
        }
    }

    @Test
    void aKidIsNotRememberedAsUnknownOnceItIsPublished() {
        try (Stage stage = Stage.started()) {
            assertThatThrownBy(() -> stage.cache.key("later", ALG)).isInstanceOf(UnknownKeyException.class);
            stage.provider.addKey(ALG, "later");
            stage.cache.refresh().join();

            assertThat(stage.cache.key("later", ALG).kid()).isEqualTo("later");
        }
    }

    @Test
    void oneCallerWhoGivesUpDisturbsNobody() throws Exception {
        try (Stage stage = Stage.started()) {
            SigningKey rotated = stage.provider.rotate(ALG);
            stage.provider.behave(Behaviour.healthy().slow(Duration.ofSeconds(1)));
            Attempt<VerificationKey> interrupted = Calling.BLOCKING.key(stage.cache, kid(rotated), ALG);
            Attempt<VerificationKey> cancelled = Calling.ASYNC.key(stage.cache, kid(rotated), ALG);
            Attempt<VerificationKey> patient = Calling.BLOCKING.key(stage.cache, kid(rotated), ALG);

            interrupted.thread().interrupt();
            assertThat(interrupted.failure())
                    .isInstanceOf(KeysUnavailableException.class)
                    .hasMessageContaining("interrupted");
            cancelled.result().cancel(true);
            stage.time.advance(Duration.ofSeconds(1));

            assertThat(patient.value().kid()).isEqualTo(rotated.kid());
            assertThat(stage.fetches()).isEqualTo(2);
        }
    }

    @Test
    void whoeverDependsOnAnAsynchronousLookupIsToldTheRefusalItself() {
        try (Stage stage = Stage.started()) {
            List<Throwable> told = new ArrayList<>();
            stage.cache.keyAsync("forged", ALG).whenComplete((key, refusal) -> told.add(refusal));
            stage.cache.close();
            stage.cache.refresh().whenComplete((keys, refusal) -> told.add(refusal));

            assertThat(told.get(0)).isInstanceOf(UnknownKeyException.class);
            assertThat(told.get(1)).isInstanceOf(KeysUnavailableException.class);
        }
    }

    @Test
    void anUnknownKeyCarriesNoStackTraceAndNoRawText() {
        try (Stage stage = Stage.started()) {
            assertThatThrownBy(() -> stage.cache.key("evil\r\n\u001b[31mkid" + "x".repeat(8192), ALG))
                    .isInstanceOf(UnknownKeyException.class)
                    .satisfies(thrown -> assertThat(thrown.getStackTrace()).isEmpty())
                    .satisfies(thrown -> assertThat(thrown.getMessage())
                            .contains("evil\\u000d\\u000a\\u001b[31mkid")
                            .hasSizeLessThan(250)
                            .matches("\\P{Cntrl}*"));
        }
    }
}
