package dev.jwkscache.javajwt;

import com.auth0.jwt.algorithms.Algorithm;
import com.auth0.jwt.exceptions.JWTVerificationException;
import com.auth0.jwt.interfaces.ECDSAKeyProvider;
import com.auth0.jwt.interfaces.RSAKeyProvider;
import dev.jwkscache.JwksCache;
import dev.jwkscache.JwksException;
import dev.jwkscache.UnknownKeyException;
import dev.jwkscache.VerificationKey;
import java.security.PublicKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Gives java-jwt the keys of a {@link JwksCache}: {@code JWT.require(JwksCacheAlgorithm.of(cache, "RS256"))}.
 *
 * <p>java-jwt asks for a key by its kid alone, so that what is made here is bound to one algorithm; another algorithm
 * needs another verifier. All of it is thread-safe, verifies and does not sign. Closes no cache.
 */
public final class JwksCacheAlgorithm {
    private JwksCacheAlgorithm() {}

    /**
     * Creates java-jwt's algorithm of that name.
     *
     * <p>Verifying throws what java-jwt throws for a token that is to be refused, 401: a {@link JWTVerificationException},
     * whose cause is {@link UnknownKeyException} where no key fits. It throws a {@link JwksException} if there are no keys
     * or they are expired: ours, 503; that is no {@code JWTVerificationException}.
     *
     * @param cache to ask; stays the caller's to start and close
     * @param alg the only {@code alg} (RFC 7518 §3.1) that is accepted: RS256, RS384, RS512, PS256, PS384, PS512, ES256,
     *     ES384 or ES512
     * @throws IllegalArgumentException if it is another; java-jwt knows neither EdDSA nor ML-DSA
     */
    public static Algorithm of(JwksCache cache, String alg) {
        Objects.requireNonNull(cache, "cache");
        return switch (alg) {
            case "RS256" -> Algorithm.RSA256(rsa(cache, alg));
            case "RS384" -> Algorithm.RSA384(rsa(cache, alg));
            case "RS512" -> Algorithm.RSA512(rsa(cache, alg));
            case "PS256" -> Algorithm.RSA256PSS(rsa(cache, alg));
            case "PS384" -> Algorithm.RSA384PSS(rsa(cache, alg));
            case "PS512" -> Algorithm.RSA512PSS(rsa(cache, alg));
            case "ES256" -> Algorithm.ECDSA256(ecdsa(cache, alg));
            case "ES384" -> Algorithm.ECDSA384(ecdsa(cache, alg));
            case "ES512" -> Algorithm.ECDSA512(ecdsa(cache, alg));
            default -> throw unfit(alg, "RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384 or ES512");
        };
    }

    /**
     * Creates the key provider for {@link Algorithm#RSA256(RSAKeyProvider)} and its kind. Hand it to the method of just
     * that algorithm; {@link #of} does.
     *
     * @param cache to ask; stays the caller's to start and close
     * @param alg RS256, RS384, RS512, PS256, PS384 or PS512
     * @return throws what verifying throws, see {@link #of}; has no private key and no private key id: both null
     * @throws IllegalArgumentException if the algorithm is another
     */
    public static RSAKeyProvider rsa(JwksCache cache, String alg) {
        Objects.requireNonNull(cache, "cache");
        if (!alg.matches("[RP]S(256|384|512)")) {
            throw unfit(alg, "RS256, RS384, RS512, PS256, PS384 or PS512");
        }
        return new Rsa(cache, alg);
    }

    /**
     * Creates the key provider for {@link Algorithm#ECDSA256(ECDSAKeyProvider)} and its kind. Hand it to the method of
     * just that algorithm; {@link #of} does.
     *
     * @param cache to ask; stays the caller's to start and close
     * @param alg ES256, ES384 or ES512
     * @return throws what verifying throws, see {@link #of}; has no private key and no private key id: both null
     * @throws IllegalArgumentException if the algorithm is another
     */
    public static ECDSAKeyProvider ecdsa(JwksCache cache, String alg) {
        Objects.requireNonNull(cache, "cache");
        if (!alg.matches("ES(256|384|512)")) {
            throw unfit(alg, "ES256, ES384 or ES512");
        }
        return new Ecdsa(cache, alg);
    }

    private static IllegalArgumentException unfit(String alg, String fit) {
        return new IllegalArgumentException("alg is " + alg + "; it must be " + fit);
    }

    private static <K extends PublicKey> K find(JwksCache cache, @Nullable String kid, String alg, Class<K> type) {
        try {
            return type.cast(find(cache, kid, alg).publicKey());
        } catch (UnknownKeyException unknown) {
            throw new JWTVerificationException(unknown.getMessage(), unknown);
        }
    }

    private static VerificationKey find(JwksCache cache, @Nullable String kid, String alg) {
        if (kid != null && !kid.isEmpty()) {
            return cache.key(kid, alg);
        }
        List<VerificationKey> fitting = cache.keys(null, alg);
        if (fitting.size() > 1) {
            throw new JWTVerificationException("the token has no kid, and " + fitting.size()
                    + " keys fit its algorithm " + alg + "; java-jwt can try only one");
        }
        return fitting.get(0);
    }

    private record Rsa(JwksCache cache, String alg) implements RSAKeyProvider {
        @Override
        public RSAPublicKey getPublicKeyById(@Nullable String kid) {
            return find(cache, kid, alg, RSAPublicKey.class);
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

    private record Ecdsa(JwksCache cache, String alg) implements ECDSAKeyProvider {
        @Override
        public ECPublicKey getPublicKeyById(@Nullable String kid) {
            return find(cache, kid, alg, ECPublicKey.class);
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
