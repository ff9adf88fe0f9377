package dev.jwkscache.bench.jmh;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The scores of a part. */
public record Scores(List<Score> scores) {

    /** The score with these parameters, if that benchmark could be run with them. */
    public Optional<Score> find(String benchmark, int threads, Map<String, String> parameters) {
        return scores.stream()
                .filter(score -> score.benchmark().equals(benchmark)
                        && score.threads() == threads
                        && score.parameters().entrySet().containsAll(parameters.entrySet()))
                .findFirst();
    }

    /** The same, which must be there. */
    public Score get(String benchmark, int threads, Map<String, String> parameters) {
        return find(benchmark, threads, parameters)
                .orElseThrow(() -> new IllegalStateException(
                        "no score of " + benchmark + " with " + threads + " threads and " + parameters));
    }

    /** With another round of the same. */
    Scores plus(List<Score> round) {
        List<Score> all = new ArrayList<>(scores);
        for (Score more : round) {
            int known = -1;
            for (int i = 0; i < all.size(); i++) {
                if (all.get(i).isSame(more)) {
                    known = i;
                }
            }
            if (known < 0) {
                all.add(more);
            } else {
                Score before = all.get(known);
                List<Double> nanos = new ArrayList<>(before.nanos());
                nanos.addAll(more.nanos());
                all.set(
                        known,
                        new Score(
                                before.benchmark(),
                                before.parameters(),
                                before.threads(),
                                nanos,
                                Math.min(before.allocatedBytes(), more.allocatedBytes())));
            }
        }
        return new Scores(all);
    }
}
