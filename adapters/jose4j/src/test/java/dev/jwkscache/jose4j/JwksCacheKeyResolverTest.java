package dev.jwkscache.jose4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jwkscache.JwksCache;
import dev.jwkscache.real.Eventually;
import dev.jwkscache.testkit.ScriptedProvider;
import dev.jwkscache.testkit.SigningKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.consumer.ErrorCodes;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.lang.InvalidAlgorithmException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JwksCacheKeyResolverTest {
    private final ScriptedProvider provider = ScriptedProvider.start("RS256");
    private final JwksCache cache = JwksCache.builder(provider.jwksUri()).build();
    private final JwksCacheKeyResolver resolver = new JwksCacheKeyResolver(cache, Set.of("RS256", "ES256"));

    @AfterEach
    void close() {
        cache.close();
        provider.close();
    }

    @Test
    void withoutKidTenKeysAreTriedAndNoMore() throws Exception {
        List<SigningKey> nameless = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            nameless.add(provider.addKey("ES256", null));
        }
        SigningKey eleventh = provider.addKey("ES256", null);

        for (SigningKey key : nameless) {
            assertThat(consumer().processToClaims(provider.tokenSignedBy(key, Map.of())))
                    .isNotNull();
        }
        String token = provider.tokenSignedBy(eleventh, Map.of());
        assertThatThrownBy(() -> consumer().processToClaims(token))
                .isInstanceOfSatisfying(
                        InvalidJwtException.class,
                        e -> assertThat(e.hasErrorCode(ErrorCodes.SIGNATURE_INVALID))
                                .isTrue());
    }

    @Test
    void ofTwoKeysUnderOneKidEachVerifiesItsTokens() throws Exception {
        SigningKey one = provider.addKey("ES256", "twice");
        SigningKey other = provider.addKey("ES256", "twice");

        assertThat(consumer().processToClaims(provider.tokenSignedBy(one, Map.of())))
                .isNotNull();
        assertThat(consumer().processToClaims(provider.tokenSignedBy(other, Map.of())))
                .isNotNull();
    }

    @Test
    void newMaterialUnderAnOldKidIsFoundAfterTheFirstBadSignature() throws Exception {
        SigningKey old = provider.current("RS256");
        assertThat(consumer().processToClaims(provider.token())).isNotNull();
        provider.withdraw(old);
        String token = provider.tokenSignedBy(provider.addKey("RS256", old.kid()), Map.of());

        assertThatThrownBy(() -> consumer().processToClaims(token)).isInstanceOf(InvalidJwtException.class);

        Eventually.check(() -> assertThat(consumer().processToClaims(token)).isNotNull());
        assertThat(provider.requestCount()).isEqualTo(2);
    }

    @Test
    void whatTheConsumerForbidsStaysForbidden() {
        JwtConsumer strict = new JwtConsumerBuilder()
                .setJwsAlgorithmConstraints(new AlgorithmConstraints(ConstraintType.PERMIT, "ES256"))
                .setVerificationKeyResolver(resolver)
                .build();

        assertThatThrownBy(() -> strict.processToClaims(provider.token()))
                .isInstanceOf(InvalidJwtException.class)
                .hasCauseInstanceOf(InvalidAlgorithmException.class);
    }

    @Test
    void aHeaderThatOnlyTheServiceUnderstandsIsLeftToIt() throws Exception {
        SigningKey key = provider.current("RS256");
        JsonWebSignature jws = new JsonWebSignature();
        jws.setPayload("{\"sub\":\"somebody\"}");
        jws.setAlgorithmHeaderValue("RS256");
        jws.setKeyIdHeaderValue(key.kid());
        jws.setHeader("shop", "x");
        jws.setCriticalHeaderNames("shop");
        jws.setKey(key.privateKey());
        String token = jws.getCompactSerialization();

        assertThatThrownBy(() -> consumer().processToClaims(token)).isInstanceOf(InvalidJwtException.class);
        JwtConsumer aware = new JwtConsumerBuilder()
                .setVerificationKeyResolver(resolver)
                .setJwsCustomizer((signature, nesting) -> signature.setKnownCriticalHeaders("shop"))
                .build();
        assertThat(aware.processToClaims(token).getSubject()).isEqualTo("somebody");
        assertThat(provider.requestCount()).isEqualTo(1);
    }

    @Test
    void algorithmsThatCannotBeVerifiedAreRefusedAtConstruction() {
        assertThatThrownBy(() -> new JwksCacheKeyResolver(cache, Set.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("algorithms is empty; name at least one");
        assertThatThrownBy(() -> new JwksCacheKeyResolver(cache, Set.of("RS256", "HS256", "ML-DSA-44")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("algorithms names HS256, ML-DSA-44;");
    }

    @Test
    void aTokenThatIsOnlyExpiredIsNoOutage() {
        String token = provider.token("RS256", Map.of("exp", 1));
        assertThatThrownBy(() -> consumer().processToClaims(token))
                .isInstanceOfSatisfying(InvalidJwtException.class, e -> {
                    assertThat(e.hasExpired()).isTrue();
                    assertThat(JwksCacheKeyResolver.outage(e)).isEmpty();
                });
    }

    private JwtConsumer consumer() {
        return new JwtConsumerBuilder().setVerificationKeyResolver(resolver).build();
    }
}
