package dev.jwkscache.bench.jmh;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs benchmarks again and again, each time in a new process, all of them in each round: what disturbs the machine for a
 * minute disturbs all alike.
 *
 * @param type whose benchmarks
 * @param methods which of them
 * @param rounds how often
 * @param iterations of warm-up, and as many that count
 * @param millis of each iteration
 */
public record Rounds(Class<?> type, List<String> methods, int rounds, int iterations, int millis) {

    /** The same, only to see that everything runs. */
    public Rounds brief() {
        return new Rounds(type, methods, 1, 1, 100);
    }

    /** Runs them with each number of threads. What cannot be run with some parameter is left out. */
    public Scores run(Map<String, List<String>> parameters, int... threads) throws RunnerException {
        Scores scores = new Scores(List.of());
        for (int round = 0; round < rounds; round++) {
            for (int each : threads) {
                scores = scores.plus(new Runner(options(parameters, each).build())
                        .run().stream().map(result -> score(result, each)).toList());
            }
        }
        return scores;
    }

    private ChainedOptionsBuilder options(Map<String, List<String>> parameters, int threads) {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .forks(1)
                .threads(threads)
                .warmupIterations(iterations)
                .measurementIterations(iterations)
                .warmupTime(TimeValue.milliseconds(millis))
                .measurementTime(TimeValue.milliseconds(millis))
                .timeUnit(TimeUnit.NANOSECONDS)
                .addProfiler(GCProfiler.class)
                .verbosity(VerboseMode.SILENT)
                .shouldFailOnError(false);
        for (String method : methods) {
            options.include("^" + type.getName().replace(".", "\\.") + "\\." + method + "$");
        }
        parameters.forEach((name, values) -> options.param(name, values.toArray(new String[0])));
        return options;
    }

    private static Score score(RunResult result, int threads) {
        var setUp = result.getParams();
        Map<String, String> parameters = new TreeMap<>();
        setUp.getParamsKeys().forEach(name -> parameters.put(name, setUp.getParam(name)));
        String benchmark = setUp.getBenchmark();
        Result<?> allocated = result.getSecondaryResults().get("gc.alloc.rate.norm");
        return new Score(
                benchmark.substring(benchmark.lastIndexOf('.') + 1),
                parameters,
                threads,
                List.of(result.getPrimaryResult().getScore()),
                allocated == null ? Double.NaN : allocated.getScore());
    }
}
