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
        consumer = new JwtConsumerBuilder()
                .setVerificationKeyResolver(new HttpsJwksVerificationKeyResolver(new HttpsJwks(keySet)))
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
