package dev.jwkscache.bench.forged;

import dev.jwkscache.JwksCache;
import dev.jwkscache.UnknownKeyException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;

/** One refusal while the miss budget is spent, with the exception thrown and caught. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ForgedBenchmark {

    @Benchmark
    public UnknownKeyException refusal(SpentBudget spent, SpentBudget.Forger forger) {
        return spent.refusal(forger.kid());
    }

    /** A known key at the same time, for the scale. */
    @Benchmark
    public Object known(SpentBudget spent) {
        JwksCache cache = spent.cache;
        return cache.key(spent.knownKid, SpentBudget.ALG);
    }
}
