package dev.jwkscache.spring;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.BadJWSException;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWT;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import dev.jwkscache.JwksCache;
import dev.jwkscache.JwksCaches;
import dev.jwkscache.JwksException;
import dev.jwkscache.UnknownKeyException;
import dev.jwkscache.VerificationKey;
import dev.jwkscache.nimbus.JwksCacheVerifierFactory;
import java.security.PublicKey;
import java.text.ParseException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.springframework.core.convert.converter.Converter;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.JwtException;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Verifies the signatures of tokens and never blocks the subscribing thread: a known key is used there and then, one that has
 * to be fetched is waited for without a thread. Thread-safe.
 *
 * <p>The signature is checked against keys that are handed to the processor, which itself asks no cache: between two looks a
 * key may have been withdrawn, and the second one would wait.
 */
final class ReactiveTokenProcessor implements Converter<JWT, Mono<JWTClaimsSet>> {
    private final JwksCacheRegistry registry;
    private final Set<JWSAlgorithm> algorithms;
    private final DefaultJWTProcessor<AtHand> processor = new DefaultJWTProcessor<>();

    ReactiveTokenProcessor(JwksCacheRegistry registry, Set<JWSAlgorithm> algorithms) {
        this.registry = registry;
        this.algorithms = algorithms;
        JwksCaches many = registry.many();
        processor.setJWSVerifierFactory(
                many == null
                        ? new JwksCacheVerifierFactory(Objects.requireNonNull(registry.one()))
                        : new JwksCacheVerifierFactory(many));
        processor.setJWSKeySelector((header, atHand) -> atHand == null ? List.of() : atHand.keys());
        // Spring Security checks type and claims itself.
        processor.setJWSTypeVerifier((type, context) -> {});
        processor.setJWTClaimsSetVerifier((claims, context) -> {});
    }

    @Override
    public Mono<JWTClaimsSet> convert(JWT jwt) {
        if (!(jwt instanceof SignedJWT token)
                || !algorithms.contains(token.getHeader().getAlgorithm())) {
            return Mono.error(new BadJwtException(
                    "Unsupported algorithm of " + jwt.getHeader().getAlgorithm()));
        }
        return Mono.defer(() -> verified(token)).onErrorMap(ReactiveTokenProcessor::translated);
    }

    private Mono<JWTClaimsSet> verified(SignedJWT token) {
        JwksCache cache;
        try {
            cache = cacheFor(token);
        } catch (ParseException e) {
            return Mono.error(e);
        }
        JWSHeader header = token.getHeader();
        CompletableFuture<VerificationKey> found =
                cache.keyAsync(header.getKeyID(), header.getAlgorithm().getName());
        Mono<VerificationKey> key = Mono.fromFuture(found, true);
        // What follows, the application's handlers among it, is no work for the threads of the cache.
        Mono<VerificationKey> here = found.isDone() ? key : key.publishOn(Schedulers.parallel());
        return here.flatMap(first -> claims(token, List.of(first.publicKey()))
                .onErrorResume(BadJWSException.class, bad -> amongOthers(token, cache, first, bad)));
    }

    private JwksCache cacheFor(SignedJWT token) throws ParseException {
        JwksCaches many = registry.many();
        return many == null
                ? Objects.requireNonNull(registry.one())
                : many.forIssuer(token.getJWTClaimsSet().getIssuer());
    }

    /** Several keys may fit: without a kid, or with one that is published twice. To ask for them all may block. */
    private Mono<JWTClaimsSet> amongOthers(
            SignedJWT token, JwksCache cache, VerificationKey tried, BadJWSException bad) {
        JWSHeader header = token.getHeader();
        return Mono.fromCallable(() -> cache
                        .keys(header.getKeyID(), header.getAlgorithm().getName())
                        .stream()
                        .map(VerificationKey::publicKey)
                        .filter(key -> !key.equals(tried.publicKey()))
                        .toList())
                .subscribeOn(Schedulers.boundedElastic())
                .publishOn(Schedulers.parallel())
                .flatMap(others -> others.isEmpty() ? Mono.error(bad) : claims(token, others));
    }

    private Mono<JWTClaimsSet> claims(SignedJWT token, List<PublicKey> keys) {
        return Mono.fromCallable(() -> processor.process(token, new AtHand(keys)));
    }

    /** Into the two kinds that Spring Security tells apart: the caller's fault, and ours. */
    private static Throwable translated(Throwable failure) {
        if (failure instanceof UnknownKeyException) {
            // Without its own message, which quotes the token: this one is sent to the caller.
            return new BadJwtException("Signed JWT rejected: no key of its issuer fits its kid and algorithm", failure);
        }
        if (failure instanceof BadJOSEException || failure instanceof ParseException) {
            return new BadJwtException("Failed to validate the token: " + failure.getMessage(), failure);
        }
        if (failure instanceof JwksException || failure instanceof JOSEException) {
            return new JwtException("Failed to validate the token: " + failure.getMessage(), failure);
        }
        return failure;
    }

    /** The keys of one token. */
    private record AtHand(List<PublicKey> keys) implements SecurityContext {}
}
