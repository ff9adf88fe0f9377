package dev.jwkscache.bench.token;

import com.auth0.jwt.interfaces.DecodedJWT;
import com.auth0.jwt.interfaces.JWTVerifier;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import dev.jwkscache.JwksCache;
import dev.jwkscache.VerificationKey;
import dev.jwkscache.bench.token.SignedTokens.Turn;
import dev.jwkscache.nimbus.JwksCacheKeySelector;
import dev.jwkscache.nimbus.JwksCacheVerifierFactory;
import java.net.MalformedURLException;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.text.ParseException;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwk.HttpsJwks;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.keys.resolvers.HttpsJwksVerificationKeyResolver;
import org.jose4j.keys.resolvers.VerificationKeyResolver;
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
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;

/** One token, from its text to claims that may be trusted, in a healthy cache. A peer that cannot do an algorithm fails. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class TokenBenchmark {

    /** The signature alone, by the JDK: everything else was taken apart before. */
    @State(Scope.Benchmark)
    public static class Bare {
        private VerificationKey key;
        private byte[] signingInput;
        private byte[] signature;

        @Setup(Level.Trial)
        public void take(SignedTokens signed) throws ParseException {
            JWSObject token = JWSObject.parse(signed.tokens[0]);
            signingInput = token.getSigningInput();
            signature = token.getSignature().decode();
            try (JwksCache cache = JwksCache.builder(signed.provider.jwksUri()).build()) {
                cache.start();
                key = cache.key(token.getHeader().getKeyID(), signed.alg);
            }
        }

        boolean verify() throws GeneralSecurityException {
            Signature verifier = key.newSignature();
            verifier.update(signingInput);
            return verifier.verify(signature);
        }
    }

    @Benchmark
    public boolean limit(Bare bare) throws GeneralSecurityException {
        if (!bare.verify()) {
            throw new GeneralSecurityException("a good signature was refused");
        }
        return true;
    }

    /** jwks-cache under each library that people verify with. */
    @State(Scope.Benchmark)
    public static class Ours {
        private JwksCache cache;
        private DefaultJWTProcessor<SecurityContext> nimbus;
        private JwtConsumer jose4j;
        private @Nullable JWTVerifier javaJwt;

        @Setup(Level.Trial)
        public void start(SignedTokens signed) {
            cache = JwksCache.builder(signed.provider.jwksUri()).build();
            cache.start();
            nimbus = new DefaultJWTProcessor<>();
            nimbus.setJWSKeySelector(new JwksCacheKeySelector<>(cache, Set.of(JWSAlgorithm.parse(signed.alg))));
            nimbus.setJWSVerifierFactory(new JwksCacheVerifierFactory(cache));
            jose4j = jose4jConsumer(
                    (token, nesting) -> cache.key(token.getKeyIdHeaderValue(), token.getAlgorithmHeaderValue())
                            .publicKey(),
                    signed.alg);
            javaJwt = Auth0.supports(signed.alg)
                    ? Auth0.verifier(kid -> cache.key(kid, signed.alg).publicKey(), signed.alg)
                    : null;
        }

        @TearDown(Level.Trial)
        public void close() {
            cache.close();
        }
    }

    @Benchmark
    public JWTClaimsSet jwksCacheUnderNimbus(Ours ours, SignedTokens signed, Turn turn)
            throws BadJOSEException, ParseException, JOSEException {
        return process(ours.nimbus, turn.token(signed));
    }

    @Benchmark
    public JwtClaims jwksCacheUnderJose4j(Ours ours, SignedTokens signed, Turn turn) throws InvalidJwtException {
        return ours.jose4j.processToClaims(turn.token(signed));
    }

    @Benchmark
    public DecodedJWT jwksCacheUnderJavaJwt(Ours ours, SignedTokens signed, Turn turn) {
        return Objects.requireNonNull(ours.javaJwt).verify(turn.token(signed));
    }

    @State(Scope.Benchmark)
    public static class Nimbus {
        private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();

        @Setup(Level.Trial)
        public void build(SignedTokens signed) throws MalformedURLException {
            processor.setJWSKeySelector(new JWSVerificationKeySelector<>(
                    JWSAlgorithm.parse(signed.alg),
                    JWKSourceBuilder.create(signed.provider.jwksUri().toURL()).build()));
        }
    }

    @Benchmark
    public JWTClaimsSet nimbus(Nimbus nimbus, SignedTokens signed, Turn turn)
            throws BadJOSEException, ParseException, JOSEException {
        return process(nimbus.processor, turn.token(signed));
    }

    @State(Scope.Benchmark)
    public static class Spring {
        private NimbusJwtDecoder decoder;

        @Setup(Level.Trial)
        public void build(SignedTokens signed) {
            decoder = NimbusJwtDecoder.withJwkSetUri(signed.provider.jwksUri().toString())
                    .jwsAlgorithm(Objects.requireNonNull(SignatureAlgorithm.from(signed.alg)))
                    .build();
        }
    }

    @Benchmark
    public Jwt spring(Spring spring, SignedTokens signed, Turn turn) {
        return spring.decoder.decode(turn.token(signed));
    }

    @State(Scope.Benchmark)
    public static class Jose4j {
        private JwtConsumer consumer;

        @Setup(Level.Trial)
        public void build(SignedTokens signed) {
            consumer = jose4jConsumer(
                    new HttpsJwksVerificationKeyResolver(
                            new HttpsJwks(signed.provider.jwksUri().toString())),
                    signed.alg);
        }
    }

    @Benchmark
    public JwtClaims jose4j(Jose4j jose4j, SignedTokens signed, Turn turn) throws InvalidJwtException {
        return jose4j.consumer.processToClaims(turn.token(signed));
    }

    @State(Scope.Benchmark)
    public static class JwksRsa {
        private JWTVerifier verifier;

        @Setup(Level.Trial)
        public void build(SignedTokens signed) throws MalformedURLException {
            verifier = Auth0.verifier(Auth0.jwksRsa(signed.provider.jwksUri()), signed.alg);
        }
    }

    @Benchmark
    public DecodedJWT jwksRsaAndJavaJwt(JwksRsa jwksRsa, SignedTokens signed, Turn turn) {
        return jwksRsa.verifier.verify(turn.token(signed));
    }

    private static JwtConsumer jose4jConsumer(VerificationKeyResolver resolver, String alg) {
        return new JwtConsumerBuilder()
                .setRequireExpirationTime()
                .setExpectedAudience("bench")
                .setVerificationKeyResolver(resolver)
                .setJwsAlgorithmConstraints(AlgorithmConstraints.ConstraintType.PERMIT, alg)
                .build();
    }

    @SuppressWarnings("NullAway") // Nimbus takes null for «no context» and does not say so in its types.
    private static JWTClaimsSet process(DefaultJWTProcessor<SecurityContext> processor, String token)
            throws BadJOSEException, ParseException, JOSEException {
        return processor.process(token, null);
    }
}
