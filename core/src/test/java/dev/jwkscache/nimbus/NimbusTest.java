package dev.jwkscache.nimbus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.BadJWSException;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import dev.jwkscache.JwksCaches;
import dev.jwkscache.KeysExpiredException;
import dev.jwkscache.KeysUnavailableException;
import dev.jwkscache.testkit.Behaviour;
import dev.jwkscache.testkit.ScriptedProvider;
import dev.jwkscache.testkit.SigningKey;
import java.security.Signature;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The cache under Nimbus's processor, through each of the two doors. */
class NimbusTest {
    enum Door {
        READY,
        DROP_IN;

        DefaultJWTProcessor<SecurityContext> of(NimbusStage stage, String... allowed) {
            return this == READY ? stage.ready(allowed) : stage.dropIn(allowed);
        }
    }

    static Stream<String> everyAlgorithm() {
        return Stream.of(
                        "RS256",
                        "RS384",
                        "RS512",
                        "PS256",
                        "PS384",
                        "PS512",
                        "ES256",
                        "ES384",
                        "ES512",
                        "Ed25519",
                        "Ed448",
                        "ML-DSA-44",
                        "ML-DSA-65",
                        "ML-DSA-87")
                .filter(ScriptedProvider::supports);
    }

    @ParameterizedTest
    @MethodSource("everyAlgorithm")
    void everyAlgorithmThatTheCacheServesVerifies(String alg) throws Exception {
        try (NimbusStage stage = new NimbusStage(alg)) {
            String jose = stage.provider.current(alg).joseAlgorithm();
            DefaultJWTProcessor<SecurityContext> processor = stage.ready(jose);

            assertThat(processor.process(stage.provider.token(alg), null).getSubject())
                    .isEqualTo("test-subject");

            String token = stage.provider.token(alg);
            assertThatExceptionOfType(BadJWSException.class).isThrownBy(() -> processor.process(altered(token), null));
            String cut = token.substring(0, token.length() - 8);
            assertThatExceptionOfType(BadJWSException.class).isThrownBy(() -> processor.process(cut, null));
        }
    }

    @ParameterizedTest
    @EnumSource
    void theTokenThatMeetsARotationPassesWithOneFetch(Door door) throws Exception {
        try (NimbusStage stage = new NimbusStage("RS256")) {
            DefaultJWTProcessor<SecurityContext> processor = door.of(stage, "RS256");
            stage.provider.rotate();
            String fresh = stage.provider.token();

            assertThat(processor.process(fresh, null).getSubject()).isEqualTo("test-subject");
            assertThat(processor.process(fresh, null).getSubject()).isEqualTo("test-subject");
            assertThat(stage.provider.requestCount()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aForgedKidIsTheCallersFaultAlsoInAnOutage(Door door) throws Exception {
        try (NimbusStage stage = new NimbusStage("ES256")) {
            DefaultJWTProcessor<SecurityContext> processor = door.of(stage, "ES256");
            String good = stage.provider.token();
            stage.provider.behave(Behaviour.refuse());
            stage.time.advance(Duration.ofMinutes(59));

            for (int i = 0; i < 100; i++) {
                assertThatExceptionOfType(BadJOSEException.class)
                        .isThrownBy(() -> processor.process(stage.provider.forgedToken(), null));
            }
            assertThat(processor.process(good, null).getSubject()).isEqualTo("test-subject");
        }
    }

    @ParameterizedTest
    @EnumSource
    void keysThatMayNotBeTrustedAreOurFault(Door door) throws Exception {
        try (NimbusStage stage = new NimbusStage("ES256")) {
            DefaultJWTProcessor<SecurityContext> processor = door.of(stage, "ES256");
            String good = stage.provider.token();
            stage.provider.behave(Behaviour.refuse());
            stage.time.advance(Duration.ofMinutes(61));

            assertThatExceptionOfType(KeySourceException.class)
                    .isThrownBy(() -> processor.process(good, null))
                    .withCauseInstanceOf(KeysExpiredException.class)
                    .withMessageContaining(stage.provider.jwksUri().toString());
            stage.cache.purge();
            assertThatExceptionOfType(KeySourceException.class)
                    .isThrownBy(() -> processor.process(good, null))
                    .withCauseInstanceOf(KeysUnavailableException.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void algorithmsThatAreNotAllowedAreRefusedWithoutAFetch(Door door) throws Exception {
        try (NimbusStage stage = new NimbusStage("RS256", "PS256")) {
            DefaultJWTProcessor<SecurityContext> processor = door.of(stage, "RS256");
            SigningKey key = stage.provider.current("RS256");
            JWTClaimsSet claims = new JWTClaimsSet.Builder().subject("admin").build();
            JWSHeader header =
                    new JWSHeader.Builder(JWSAlgorithm.HS256).keyID(key.kid()).build();
            SignedJWT confused = new SignedJWT(header, claims);
            confused.sign(new MACSigner(key.publicKey().getEncoded()));

            assertThatExceptionOfType(BadJOSEException.class).isThrownBy(() -> processor.process(confused, null));
            assertThatExceptionOfType(BadJOSEException.class)
                    .isThrownBy(() -> processor.process(new PlainJWT(claims), null));
            assertThatExceptionOfType(BadJOSEException.class)
                    .isThrownBy(() -> processor.process(stage.provider.token("PS256"), null));
            assertThat(stage.provider.requestCount()).isEqualTo(1);
        }
    }

    @Test
    void newMaterialUnderAnOldKidIsLookedForOnceInACooldown() throws Exception {
        try (NimbusStage stage = new NimbusStage("ES256")) {
            DefaultJWTProcessor<SecurityContext> processor = stage.ready("ES256");
            String kid = stage.provider.current("ES256").kid();
            stage.provider.withdraw(kid);
            stage.provider.addKey("ES256", kid);
            String fresh = stage.provider.token();

            assertThatExceptionOfType(BadJWSException.class).isThrownBy(() -> processor.process(fresh, null));
            assertThat(processor.process(fresh, null).getSubject()).isEqualTo("test-subject");
            String altered = altered(fresh);
            for (int i = 0; i < 100; i++) {
                assertThatExceptionOfType(BadJWSException.class).isThrownBy(() -> processor.process(altered, null));
            }
            assertThat(stage.provider.requestCount()).isEqualTo(2);
        }
    }

    @Test
    void aTokenWithoutKidIsTriedWithEveryKeyThatFits() throws Exception {
        try (NimbusStage stage = new NimbusStage("ES256", "ES256", "Ed25519")) {
            SigningKey nameless = stage.provider.addKey("ES256", null);

            stage.cache.refresh().join();
            String token = stage.provider.tokenSignedBy(nameless, Map.of());

            assertThat(stage.ready("ES256").process(token, null).getSubject()).isEqualTo("test-subject");
            assertThat(stage.dropIn("ES256").process(token, null).getSubject()).isEqualTo("test-subject");
        }
    }

    @Test
    void whatASenderCallsCriticalMakesATokenInvalidWhereNobodyUnderstandsIt() throws Exception {
        try (NimbusStage stage = new NimbusStage("Ed25519")) {
            SigningKey key = stage.provider.current("Ed25519");
            JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.EdDSA)
                    .keyID(key.kid())
                    .criticalParams(Set.of("exp"))
                    .customParam("exp", 1)
                    .build();
            SignedJWT token = new SignedJWT(header, new JWTClaimsSet.Builder().build());
            Signature signer = Signature.getInstance("Ed25519");
            signer.initSign(key.privateKey());
            signer.update(token.getSigningInput());
            SignedJWT signed = new SignedJWT(
                    header.toBase64URL(), token.getPayload().toBase64URL(), Base64URL.encode(signer.sign()));

            assertThatExceptionOfType(BadJWSException.class)
                    .isThrownBy(() -> stage.ready("EdDSA").process(signed, null));
        }
    }

    @Test
    void theSourceMakesItsKeysOnceForEachSetAndLooksAtPublicMembersOnly() throws Exception {
        try (NimbusStage stage = new NimbusStage("RS256", "ES384", "Ed25519", "Ed448")) {
            JwksCacheSource<SecurityContext> source = new JwksCacheSource<>(stage.cache);
            JWKSelector all = new JWKSelector(new JWKMatcher.Builder().build());

            List<JWK> keys = source.get(all, null);
            assertThat(keys)
                    .hasSize(4)
                    .noneMatch(JWK::isPrivate)
                    .allMatch(key -> key.getKeyUse().equals(KeyUse.SIGNATURE));
            for (SigningKey key : stage.provider.keys()) {
                JWK published = JWK.parse(key.jwk());
                assertThat(keys)
                        .filteredOn(one -> one.getKeyID().equals(key.kid()))
                        .singleElement()
                        .satisfies(one -> {
                            assertThat(one.computeThumbprint()).isEqualTo(published.computeThumbprint());
                            assertThat(one.getAlgorithm()).isEqualTo(published.getAlgorithm());
                        });
            }
            assertThat(source.get(all, null).get(0)).isSameAs(keys.get(0));

            stage.provider.rotate("RS256");
            stage.cache.refresh().join();
            assertThat(source.get(all, null)).hasSize(5);
        }
    }

    @Test
    void aCertificateThumbprintInATokenDoesNotHideTheKeyOfItsKid() throws Exception {
        try (NimbusStage stage = new NimbusStage("RS256")) {
            SigningKey key = stage.provider.current("RS256");
            JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.RS256)
                    .keyID(key.kid())
                    .x509CertSHA256Thumbprint(Base64URL.encode(new byte[32]))
                    .build();
            SignedJWT token = new SignedJWT(
                    header, new JWTClaimsSet.Builder().subject("me").build());
            token.sign(new RSASSASigner(key.privateKey()));

            assertThat(stage.dropIn("RS256").process(token, null).getSubject()).isEqualTo("me");
            assertThat(stage.ready("RS256").process(token, null).getSubject()).isEqualTo("me");
        }
    }

    @Test
    void theIssuerOfATokenChoosesItsKeysToTheLetter() throws Exception {
        try (NimbusStage one = new NimbusStage("ES256");
                NimbusStage other = new NimbusStage("ES256");
                JwksCaches issuers = JwksCaches.builder()
                        .issuer("https://one.example", one.settings())
                        .issuer("https://other.example", other.settings())
                        .build()) {
            issuers.start();
            DefaultJWTProcessor<SecurityContext> processor = NimbusStage.processor((header, context) -> List.of());
            processor.setJWTClaimsSetAwareJWSKeySelector(
                    new JwksCachesKeySelector<>(issuers, Set.of(JWSAlgorithm.ES256)));
            processor.setJWSVerifierFactory(new JwksCacheVerifierFactory(issuers));

            assertThat(processor
                            .process(token(one, "https://one.example"), null)
                            .getIssuer())
                    .isEqualTo("https://one.example");
            assertThat(processor
                            .process(token(other, "https://other.example"), null)
                            .getIssuer())
                    .isEqualTo("https://other.example");
            for (String iss :
                    new String[] {"https://other.example", "https://one.example/", "https://evil.example", null}) {
                assertThatExceptionOfType(BadJOSEException.class)
                        .as(iss)
                        .isThrownBy(() -> processor.process(token(one, iss), null));
            }

            String kid = one.provider.current("ES256").kid();
            one.provider.withdraw(kid);
            one.provider.addKey("ES256", kid);
            String fresh = token(one, "https://one.example");
            assertThatExceptionOfType(BadJWSException.class).isThrownBy(() -> processor.process(fresh, null));
            assertThat(processor.process(fresh, null).getIssuer()).isEqualTo("https://one.example");

            one.provider.behave(Behaviour.refuse());
            one.time.advance(Duration.ofMinutes(61));
            assertThatExceptionOfType(KeySourceException.class)
                    .isThrownBy(() -> processor.process(fresh, null))
                    .withCauseInstanceOf(KeysExpiredException.class);
            assertThat(processor
                            .process(token(other, "https://other.example"), null)
                            .getIssuer())
                    .isEqualTo("https://other.example");
        }
    }

    @Test
    void closedCachesAreOurFault() throws Exception {
        try (NimbusStage stage = new NimbusStage("ES256")) {
            JwksCaches issuers = JwksCaches.builder()
                    .issuer("https://one.example", stage.settings())
                    .build();
            issuers.start();
            issuers.close();
            JwksCachesKeySelector<SecurityContext> selector =
                    new JwksCachesKeySelector<>(issuers, Set.of(JWSAlgorithm.ES256));
            SignedJWT token = SignedJWT.parse(token(stage, "https://one.example"));

            assertThatExceptionOfType(KeySourceException.class)
                    .isThrownBy(() -> selector.selectKeys(token.getHeader(), token.getJWTClaimsSet(), null))
                    .withCauseInstanceOf(KeysUnavailableException.class);
        }
    }

    @Test
    void aSelectorWithoutAlgorithmsIsRefused() {
        try (NimbusStage stage = new NimbusStage("ES256")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new JwksCacheKeySelector<>(stage.cache, Set.of()))
                    .withMessageContaining("name those that your provider signs with");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new JwksCacheKeySelector<>(stage.cache, Set.of(JWSAlgorithm.HS256)))
                    .withMessageContaining("HS256");
        }
    }

    @Test
    void aKeyOfAnotherCurveThanTheAlgorithmIsAnError() throws Exception {
        try (NimbusStage stage = new NimbusStage("Ed448")) {
            SignedJWT token = SignedJWT.parse(stage.provider.token());
            JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.Ed25519).build();
            JwksCacheVerifierFactory factory = new JwksCacheVerifierFactory(stage.cache);

            assertThat(factory.supportedJWSAlgorithms())
                    .contains(JWSAlgorithm.EdDSA, JWSAlgorithm.RS256, new JWSAlgorithm("ML-DSA-44"));
            assertThatExceptionOfType(JOSEException.class)
                    .isThrownBy(() -> factory.createJWSVerifier(
                                    header, stage.provider.current("Ed448").publicKey())
                            .verify(header, token.getSigningInput(), token.getSignature()))
                    .withMessageContaining("Ed25519");
        }
    }

    private static String token(NimbusStage stage, String iss) {
        Map<String, Object> claims = new HashMap<>();
        claims.put("iss", iss);
        return stage.provider.token("ES256", claims);
    }

    private static String altered(String token) {
        return token.substring(0, token.indexOf('.')) + "." + Base64URL.encode("{\"sub\":\"admin\"}")
                + token.substring(token.lastIndexOf('.'));
    }
}
