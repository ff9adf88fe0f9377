package dev.jwkscache.jwksrsa;

import com.auth0.jwk.Jwk;
import com.auth0.jwk.JwkProvider;
import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import com.auth0.jwt.interfaces.DecodedJWT;
import dev.jwkscache.JwksCache;
import dev.jwkscache.contract.AdapterContract;
import dev.jwkscache.contract.Verification;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.stream.Stream;

/** With java-jwt, as people use jwks-rsa: look at the token, get the key, verify. */
class JwksRsaContractTest extends AdapterContract {

    static Stream<String> algorithms() {
        return rsaAndEc();
    }

    @Override
    protected Verification open(Settings settings, String alg) {
        JwksCache cache = settings.cache();
        JwkProvider provider = new JwksCacheProvider(cache, alg);
        return Verification.of(cache, token -> {
            DecodedJWT decoded = JWT.decode(token);
            if (!decoded.getAlgorithm().equals(alg)) {
                throw new SecurityException("not an algorithm we accept");
            }
            Jwk jwk = provider.get(decoded.getKeyId());
            JWT.require(algorithm(alg, jwk)).build().verify(decoded);
        });
    }

    @Override
    protected boolean isOurs(Exception thrown) {
        return thrown instanceof JwksCacheProvider.KeysNotAtHandException;
    }

    @Override
    protected boolean triesCandidates() {
        return false;
    }

    private static Algorithm algorithm(String alg, Jwk jwk) throws Exception {
        return switch (alg) {
            case "RS256" -> Algorithm.RSA256((RSAPublicKey) jwk.getPublicKey(), null);
            case "RS384" -> Algorithm.RSA384((RSAPublicKey) jwk.getPublicKey(), null);
            case "RS512" -> Algorithm.RSA512((RSAPublicKey) jwk.getPublicKey(), null);
            case "PS256" -> Algorithm.RSA256PSS((RSAPublicKey) jwk.getPublicKey(), null);
            case "PS384" -> Algorithm.RSA384PSS((RSAPublicKey) jwk.getPublicKey(), null);
            case "PS512" -> Algorithm.RSA512PSS((RSAPublicKey) jwk.getPublicKey(), null);
            case "ES256" -> Algorithm.ECDSA256((ECPublicKey) jwk.getPublicKey(), null);
            case "ES384" -> Algorithm.ECDSA384((ECPublicKey) jwk.getPublicKey(), null);
            case "ES512" -> Algorithm.ECDSA512((ECPublicKey) jwk.getPublicKey(), null);
            default -> throw new AssertionError(alg);
        };
    }
}
