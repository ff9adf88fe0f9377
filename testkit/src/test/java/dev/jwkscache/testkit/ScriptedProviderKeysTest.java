package dev.jwkscache.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ScriptedProviderKeysTest {
    private final VirtualTime time = new VirtualTime();
    private final ScriptedProvider provider = ScriptedProvider.inMemory(time, "ES256");

    @Test
    void startsWithOneKeyWhichIsCurrent() {
        assertThat(provider.keys()).hasSize(1);
        assertThat(provider.current("ES256")).isSameAs(provider.keys().get(0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS256", "PS384", "ES256", "ES384", "ES512", "Ed25519", "Ed448"})
    void everyKeyIsPublishedAsAnIndependentParserExpects(String alg) throws Exception {
        SigningKey key = provider.addKey(alg);

        JWK jwk = JWKSet.parse(provider.document()).getKeyByKeyId(key.kid());

        assertThat(jwk.isPrivate()).isFalse();
        assertThat(jwk.getKeyUse()).isEqualTo(KeyUse.SIGNATURE);
        assertThat(jwk.getAlgorithm().getName()).isEqualTo(key.joseAlgorithm());
        assertThat(jwk.computeThumbprint()).hasToString(key.thumbprint());
        assertThat(jwk.getKeyID()).isEqualTo(key.thumbprint());
        assertThat(JWK.parse(key.jwk())).isEqualTo(jwk);
    }

    @Test
    void rotateAddsACurrentKeyAndLeavesTheOldOnePublished() throws Exception {
        SigningKey old = provider.current("ES256");

        SigningKey fresh = provider.rotate();

        assertThat(provider.current("ES256")).isSameAs(fresh);
        assertThat(publishedKids()).containsExactly(old.kid(), fresh.kid());
    }

    @Test
    void withdrawTakesAKeyOutAndTheNewestRemainingOneBecomesCurrent() throws Exception {
        SigningKey first = provider.current("ES256");
        SigningKey second = provider.rotate("ES256");
        SigningKey third = provider.rotate("ES256");
        provider.addKey("ES384");

        provider.withdraw(third.kid());
        assertThat(provider.current("ES256")).isSameAs(second);
        provider.withdraw(first.kid());
        assertThat(provider.current("ES256")).isSameAs(second);

        assertThat(publishedKids())
                .containsExactly(second.kid(), provider.current("ES384").kid());
    }

    @Test
    void withoutAnyKeyTheSetIsEmptyAndThereIsNoToken() {
        provider.withdraw(provider.current("ES256"));

        assertThat(provider.document()).isEqualTo("{\"keys\":[]}");
        assertThatIllegalStateException()
                .isThrownBy(provider::token)
                .withMessageContaining("ES256")
                .withMessageContaining("addKey");
    }

    @Test
    void keysMayHaveNoKidOrTheKidOfAnother() throws Exception {
        SigningKey nameless = provider.addKey("ES256", null);
        SigningKey twin = provider.addKey("ES256", "default");
        SigningKey otherTwin = provider.addKey("ES384", "default");

        assertThat(nameless.kid()).isNull();
        assertThat(publishedKids()).endsWith(null, "default", "default");
        assertThat(twin.thumbprint()).isNotEqualTo(otherTwin.thumbprint());

        provider.withdraw("default");
        provider.withdraw(nameless);
        assertThat(provider.keys()).hasSize(1);
    }

    @Test
    void withdrawingWhatIsNotThereIsAMistake() {
        SigningKey gone = provider.rotate();
        provider.withdraw(gone);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> provider.withdraw("nobody"))
                .withMessageContaining("nobody")
                .withMessageContaining(provider.current("ES256").kid());
        assertThatIllegalArgumentException().isThrownBy(() -> provider.withdraw(gone));
    }

    @Test
    void publishReplacesTheDocumentVerbatimUntilPublishKeys() throws Exception {
        provider.publish("{ not json");
        assertThat(provider.document()).isEqualTo("{ not json");
        provider.rotate();
        assertThat(provider.document()).isEqualTo("{ not json");

        provider.publishKeys();

        assertThat(publishedKids()).hasSize(2);
    }

    @Test
    void noTwoKeysAreTheSameWhoeverMakesThem() {
        Set<Object> moduli = new HashSet<>();
        Set<String> kids = new HashSet<>();
        for (int i = 0; i < 10; i++) {
            ScriptedProvider other = ScriptedProvider.inMemory(time, "RS256", "PS256");
            for (SigningKey key : other.keys()) {
                moduli.add(((RSAPublicKey) key.publicKey()).getModulus());
                kids.add(key.kid());
            }
        }

        assertThat(moduli).hasSize(20);
        assertThat(kids).hasSize(20);
    }

    @Test
    void rsaKeysHave2048BitsAndAConsistentPrivateHalf() throws Exception {
        for (int i = 0; i < 10; i++) {
            SigningKey key = provider.addKey("RS256");
            RSAKey jwk = RSAKey.parse(key.jwk());
            RSAPrivateCrtKey secret = (RSAPrivateCrtKey) key.privateKey();

            assertThat(jwk.size()).isEqualTo(2048);
            assertThat(secret.getPrimeP().multiply(secret.getPrimeQ()))
                    .isEqualTo(jwk.getModulus().decodeToBigInteger());
            assertThat(secret.getPrimeP().isProbablePrime(20)).isTrue();
            assertThat(secret.getPrimeQ().isProbablePrime(20)).isTrue();
        }
    }

    @Test
    void eddsaNamesBothEdwardsCurves() {
        SigningKey ed448 = provider.addKey("Ed448");
        assertThat(provider.current("EdDSA")).isSameAs(ed448);

        SigningKey ed25519 = provider.addKey("EdDSA");

        assertThat(ed25519.algorithm()).isEqualTo("Ed25519");
        assertThat(ed25519.joseAlgorithm()).isEqualTo("EdDSA");
        assertThat(provider.current("EdDSA")).isSameAs(ed25519);
        assertThat(provider.current("Ed448")).isSameAs(ed448);
    }

    @Test
    void unknownAlgorithmsAreRefusedByName() {
        assertThat(ScriptedProvider.supports("HS256")).isFalse();
        assertThat(ScriptedProvider.supports("RS256")).isTrue();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> provider.addKey("HS256"))
                .withMessageContaining("HS256")
                .withMessageContaining("RS256, RS384");
        assertThatIllegalArgumentException().isThrownBy(() -> ScriptedProvider.start(new String[0]));
        assertThatIllegalArgumentException().isThrownBy(() -> ScriptedProvider.start("none"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ML-DSA-44", "ML-DSA-65", "ML-DSA-87"})
    void mlDsaIsThereExactlyWhereTheJdkHasIt(String alg) {
        if (Runtime.version().feature() >= 24) {
            assertThat(ScriptedProvider.supports(alg)).isTrue();
            assertThat(provider.addKey(alg).jwk()).contains("\"kty\":\"AKP\"", "\"alg\":\"" + alg + "\"", "\"pub\":\"");
        } else {
            assertThat(ScriptedProvider.supports(alg)).isFalse();
            assertThatExceptionOfType(UnsupportedOperationException.class)
                    .isThrownBy(() -> provider.addKey(alg))
                    .withMessageContaining(alg)
                    .withMessageContaining("Java 24");
            assertThat(provider.keys()).hasSize(1);
        }
    }

    @Test
    void aKeyDescribesItselfWithoutItsSecret() {
        SigningKey key = provider.addKey("ES256", "my-kid");

        assertThat(key).hasToString("ES256 key my-kid");
        assertThat(provider.addKey("ES256", null)).hasToString("ES256 key without kid");
        assertThat(key.jwk()).doesNotContain("\"d\"");
    }

    private List<String> publishedKids() throws Exception {
        return JWKSet.parse(provider.document()).getKeys().stream()
                .map(JWK::getKeyID)
                .toList();
    }
}
