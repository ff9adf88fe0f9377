package dev.jwkscache.jjwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.util.Base64URL;
import dev.jwkscache.JwksCache;
import dev.jwkscache.JwksCaches;
import dev.jwkscache.UnknownIssuerException;
import dev.jwkscache.UnknownKeyException;
import dev.jwkscache.real.Eventually;
import dev.jwkscache.testkit.ScriptedProvider;
import dev.jwkscache.testkit.SigningKey;
import io.jsonwebtoken.IncorrectClaimException;
import io.jsonwebtoken.JwtParser;
import io.jsonwebtoken.Jwts;
import io.jsonwebtoken.UnsupportedJwtException;
import io.jsonwebtoken.security.SignatureException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class JwksCacheLocatorTest {

    @Test
    void algorithmsThatNoCacheServesAreRefusedAtConstruction() {
        try (ScriptedProvider provider = ScriptedProvider.start();
                JwksCache cache = JwksCache.builder(provider.jwksUri()).build()) {
            assertThatThrownBy(() -> JwksCacheLocator.of(cache, Set.of()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("algorithms is empty; name at least one")
                    .hasMessageContaining("ES256, ES384");
            assertThatThrownBy(() -> JwksCacheLocator.of(cache, Set.of("RS256", "none", "HS256")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("algorithms names HS256, none;");
            assertThatThrownBy(() -> JwksCacheLocator.of(null, Set.of("RS256")))
                    .isInstanceOf(NullPointerException.class);
        }
    }

    @Test
    void anEncryptedTokenIsRefusedWithoutAskingTheCache() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        KeyPair pair = generator.generateKeyPair();
        String encrypted = Jwts.builder()
                .header()
                .keyId("k")
                .and()
                .subject("somebody")
                .encryptWith(pair.getPublic(), Jwts.KEY.RSA_OAEP_256, Jwts.ENC.A128GCM)
                .compact();
        try (ScriptedProvider provider = ScriptedProvider.start();
                JwksCache cache = JwksCache.builder(provider.jwksUri()).build()) {
            JwtParser parser = Jwts.parser()
                    .keyLocator(JwksCacheLocator.of(cache, Set.of("RS256")))
                    .build();

            assertThatThrownBy(() -> parser.parseEncryptedClaims(encrypted))
                    .isInstanceOf(UnsupportedJwtException.class)
                    .hasMessage("the token is not signed with an accepted algorithm: RS256");
            assertThat(provider.requestCount()).isZero();
        }
    }

    @Test
    void eachIssuerHasItsParserAndBelievesNoOther() {
        try (ScriptedProvider shop = ScriptedProvider.start();
                ScriptedProvider bank = ScriptedProvider.start();
                JwksCaches caches =
                        JwksCaches.of(shop.issuer().toString(), bank.issuer().toString())) {
            caches.start();
            JwtParser shopParser = parser(caches, shop.issuer().toString());
            JwtParser bankParser = parser(caches, bank.issuer().toString());

            assertThat(shopParser.parseSignedClaims(shop.token()).getPayload().getIssuer())
                    .isEqualTo(shop.issuer().toString());
            assertThat(bankParser.parseSignedClaims(bank.token())).isNotNull();
            assertThatThrownBy(() -> bankParser.parseSignedClaims(shop.token()))
                    .isInstanceOf(UnsupportedJwtException.class)
                    .hasCauseInstanceOf(UnknownKeyException.class);
            String pretended = bank.token("RS256", Map.of("iss", shop.issuer().toString()));
            assertThatThrownBy(() -> bankParser.parseSignedClaims(pretended))
                    .isInstanceOf(IncorrectClaimException.class);
        }
    }

    @Test
    void anIssuerThatWasRemovedIsABadToken() {
        try (ScriptedProvider shop = ScriptedProvider.start();
                JwksCaches caches = JwksCaches.of(shop.issuer().toString())) {
            caches.start();
            JwtParser parser = parser(caches, shop.issuer().toString());
            assertThat(parser.parseSignedClaims(shop.token())).isNotNull();

            caches.remove(shop.issuer().toString());

            assertThatThrownBy(() -> parser.parseSignedClaims(shop.token()))
                    .isInstanceOf(UnsupportedJwtException.class)
                    .hasCauseInstanceOf(UnknownIssuerException.class);
        }
    }

    /** As the page shows it. */
    @Test
    void newMaterialUnderAnOldKidIsFoundWhenTheBadSignatureIsReported() throws Exception {
        try (ScriptedProvider provider = ScriptedProvider.start();
                JwksCache cache = JwksCache.builder(provider.jwksUri()).build()) {
            JwtParser parser = Jwts.parser()
                    .keyLocator(JwksCacheLocator.of(cache, Set.of("RS256")))
                    .build();
            SigningKey old = provider.current("RS256");
            assertThat(parser.parseSignedClaims(provider.token())).isNotNull();
            provider.withdraw(old);
            String token = provider.tokenSignedBy(provider.addKey("RS256", old.kid()), Map.of());

            assertThatThrownBy(() -> parser.parseSignedClaims(token)).isInstanceOf(SignatureException.class);
            JWSHeader header = JWSHeader.parse(new Base64URL(token.substring(0, token.indexOf('.'))));
            cache.keys(header.getKeyID(), header.getAlgorithm().getName()).forEach(cache::reportBadSignature);

            Eventually.check(() -> assertThat(parser.parseSignedClaims(token)).isNotNull());
        }
    }

    private static JwtParser parser(JwksCaches caches, String issuer) {
        return Jwts.parser()
                .requireIssuer(issuer)
                .keyLocator(JwksCacheLocator.ofIssuer(caches, issuer, Set.of("RS256")))
                .build();
    }
}
