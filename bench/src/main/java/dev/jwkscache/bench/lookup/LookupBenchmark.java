package dev.jwkscache.bench.lookup;

import com.auth0.jwk.JwkException;
import com.auth0.jwk.JwkProvider;
import com.auth0.jwk.JwkProviderBuilder;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import dev.jwkscache.JwksCache;
import dev.jwkscache.bench.lookup.PublishedKeys.Asked;
import java.net.MalformedURLException;
import java.security.Key;
import java.security.PublicKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jose4j.jwk.HttpsJwks;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.keys.resolvers.HttpsJwksVerificationKeyResolver;
import org.jose4j.lang.UnresolvableKeyException;
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

    /** The selector of Nimbus's own processor, which is also Spring Security's, on a source with its defaults. */
    @State(Scope.Benchmark)
    public static class Nimbus {
        JWSVerificationKeySelector<SecurityContext> selector;

        @Setup(Level.Trial)
        public void build(PublishedKeys published) throws MalformedURLException {
            selector = new JWSVerificationKeySelector<>(
                    JWSAlgorithm.RS256,
                    JWKSourceBuilder.create(published.provider.jwksUri().toURL())
                            .build());
        }
    }

    @Benchmark
    public Key nimbus(Nimbus nimbus, Asked asked) throws KeySourceException {
        return first(nimbus.selector, asked);
    }

    @SuppressWarnings("NullAway") // Nimbus takes null for «no context» and does not say so in its types.
    private static Key first(JWSVerificationKeySelector<SecurityContext> selector, Asked asked)
            throws KeySourceException {
        return selector.selectJWSKeys(asked.nimbusHeader(), null).get(0);
    }

    /** The same with what its documentation offers for outages. */
    @State(Scope.Benchmark)
    public static class NimbusOutageTolerant {
        JWSVerificationKeySelector<SecurityContext> selector;

        @Setup(Level.Trial)
        public void build(PublishedKeys published) throws MalformedURLException {
            selector = new JWSVerificationKeySelector<>(
                    JWSAlgorithm.RS256,
                    JWKSourceBuilder.create(published.provider.jwksUri().toURL())
                            .refreshAheadCache(true)
                            .outageTolerantForever()
                            .build());
        }
    }

    @Benchmark
    public Key nimbusOutageTolerant(NimbusOutageTolerant nimbus, Asked asked) throws KeySourceException {
        return first(nimbus.selector, asked);
    }

    /** As its README sets it up, but large enough for the set and without its limit of ten keys in a minute at first. */
    @State(Scope.Benchmark)
    public static class JwksRsa {
        JwkProvider provider;

        @Setup(Level.Trial)
        public void build(PublishedKeys published) throws MalformedURLException {
            provider = new JwkProviderBuilder(published.provider.jwksUri().toURL())
                    .cached(Math.max(10, published.keys), 24, TimeUnit.HOURS)
                    .rateLimited(false)
                    .build();
        }
    }

    @Benchmark
    public PublicKey jwksRsa(JwksRsa jwksRsa, Asked asked) throws JwkException {
        return jwksRsa.provider.get(asked.kid()).getPublicKey();
    }

    @State(Scope.Benchmark)
    public static class Jose4j {
        HttpsJwksVerificationKeyResolver resolver;

        @Setup(Level.Trial)
        public void build(PublishedKeys published) {
            resolver = new HttpsJwksVerificationKeyResolver(
                    new HttpsJwks(published.provider.jwksUri().toString()));
        }
    }

    /** From kid and algorithm: its resolver takes them in a token, which has to be made for that. */
    @Benchmark
    public Key jose4j(Jose4j jose4j, Asked asked) throws UnresolvableKeyException {
        JsonWebSignature token = new JsonWebSignature();
        token.setAlgorithmHeaderValue(PublishedKeys.ALG);
        token.setKeyIdHeaderValue(asked.kid());
        return jose4j.resolver.resolveKey(token, List.of());
    }

    /** From a token that is there already. */
    @Benchmark
    public Key jose4jTokenAtHand(Jose4j jose4j, Asked asked) throws UnresolvableKeyException {
        return jose4j.resolver.resolveKey(asked.jose4jToken(), List.of());
    }
}
