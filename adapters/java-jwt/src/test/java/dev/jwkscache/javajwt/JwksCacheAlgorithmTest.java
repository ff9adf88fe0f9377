package dev.jwkscache.javajwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import com.auth0.jwt.exceptions.SignatureGenerationException;
import com.auth0.jwt.exceptions.SignatureVerificationException;
import com.auth0.jwt.interfaces.DecodedJWT;
import com.auth0.jwt.interfaces.JWTVerifier;
import dev.jwkscache.JwksCache;
import dev.jwkscache.real.Eventually;
import dev.jwkscache.testkit.ScriptedProvider;
import dev.jwkscache.testkit.SigningKey;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JwksCacheAlgorithmTest {
    private final ScriptedProvider provider = ScriptedProvider.start("RS256", "ES256");
    private final JwksCache cache = JwksCache.builder(provider.jwksUri()).build();

    @AfterEach
    void close() {
        cache.close();
        provider.close();
    }

    @Test
    void itHasNoPrivateKeyAndDoesNotSign() {
        assertThat(JwksCacheAlgorithm.rsa(cache, "RS256").getPrivateKey()).isNull();
        assertThat(JwksCacheAlgorithm.rsa(cache, "RS256").getPrivateKeyId()).isNull();
        assertThat(JwksCacheAlgorithm.ecdsa(cache, "ES256").getPrivateKey()).isNull();
        assertThat(JwksCacheAlgorithm.ecdsa(cache, "ES256").getPrivateKeyId()).isNull();
        Algorithm algorithm = JwksCacheAlgorithm.of(cache, "RS256");
        assertThatThrownBy(() -> JWT.create().sign(algorithm)).isInstanceOf(SignatureGenerationException.class);
    }

    @Test
    void aProviderServesItsAlgorithmAlone() {
        JWTVerifier rsa = JWT.require(Algorithm.RSA256(JwksCacheAlgorithm.rsa(cache, "RS256")))
                .build();
        JWTVerifier ecdsa = JWT.require(Algorithm.ECDSA256(JwksCacheAlgorithm.ecdsa(cache, "ES256")))
                .build();

        assertThat(rsa.verify(provider.token("RS256")).getSubject()).isEqualTo("test-subject");
        assertThat(ecdsa.verify(provider.token("ES256")).getSubject()).isEqualTo("test-subject");
    }

    @Test
    void algorithmsThatJavaJwtDoesNotKnowAreRefusedAtConstruction() {
        assertThatThrownBy(() -> JwksCacheAlgorithm.of(cache, "EdDSA"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("alg is EdDSA; it must be RS256,");
        assertThatThrownBy(() -> JwksCacheAlgorithm.of(cache, "none")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> JwksCacheAlgorithm.rsa(cache, "ES256"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("alg is ES256; it must be RS256, RS384, RS512, PS256, PS384 or PS512");
        assertThatThrownBy(() -> JwksCacheAlgorithm.ecdsa(cache, "HS256"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("alg is HS256; it must be ES256, ES384 or ES512");
    }

    /** As the README shows it. */
    @Test
    void newMaterialUnderAnOldKidIsFoundWhenTheBadSignatureIsReported() throws Exception {
        SigningKey old = provider.current("RS256");
        JWTVerifier verifier =
                JWT.require(JwksCacheAlgorithm.of(cache, "RS256")).build();
        assertThat(verifier.verify(provider.token("RS256"))).isNotNull();
        provider.withdraw(old);
        SigningKey renewed = provider.addKey("RS256", old.kid());
        String token = provider.tokenSignedBy(renewed, Map.of());

        assertThatThrownBy(() -> verifier.verify(token)).isInstanceOf(SignatureVerificationException.class);
        DecodedJWT decoded = JWT.decode(token);
        cache.reportBadSignature(cache.key(decoded.getKeyId(), decoded.getAlgorithm()));

        Eventually.check(() -> assertThat(verifier.verify(token)).isNotNull());
    }
}
