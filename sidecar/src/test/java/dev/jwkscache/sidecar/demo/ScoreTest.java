package dev.jwkscache.sidecar.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jwkscache.sidecar.demo.Judge.Judgement;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ScoreTest {
    static final List<String> PARTS = List.of(
            "verified",
            "goodRefused",
            "untrustedRefused",
            "withdrawnRefused",
            "withdrawnNotKnown",
            "withdrawnAccepted");

    private final Score score = new Score();

    @ParameterizedTest
    @EnumSource
    void everyTokenIsCountedOnce(Judgement judgement) {
        score.count(judgement, "no reason");
        score.count(judgement, "no reason");

        JsonObject json = score.json();
        assertThat(json.getLong("presented")).isEqualTo(2);
        assertThat(PARTS).extracting(json::getLong).containsOnly(2L, 0L).containsOnlyOnce(2L);
    }

    @ParameterizedTest
    @CsvSource({
        "VERIFIED, true",
        "UNTRUSTED_REFUSED, true",
        "WITHDRAWN_REFUSED, true",
        "WITHDRAWN_NOT_KNOWN, true",
        "GOOD_REFUSED, false",
        "WITHDRAWN_ACCEPTED, false"
    })
    void onlyABrokenPromiseIsNotClean(Judgement judgement, boolean clean) {
        score.count(judgement, "the reason");
        assertThat(score.isClean()).isEqualTo(clean);
        assertThat(score.json().getString("firstWrong") == null).isEqualTo(clean);
    }

    @Test
    void forgedTokensAreCountedApart() {
        score.countForged(false);
        assertThat(score.isClean()).isTrue();
        score.countForged(true);
        JsonObject json = score.json();
        assertThat(json.getLong("presented")).isZero();
        assertThat(json.getLong("forgedRefused")).isEqualTo(1);
        assertThat(json.getLong("forgedAccepted")).isEqualTo(1);
        assertThat(score.isClean()).isFalse();
    }

    @Test
    void waitsAreToldAsPercentilesAndTheLongest() {
        for (int i = 1; i <= 1000; i++) {
            score.waited(i <= 980 ? 2_000 : 5_000_000);
        }
        score.waited(1_500_000_000);

        JsonObject wait = score.json().getJsonObject("wait");
        assertThat(wait.getDouble("p50Seconds")).isBetween(1.9e-6, 2.1e-6);
        assertThat(wait.getDouble("p99Seconds")).isBetween(4.7e-3, 5.3e-3);
        assertThat(wait.getDouble("maxSeconds")).isEqualTo(1.5);
    }
}
