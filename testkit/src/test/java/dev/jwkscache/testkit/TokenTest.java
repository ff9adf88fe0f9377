package dev.jwkscache.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.SignedJWT;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class TokenTest {
    private final VirtualTime time = new VirtualTime(Instant.parse("2026-03-01T12:00:00Z"));
    private final ScriptedProvider provider = ScriptedProvider.inMemory(time, "ES256");

    @ParameterizedTest
    @ValueSource(strings = {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"})
    void anIndependentImplementationVerifiesTheTokenWithThePublishedKey(String alg) throws Exception {
        SigningKey key = provider.addKey(alg);
        SignedJWT token = SignedJWT.parse(provider.token(alg));

        assertThat(token.getHeader().getAlgorithm().getName()).isEqualTo(alg);
        assertThat(token.getHeader().getKeyID()).isEqualTo(key.kid());
        assertThat(token.verify(verifier(token))).isTrue();
        assertThat(SignedJWT.parse(tampered(token)).verify(verifier(token))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        // The DER that precedes the raw key in X.509 (RFC 8410 section 4).
        "Ed25519, 302a300506032b6570032100",
        "Ed448,   3043300506032b6571033a00"
    })
    void theJdkVerifiesAnEdwardsTokenWithTheRawPublishedKey(String curve, String prefix) throws Exception {
        SigningKey key = provider.addKey(curve);
        Map<String, Object> jwk = JSONObjectUtils.parse(key.jwk());
        assertThat(jwk).containsEntry("kty", "OKP").containsEntry("crv", curve).containsEntry("alg", "EdDSA");

        assertVerifies(curve, publicKey(curve, prefix, String.valueOf(jwk.get("x"))), provider.token(curve), "EdDSA");
    }

    @ParameterizedTest
    @CsvSource({
        // The DER that precedes the raw key in X.509 (RFC 9881).
        "ML-DSA-44, 30820532300b0609608648016503040311038205210 0, 1312, 2420",
        "ML-DSA-65, 308207b2300b0609608648016503040312038207a10 0, 1952, 3309",
        "ML-DSA-87, 30820a32300b060960864801650304031303820a210 0, 2592, 4627"
    })
    void theJdkVerifiesAnMlDsaTokenWithTheRawPublishedKey(String alg, String prefix, int keySize, int signatureSize)
            throws Exception {
        if (Runtime.version().feature() < 24) {
            assertThat(ScriptedProvider.supports(alg)).isFalse();
            return;
        }
        SigningKey key = provider.addKey(alg);
        Map<String, Object> jwk = JSONObjectUtils.parse(key.jwk());
        String pub = String.valueOf(jwk.get("pub"));

        assertThat(jwk).containsEntry("kty", "AKP").containsEntry("alg", alg);
        assertThat(new Base64URL(pub).decode()).hasSize(keySize);
        String token = provider.token(alg);
        assertThat(signature(token)).hasSize(signatureSize);
        assertVerifies(alg, publicKey(alg, prefix.replace(" ", ""), pub), token, alg);
        String forThumbprint = "{\"alg\":\"" + alg + "\",\"kty\":\"AKP\",\"pub\":\"" + pub + "\"}";
        assertThat(key.thumbprint())
                .isEqualTo(Base64URL.encode(MessageDigest.getInstance("SHA-256")
                                .digest(forThumbprint.getBytes(StandardCharsets.UTF_8)))
                        .toString());
    }

    @Test
    void hasTheUsualClaimsByTheProvidersClock() throws Exception {
        time.advance(Duration.ofMinutes(1));
        Map<String, Object> claims =
                JWSObject.parse(provider.token()).getPayload().toJSONObject();

        assertThat(claims)
                .containsOnly(
                        Map.entry("iss", "https://provider.test"),
                        Map.entry("sub", "test-subject"),
                        Map.entry("iat", Instant.parse("2026-03-01T12:01:00Z").getEpochSecond()),
                        Map.entry("exp", Instant.parse("2026-03-01T13:01:00Z").getEpochSecond()));
    }

    @Test
    void claimsAreAddedReplacedAndRemoved() throws Exception {
        Map<String, Object> claims = new HashMap<>();
        claims.put("sub", "somebody else");
        claims.put("exp", Instant.ofEpochSecond(1));
        claims.put("iat", null);
        claims.put("aud", List.of("a", "b"));
        claims.put("nested", Map.of("ok", true, "half", 0.5, "none", List.of()));
        claims.put("text", "quote \" backslash \\ newline \n umlaut ü pair \uD83D\uDD11");

        Map<String, Object> read =
                SignedJWT.parse(provider.token("ES256", claims)).getPayload().toJSONObject();

        assertThat(read)
                .containsEntry("sub", "somebody else")
                .containsEntry("exp", 1L)
                .containsEntry("aud", List.of("a", "b"))
                .containsEntry("nested", Map.of("ok", true, "half", 0.5, "none", List.of()))
                .containsEntry("text", "quote \" backslash \\ newline \n umlaut ü pair \uD83D\uDD11")
                .containsKey("iss")
                .doesNotContainKey("iat");
    }

    @Test
    void claimsWithoutJsonFormAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> provider.token("ES256", Map.of("x", new Object())))
                .withMessageContaining("java.lang.Object");
        assertThatIllegalArgumentException().isThrownBy(() -> provider.token("ES256", Map.of("x", Double.NaN)));
    }

    @Test
    void aWithdrawnKeyStillSignsWhereTheTestAsksForIt() throws Exception {
        SigningKey old = provider.current("ES256");
        JWKSet before = JWKSet.parse(provider.document());
        provider.rotate();
        provider.withdraw(old);

        SignedJWT token = SignedJWT.parse(provider.tokenSignedBy(old, Map.of("sub", "late")));

        assertThat(token.getHeader().getKeyID()).isEqualTo(old.kid());
        assertThat(token.verify(
                        new ECDSAVerifier(before.getKeyByKeyId(old.kid()).toECKey())))
                .isTrue();
    }

    @Test
    void aKeyWithoutKidMakesATokenWithoutKid() throws Exception {
        provider.addKey("ES256", null);

        assertThat(JWSObject.parse(provider.token()).getHeader().getKeyID()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS256", "ES256", "ES512", "Ed25519", "Ed448"})
    void forgedTokensLookRightAndVerifyWithNothing(String alg) throws Exception {
        ScriptedProvider victim = ScriptedProvider.inMemory(time, alg);
        String genuine = victim.token();

        JWSObject forged = JWSObject.parse(victim.forgedToken());

        assertThat(forged.getHeader().getAlgorithm())
                .isEqualTo(JWSObject.parse(genuine).getHeader().getAlgorithm());
        assertThat(forged.getSignature().decode()).hasSameSizeAs(signature(genuine));
        assertThat(forged.getHeader().getKeyID())
                .isNotEqualTo(victim.current(alg).kid())
                .isNotEqualTo(JWSObject.parse(victim.forgedToken()).getHeader().getKeyID());
    }

    private JWSVerifier verifier(SignedJWT token) throws Exception {
        JWKSet published = JWKSet.parse(provider.document());
        var key = published.getKeyByKeyId(token.getHeader().getKeyID());
        return key.getKeyType().getValue().equals("RSA")
                ? new RSASSAVerifier(key.toRSAKey())
                : new ECDSAVerifier(key.toECKey());
    }

    private static String tampered(SignedJWT token) {
        Base64URL[] parts = token.getParsedParts();
        return parts[0] + "." + Base64URL.encode("{\"sub\":\"admin\"}") + "." + parts[2];
    }

    private static PublicKey publicKey(String algorithm, String prefix, String raw) throws Exception {
        ByteArrayOutputStream encoded = new ByteArrayOutputStream();
        encoded.writeBytes(HexFormat.of().parseHex(prefix));
        encoded.writeBytes(new Base64URL(raw).decode());
        return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(encoded.toByteArray()));
    }

    private static void assertVerifies(String algorithm, PublicKey key, String token, String headerAlg)
            throws Exception {
        String content = token.substring(0, token.lastIndexOf('.'));
        Signature signature = Signature.getInstance(algorithm);
        signature.initVerify(key);
        signature.update(content.getBytes(StandardCharsets.US_ASCII));
        assertThat(signature.verify(signature(token))).isTrue();
        String header = new Base64URL(token.substring(0, token.indexOf('.'))).decodeToString();
        assertThat(JSONObjectUtils.parse(header)).containsEntry("alg", headerAlg);
    }

    private static byte[] signature(String token) {
        return new Base64URL(token.substring(token.lastIndexOf('.') + 1)).decode();
    }
}
