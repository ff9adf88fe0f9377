package dev.jwkscache.bench.token;

import com.auth0.jwk.JwkException;
import com.auth0.jwk.JwkProvider;
import com.auth0.jwk.JwkProviderBuilder;
import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import com.auth0.jwt.interfaces.ECDSAKeyProvider;
import com.auth0.jwt.interfaces.JWTVerifier;
import com.auth0.jwt.interfaces.RSAKeyProvider;
import java.net.MalformedURLException;
import java.net.URI;
import java.security.PublicKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** java-jwt, put together as its documentation does it, on whatever gives the keys. */
final class Auth0 {
    private Auth0() {}

    /** Gives the key of a kid. */
    interface Keys {
        PublicKey key(String kid);
    }

    /** The keys of auth0's own jwks-rsa, as its README sets it up. */
    static Keys jwksRsa(URI jwksUri) throws MalformedURLException {
        JwkProvider provider = new JwkProviderBuilder(jwksUri.toURL())
                .cached(10, 24, TimeUnit.HOURS)
                .rateLimited(10, 1, TimeUnit.MINUTES)
                .build();
        return kid -> {
            try {
                return provider.get(kid).getPublicKey();
            } catch (JwkException e) {
                throw new IllegalStateException(e);
            }
        };
    }

    static boolean supports(String alg) {
        return alg.equals("RS256") || alg.equals("ES256");
    }

    static JWTVerifier verifier(Keys keys, String alg) {
        Algorithm algorithm = switch (alg) {
            case "RS256" -> Algorithm.RSA256(new Rsa(keys));
            case "ES256" -> Algorithm.ECDSA256(new Ec(keys));
            default -> throw new IllegalArgumentException("java-jwt has no " + alg);
        };
        return JWT.require(algorithm).withAudience("bench").build();
    }

    private record Rsa(Keys keys) implements RSAKeyProvider {

        @Override
        public RSAPublicKey getPublicKeyById(String kid) {
            return (RSAPublicKey) keys.key(kid);
        }

        @Override
        public @Nullable RSAPrivateKey getPrivateKey() {
            return null;
        }

        @Override
        public @Nullable String getPrivateKeyId() {
            return null;
        }
    }

    private record Ec(Keys keys) implements ECDSAKeyProvider {

        @Override
        public ECPublicKey getPublicKeyById(String kid) {
            return (ECPublicKey) keys.key(kid);
        }

        @Override
        public @Nullable ECPrivateKey getPrivateKey() {
            return null;
        }

        @Override
        public @Nullable String getPrivateKeyId() {
            return null;
        }
    }
}
