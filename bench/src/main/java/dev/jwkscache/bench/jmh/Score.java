package dev.jwkscache.bench.jmh;

import dev.jwkscache.bench.report.Figures;
import java.util.List;
import java.util.Map;

/**
 * What one benchmark took with one set of parameters.
 *
 * @param benchmark the name of its method
 * @param nanos of each round, a process of its own each
 * @param allocatedBytes for each operation, the least of the rounds
 */
public record Score(
        String benchmark, Map<String, String> parameters, int threads, List<Double> nanos, double allocatedBytes) {

    /** The median round. */
    public double median() {
        return Figures.median(nanos);
    }

    /** How many times as long as another took: the median of the rounds, each compared with its own. */
    public double ratioTo(Score other) {
        int rounds = Math.min(nanos.size(), other.nanos.size());
        double[] ratios = new double[rounds];
        for (int i = 0; i < rounds; i++) {
            ratios[i] = nanos.get(i) / other.nanos.get(i);
        }
        return Figures.median(ratios);
    }

    boolean isSame(Score other) {
        return benchmark.equals(other.benchmark) && parameters.equals(other.parameters) && threads == other.threads;
    }
}
