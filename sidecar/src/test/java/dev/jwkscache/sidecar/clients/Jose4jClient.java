package dev.jwkscache.sidecar.clients;

import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwk.HttpsJwks;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.keys.resolvers.HttpsJwksVerificationKeyResolver;

/** jose4j, whose keys a sidecar serves. One for the process: it holds the cache. */
final class Jose4jClient implements Client {
    private final JwtConsumer consumer;

    Jose4jClient(String keySet, String issuer, String audience) {
        HttpsJwks keys = new HttpsJwks(keySet);
        // In an outage keys are out of date and have a max-age of 0; without this jose4j would keep those for an hour.
        keys.setDefaultCacheDuration(30);
        consumer = new JwtConsumerBuilder()
                .setVerificationKeyResolver(new HttpsJwksVerificationKeyResolver(keys))
                .setJwsAlgorithmConstraints(AlgorithmConstraints.ConstraintType.PERMIT, "RS256", "ES256", "EdDSA")
                .setExpectedIssuer(issuer)
                .setExpectedAudience(audience)
                .setRequireExpirationTime()
                .build();
    }

    @Override
    public String subject(String token) throws Exception {
        return consumer.processToClaims(token).getSubject();
    }
}
