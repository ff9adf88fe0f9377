package dev.jwkscache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jwkscache.testkit.Behaviour;
import dev.jwkscache.testkit.ScriptedProvider;
import dev.jwkscache.testkit.SigningKey;
import dev.jwkscache.testkit.VirtualTime;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.security.Signature;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** DESIGN §2.3: which key is offered for a kid and an algorithm. */
class KeyChoiceTest {
    private static final List<String> RSA = List.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "Ed448"
            })
    void verifiesRealTokensOfEveryAlgorithm(String algorithm) throws Exception {
        verifiesARealToken(algorithm);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ML-DSA-44", "ML-DSA-65", "ML-DSA-87"})
    void verifiesMlDsaWhereTheJdkHasItAndCountsItAsSkippedWhereNot(String algorithm) throws Exception {
        if (ScriptedProvider.supports(algorithm)) {
            verifiesARealToken(algorithm);
            return;
        }
        int length =
                Map.of("ML-DSA-44", 1312, "ML-DSA-65", 1952, "ML-DSA-87", 2592).get(algorithm);
        String pub = Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[length]);
        JwkSet set = parse(ecKey("ec"), "{\"kty\":\"AKP\",\"alg\":\"" + algorithm + "\",\"pub\":\"" + pub + "\"}");

        assertThat(Runtime.version().feature()).isLessThan(24);
        assertThat(set.kids()).containsExactly("ec");
        assertThat(set.skipped())
                .singleElement()
                .satisfies(skipped -> assertThat(skipped.reason()).isEqualTo(SkipReason.UNSUPPORTED_BY_JDK));
    }

    private static void verifiesARealToken(String algorithm) throws Exception {
        VirtualTime time = new VirtualTime();
        try (ScriptedProvider provider = ScriptedProvider.inMemory(time, algorithm)) {
            SigningKey signing = provider.current(algorithm);
            JwkSet set = new JwkSetParser(KeyRules.STANDARD)
                    .parse(provider.document().getBytes(StandardCharsets.UTF_8));
            String[] token = provider.token(algorithm).split("\\.");

            List<VerificationKey> found = set.find(signing.kid(), signing.joseAlgorithm());

            assertThat(found).hasSize(1);
            VerificationKey key = found.get(0);
            assertThat(key.publicKey()).isInstanceOf(PublicKey.class);
            assertThat(key.kid()).isEqualTo(signing.kid());
            assertThat(key.algorithm()).isEqualTo(signing.joseAlgorithm());
            assertThat(key.thumbprint()).isEqualTo(signing.thumbprint());
            byte[] signature = Base64.getUrlDecoder().decode(token[2]);
            assertThat(verifies(key, token, signature)).isTrue();
            signature[signature.length - 1] ^= 1;
            assertThat(verifies(key, token, signature)).isFalse();
        }
    }

    private static boolean verifies(VerificationKey key, String[] token, byte[] signature) throws Exception {
        Signature verifier = key.newSignature();
        verifier.update((token[0] + "." + token[1]).getBytes(StandardCharsets.US_ASCII));
        try {
            return verifier.verify(signature);
        } catch (java.security.SignatureException malformed) {
            return false;
        }
    }

    @Test
    void anRsaKeyWithoutAlgServesEveryRsaAlgorithmAndNoOther() throws Exception {
        JwkSet set = parse(without(rsaKey("r"), "alg", "use"));

        for (String alg : RSA) {
            assertThat(set.find("r", alg))
                    .singleElement()
                    .satisfies(key -> assertThat(key.algorithm()).isEqualTo(alg));
        }
        for (String alg : List.of("ES256", "HS256", "EdDSA", "RSA-OAEP", "ML-DSA-44", "none", "")) {
            assertThat(set.find("r", alg)).isEmpty();
        }
    }

    @Test
    void theKeysOwnAlgIsBinding() throws Exception {
        JwkSet set = parse(rsaKey("r"));

        assertThat(set.find("r", "RS256")).hasSize(1);
        assertThat(set.find("r", "PS256")).isEmpty();
        assertThat(set.find("r", "RS512")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"ES256, ES384", "ES384, ES512", "ES512, ES256"})
    void theCurveIsBinding(String own, String other) throws Exception {
        JwkSet set = parse(without(key(own, "e"), "alg"));

        assertThat(set.find("e", own)).hasSize(1);
        assertThat(set.find("e", other)).isEmpty();
    }

    @Test
    void fullySpecifiedEdDsaNamesMeanTheSameKey() throws Exception {
        JwkSet set = parse(key("Ed25519", "a"), key("Ed448", "b"));

        assertThat(set.find("a", "EdDSA")).hasSize(1);
        assertThat(set.find("a", "Ed25519")).hasSize(1);
        assertThat(set.find("a", "Ed448")).isEmpty();
        assertThat(set.find("b", "Ed448")).hasSize(1);
        assertThat(set.find("b", "Ed25519")).isEmpty();
    }

    @Test
    void aSymmetricKeyIsNeverServed() throws Exception {
        JwkSet set = parse(ecKey("e"), "{\"kty\":\"oct\",\"kid\":\"s\",\"alg\":\"HS256\",\"k\":\"c2VjcmV0\"}");

        assertThat(set.find("s", "HS256")).isEmpty();
        assertThat(set.kids()).containsExactly("e");
        assertThat(set.skipped().get(0).reason()).isEqualTo(SkipReason.SYMMETRIC);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"use\":\"enc\"",
                "\"use\":\"enc\",\"alg\":\"RSA-OAEP\"",
                "\"alg\":\"RSA-OAEP-256\"",
                "\"alg\":\"RSA1_5\"",
                "\"key_ops\":[\"encrypt\"]",
                "\"key_ops\":\"verify\"",
                "\"use\":7"
            })
    void aKeyForEncryptionIsNeverOfferedForSignatures(String members) throws Exception {
        String key = without(rsaKey("r"), "alg", "use").replaceFirst("\\{", "{" + members + ",");
        JwkSet set = parse(ecKey("e"), key);

        assertThat(set.kids()).containsExactly("e");
        assertThat(RSA).allSatisfy(alg -> assertThat(set.find("r", alg)).isEmpty());
        assertThat(set.skipped().get(0).reason()).isEqualTo(SkipReason.NOT_FOR_SIGNATURES);
    }

    @Test
    void keyOpsWithVerifyIsForSignatures() throws Exception {
        String key = without(ecKey("e"), "use").replaceFirst("\\{", "{\"key_ops\":[\"sign\",\"verify\"],");

        assertThat(parse(key).find("e", "ES256")).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"ES256", "HS256", "EdDSA", "none"})
    void anAlgThatContradictsTheKeyMakesItUnusable(String alg) throws Exception {
        String key = without(rsaKey("r"), "alg").replaceFirst("\\{", "{\"alg\":\"" + alg + "\",");

        assertThat(parse(ecKey("e"), key).skipped().get(0).reason()).isEqualTo(SkipReason.CONTRADICTING_ALGORITHM);
    }

    @Test
    void anAlgThatIsRegisteredButNotServedIsBindingToo() throws Exception {
        String key = without(ecKey("k"), "alg").replaceFirst("\\{", "{\"alg\":\"ES256K\",");

        assertThat(parse(ecKey("e"), key).skipped().get(0).reason()).isEqualTo(SkipReason.CONTRADICTING_ALGORITHM);
    }

    @Test
    void anAlgThatNobodyRegisteredSaysNothing() throws Exception {
        String key = without(rsaKey("r"), "alg").replaceFirst("\\{", "{\"alg\":\"SHA256\",");

        assertThat(parse(key).find("r", "RS256")).hasSize(1);
    }

    @Test
    void withoutKidEveryKeyThatFitsIsOfferedInOrderUpToTen() throws Exception {
        List<String> keys = IntStream.range(0, 12)
                .mapToObj(i -> without(key("Ed25519", "k" + i), "kid"))
                .collect(Collectors.toCollection(ArrayList::new));
        keys.add(ecKey("e"));
        JwkSet set = parse(keys.toArray(String[]::new));

        assertThat(set.find(null, "EdDSA")).hasSize(10);
        assertThat(set.find("", "EdDSA")).isEqualTo(set.find(null, "EdDSA"));
        assertThat(set.find(null, "EdDSA"))
                .extracting(VerificationKey::thumbprint)
                .containsExactlyElementsOf(
                        set.keys().stream().limit(10).map(Jwk::thumbprint).toList());
        assertThat(set.find(null, "ES256")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"kid\":null,", "\"kid\":\"\",", "\"kid\":7,", ""})
    void aKidThatIsNoneCountsAsAbsent(String kid) throws Exception {
        JwkSet set = parse(without(ecKey("e"), "kid").replaceFirst("\\{", "{" + kid));

        assertThat(set.kids()).isEmpty();
        assertThat(set.find(null, "ES256")).hasSize(1);
        assertThat(set.find(null, "ES256").get(0).kid()).isNull();
    }

    @Test
    void sameKidTwiceOffersEveryKeyThatFits() throws Exception {
        JwkSet set = parse(ecKey("k"), ecKey("k"), rsaKey("k"));

        assertThat(set.find("k", "ES256")).hasSize(2);
        assertThat(set.find("k", "RS256")).hasSize(1);
        assertThat(set.duplicateKids()).containsExactly("k");
    }

    @Test
    void keysAreConvertedOnceWhenTheSetIsLoaded() throws Exception {
        JwkSet set = parse(rsaKey("r"));

        assertThat(set.find("r", "RS256").get(0))
                .isSameAs(set.find("r", "RS256").get(0));
        assertThat(set.find("r", "RS256")).isSameAs(set.find("r", "RS256"));
    }

    @Test
    void aCacheOffersAllCandidatesThroughKeysAndTheFirstThroughKey() {
        try (Stage stage = new Stage()) {
            stage.provider.addKey("ES256", null);
            stage.cache.start();

            assertThat(stage.cache.keys(null, "ES256")).hasSize(2);
            assertThat(stage.cache.key(null, "ES256"))
                    .isSameAs(stage.cache.keys("", "ES256").get(0));
            assertThatThrownBy(() -> stage.cache.keys(null, "RS256")).isInstanceOf(UnknownKeyException.class);
            assertThat(stage.fetches())
                    .as("a lookup without kid spends the miss budget like any other")
                    .isEqualTo(2);
            stage.provider.behave(Behaviour.hangBeforeHeaders());
            assertThatThrownBy(() -> stage.cache.keys(null, "RS256")).isInstanceOf(UnknownKeyException.class);
        }
    }

    static JwkSet parse(String... keys) throws FetchException {
        String document = "{\"keys\":[" + String.join(",", keys) + "]}";
        return new JwkSetParser(KeyRules.STANDARD).parse(document.getBytes(StandardCharsets.UTF_8));
    }

    /** RSA keys take long to make, so that they share one; only their kids differ. */
    private static final String RSA_KEY = newKey("RS256", "rsa");

    static String key(String algorithm, String kid) {
        return algorithm.equals("RS256") ? RSA_KEY.replace("\"rsa\"", '"' + kid + '"') : newKey(algorithm, kid);
    }

    private static String newKey(String algorithm, String kid) {
        try (ScriptedProvider provider = ScriptedProvider.inMemory(new VirtualTime(), algorithm)) {
            return provider.addKey(algorithm, kid).jwk();
        }
    }

    static String ecKey(String kid) {
        return key("ES256", kid);
    }

    private static String rsaKey(String kid) {
        return key("RS256", kid);
    }

    static String without(String jwk, String... members) {
        String left = jwk;
        for (String member : members) {
            left = left.replaceFirst("\"" + member + "\":\"[^\"]*\",", "")
                    .replaceFirst(",\"" + member + "\":\"[^\"]*\"", "");
        }
        return left;
    }
}
