package dev.jwkscache.jose4j;

import dev.jwkscache.JwksCache;
import dev.jwkscache.contract.AdapterContract;
import dev.jwkscache.contract.Verification;
import java.util.Set;
import java.util.stream.Stream;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;

class Jose4jContractTest extends AdapterContract {

    static Stream<String> algorithms() {
        return Stream.concat(rsaAndEc(), Stream.of("Ed25519", "Ed448"));
    }

    @Override
    protected Verification open(Settings settings, String alg) {
        JwksCache cache = settings.cache();
        JwtConsumer consumer = new JwtConsumerBuilder()
                .setVerificationKeyResolver(new JwksCacheKeyResolver(cache, Set.of(alg)))
                .build();
        return Verification.of(cache, consumer::processToClaims);
    }

    @Override
    protected boolean isOurs(Exception thrown) {
        return JwksCacheKeyResolver.outage((InvalidJwtException) thrown).isPresent();
    }

    @Override
    protected boolean triesCandidates() {
        return true;
    }
}
