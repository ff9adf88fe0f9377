package dev.jwkscache.bench.lookup;

import dev.jwkscache.JwksCache;
import dev.jwkscache.bench.lookup.PublishedKeys.Asked;
import java.security.PublicKey;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** One lookup of a known key in a healthy cache. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class LookupBenchmark {

    /** One read of the clock, one volatile read, one hash lookup: what any cache with a bound must do. */
    @State(Scope.Benchmark)
    public static class Limit {
        volatile Map<String, PublicKey> keys = Map.of();
        long deadline;

        @Setup(Level.Trial)
        public void load(PublishedKeys published) {
            Map<String, PublicKey> loaded = new HashMap<>();
            published.provider.keys().forEach(key -> loaded.put(key.kid(), key.publicKey()));
            keys = loaded;
            deadline = System.nanoTime() + TimeUnit.DAYS.toNanos(1);
        }
    }

    @Benchmark
    public @Nullable PublicKey limit(Limit limit, Asked asked) {
        if (System.nanoTime() - limit.deadline > 0) {
            throw new IllegalStateException("expired");
        }
        return limit.keys.get(asked.kid());
    }

    @State(Scope.Benchmark)
    public static class Ours {
        JwksCache cache;

        @Setup(Level.Trial)
        public void start(PublishedKeys published) {
            cache = JwksCache.builder(published.provider.jwksUri()).build();
            cache.start();
        }

        @TearDown(Level.Trial)
        public void close() {
            cache.close();
        }
    }

    @Benchmark
    public PublicKey jwksCache(Ours ours, Asked asked) {
        return ours.cache.key(asked.kid(), PublishedKeys.ALG).publicKey();
    }
}
