package dev.jwkscache.jwksrsa;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.auth0.jwk.Jwk;
import com.auth0.jwk.JwkException;
import com.auth0.jwk.SigningKeyNotFoundException;
import com.auth0.jwk.UrlJwkProvider;
import dev.jwkscache.JwksCache;
import dev.jwkscache.UnknownKeyException;
import dev.jwkscache.testkit.Behaviour;
import dev.jwkscache.testkit.ScriptedProvider;
import dev.jwkscache.testkit.SigningKey;
import java.security.Signature;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JwksCacheProviderTest {
    private final ScriptedProvider provider = ScriptedProvider.start("RS256", "ES256");
    private final JwksCache cache = JwksCache.builder(provider.jwksUri()).build();

    @AfterEach
    void close() {
        cache.close();
        provider.close();
    }

    @Test
    void aKeyIsConvertedOnceForEachSet() throws Exception {
        JwksCacheProvider keys = new JwksCacheProvider(cache, "RS256");
        String kid = provider.current("RS256").kid();
        Jwk first = keys.get(kid);

        assertThat(keys.get(kid)).isSameAs(first);
        assertThat(keys.get(kid).getPublicKey()).isSameAs(first.getPublicKey());

        provider.rotate();
        cache.refresh().join();

        assertThat(keys.get(kid)).isNotSameAs(first);
        assertThat(keys.get(kid).getPublicKey()).isEqualTo(first.getPublicKey());
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS256", "ES256", "ES512"})
    void aKeyHasWhatJwksRsaReadsFromTheSameDocument(String alg) throws Exception {
        SigningKey key = provider.addKey(alg);
        Jwk theirs = new UrlJwkProvider(provider.jwksUri().toURL()).get(key.kid());

        Jwk ours = new JwksCacheProvider(cache, alg).get(key.kid());

        assertThat(ours.getPublicKey()).isEqualTo(theirs.getPublicKey());
        assertThat(ours.getId()).isEqualTo(theirs.getId());
        assertThat(ours.getType()).isEqualTo(theirs.getType());
        assertThat(ours.getAlgorithm()).isEqualTo(theirs.getAlgorithm()).isEqualTo(alg);
        assertThat(ours.getUsage()).isEqualTo(theirs.getUsage()).isEqualTo("sig");
        assertThat(ours.getAdditionalAttributes()).isEqualTo(theirs.getAdditionalAttributes());
        assertThat(ours.getOperationsAsList()).isNull();
        assertThat(ours.getCertificateChain()).isNull();
        assertThat(ours.getCertificateUrl()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Ed25519", "Ed448", "ML-DSA-44"})
    void keysThatJwksRsaCannotReadAreReadyToVerify(String alg) throws Exception {
        assumeThat(ScriptedProvider.supports(alg)).isTrue();
        SigningKey key = provider.addKey(alg);
        String token = provider.token(alg);
        int dot = token.lastIndexOf('.');

        Jwk jwk = new JwksCacheProvider(cache, key.joseAlgorithm()).get(key.kid());

        Signature signature = Signature.getInstance(key.joseAlgorithm());
        signature.initVerify(jwk.getPublicKey());
        signature.update(token.substring(0, dot).getBytes(US_ASCII));
        assertThat(signature.verify(Base64.getUrlDecoder().decode(token.substring(dot + 1))))
                .isTrue();
        assertThat(new UrlJwkProvider(provider.jwksUri().toURL()).get(key.kid()))
                .satisfies(theirs -> assertThatThrownBy(theirs::getPublicKey).isInstanceOf(JwkException.class));
    }

    @Test
    void ofSeveralAlgorithmsUnderOneKidTheFirstThatWasNamedCounts() throws Exception {
        provider.addKey("RS256", "shared");
        provider.addKey("ES256", "shared");

        assertThat(new JwksCacheProvider(cache, "ES256", "RS256").get("shared").getType())
                .isEqualTo("EC");
        assertThat(new JwksCacheProvider(cache, "RS256", "ES256").get("shared").getType())
                .isEqualTo("RSA");
    }

    @Test
    void aNewKidOfAnyNamedAlgorithmIsFoundWithOneFetch() throws Exception {
        JwksCacheProvider keys = new JwksCacheProvider(cache, "RS256", "ES256");
        assertThat(keys.get(provider.current("RS256").kid())).isNotNull();
        SigningKey fresh = provider.rotate("ES256");

        assertThat(keys.get(fresh.kid()).getType()).isEqualTo("EC");
        assertThat(provider.requestCount()).isEqualTo(2);
    }

    @Test
    void aKeyForAnotherAlgorithmIsNotReturned() {
        JwksCacheProvider keys = new JwksCacheProvider(cache, "RS256");
        String kid = provider.current("ES256").kid();

        assertThatThrownBy(() -> keys.get(kid))
                .isInstanceOf(SigningKeyNotFoundException.class)
                .hasCauseInstanceOf(UnknownKeyException.class);
    }

    @Test
    void withoutKidTheOnlyKeyThatFitsIsReturned() throws Exception {
        assertThat(new JwksCacheProvider(cache, "RS256", "RS512").get(null).getId())
                .isEqualTo(provider.current("RS256").kid());
        assertThat(new JwksCacheProvider(cache, "RS256").get("")).isNotNull();
        JwksCacheProvider both = new JwksCacheProvider(cache, "RS256", "ES256");
        assertThatThrownBy(() -> both.get(null))
                .isInstanceOf(SigningKeyNotFoundException.class)
                .hasMessageContaining("several keys fit RS256, ES256");
    }

    @Test
    void anOutageSaysWhenToComeAgain() {
        provider.behave(Behaviour.status(503, Duration.ofMinutes(2)));
        JwksCacheProvider keys = new JwksCacheProvider(cache, "RS256");

        assertThatThrownBy(() -> keys.get("k"))
                .isInstanceOf(JwksCacheProvider.KeysNotAtHandException.class)
                .isNotInstanceOf(SigningKeyNotFoundException.class)
                .satisfies(e -> assertThat(((JwksCacheProvider.KeysNotAtHandException) e).retryAfter())
                        .hasValueSatisfying(wait -> assertThat(wait).isPositive()))
                .hasMessageContaining("503");
    }

    @Test
    void algorithmsThatNoCacheServesAreRefusedAtConstruction() {
        for (String alg : List.of("HS256", "none", "rs256", "")) {
            assertThatThrownBy(() -> new JwksCacheProvider(cache, "RS256", alg))
                    .as(alg)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("the algorithms name " + alg + ";");
        }
    }
}
