package dev.jwkscache.bench.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Rounds of the same belong together, and ratios are taken within a round. */
class ScoresTest {
    private static final Map<String, String> TWO = Map.of("keys", "2");

    @Test
    void aRoundIsAddedToTheSameBenchmarkWithTheSameParameters() {
        Scores scores = new Scores(List.of())
                .plus(List.of(score("ours", 1, 30), score("ours", 2, 60)))
                .plus(List.of(score("ours", 1, 40), score("theirs", 1, 80)));

        assertThat(scores.get("ours", 1, TWO).nanos()).containsExactly(30.0, 40.0);
        assertThat(scores.get("ours", 2, TWO).nanos()).containsExactly(60.0);
        assertThat(scores.find("ours", 1, Map.of("keys", "16"))).isEmpty();
        assertThat(scores.find("nobody", 1, TWO)).isEmpty();
    }

    @Test
    void aRatioComparesEachRoundWithItsOwn() {
        Score ours = new Score("ours", TWO, 1, List.of(30.0, 60.0, 36.0), 0);
        Score limit = new Score("limit", TWO, 1, List.of(30.0, 50.0, 30.0), 0);

        assertThat(ours.ratioTo(limit)).isEqualTo(1.2);
        assertThat(ours.median()).isEqualTo(36);
    }

    private static Score score(String benchmark, int threads, double nanos) {
        return new Score(benchmark, TWO, threads, List.of(nanos), 0);
    }
}
