package dev.jwkscache.nimbus;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.JWSKeySelector;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import dev.jwkscache.JwksCache;
import dev.jwkscache.spi.OriginResponse;
import dev.jwkscache.testkit.ScriptedProvider;
import dev.jwkscache.testkit.VirtualTime;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** A cache under Nimbus's own processor, its provider in virtual time. */
final class NimbusStage implements AutoCloseable {
    final VirtualTime time = new VirtualTime();
    final ScriptedProvider provider;
    final JwksCache cache;

    NimbusStage(String... algorithms) {
        provider = ScriptedProvider.inMemory(time, algorithms);
        cache = settings().build();
        cache.start();
    }

    JwksCache.Builder settings() {
        return JwksCache.builder(provider.jwksUri())
                .time(time.wallClock(), time.nanoTime(), time.scheduler())
                .origin(request -> provider.exchange(Map.of())
                        .thenApply(answer -> new OriginResponse(answer.status(), answer.headers(), answer.body())));
    }

    /** The processor with our selector of ready keys and our verifiers. */
    DefaultJWTProcessor<SecurityContext> ready(String... allowed) {
        DefaultJWTProcessor<SecurityContext> processor = processor(new JwksCacheKeySelector<>(cache, named(allowed)));
        processor.setJWSVerifierFactory(new JwksCacheVerifierFactory(cache));
        return processor;
    }

    /** The processor as Nimbus's users have it, with our source in the place of theirs. */
    DefaultJWTProcessor<SecurityContext> dropIn(String... allowed) {
        JWKSource<SecurityContext> source = new JwksCacheSource<>(cache);
        return processor(new JWSVerificationKeySelector<>(named(allowed), source));
    }

    static Set<JWSAlgorithm> named(String... algorithms) {
        return Arrays.stream(algorithms).map(JWSAlgorithm::parse).collect(Collectors.toSet());
    }

    /** Claims are not looked at: tokens are made in virtual time. */
    static DefaultJWTProcessor<SecurityContext> processor(JWSKeySelector<SecurityContext> selector) {
        DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
        processor.setJWSKeySelector(selector);
        processor.setJWTClaimsSetVerifier((claims, context) -> {});
        return processor;
    }

    @Override
    public void close() {
        cache.close();
        provider.close();
    }
}
