package dev.jwkscache.jwksrsa;

import com.auth0.jwk.Jwk;
import dev.jwkscache.JwkSet;
import java.math.BigInteger;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The keys of one set as jwks-rsa knows them. Immutable. */
final class ConvertedSet {
    private final JwkSet source;
    private final Map<dev.jwkscache.Jwk, Jwk> keys;

    ConvertedSet(JwkSet source) {
        this.source = source;
        keys = source.keys().stream().collect(Collectors.toUnmodifiableMap(key -> key, ReadyJwk::new));
    }

    JwkSet source() {
        return source;
    }

    /** The converted key of one that is in the source. */
    Jwk of(dev.jwkscache.Jwk key) {
        Jwk found = keys.get(key);
        if (found == null) {
            throw new IllegalArgumentException("not a key of this set: " + key);
        }
        return found;
    }

    /** Has its public key at hand, where jwks-rsa makes one for each call, of RSA and EC only. */
    private static final class ReadyJwk extends Jwk {
        private final PublicKey publicKey;

        @SuppressWarnings("NullAway") // jwks-rsa takes null for «absent» and does not say so in its types.
        ReadyJwk(dev.jwkscache.Jwk key) {
            super(
                    key.kid().orElse(null),
                    key.keyType(),
                    key.declaredAlgorithm().orElse(null),
                    key.use().orElse(null),
                    (List<String>) null,
                    null,
                    null,
                    null,
                    material(key));
            publicKey = key.publicKey();
        }

        @Override
        public PublicKey getPublicKey() {
            return publicKey;
        }
    }

    /** The members of RFC 7518 §6, for those who read them; of other key types only the curve. */
    private static Map<String, Object> material(dev.jwkscache.Jwk key) {
        PublicKey publicKey = key.publicKey();
        @Nullable String curve = key.curve().orElse(null);
        if (publicKey instanceof RSAPublicKey rsa) {
            return Map.of("n", number(rsa.getModulus(), 0), "e", number(rsa.getPublicExponent(), 0));
        }
        if (publicKey instanceof ECPublicKey ec && curve != null) {
            int bytes = (ec.getParams().getCurve().getField().getFieldSize() + 7) / 8;
            return Map.of(
                    "crv", curve,
                    "x", number(ec.getW().getAffineX(), bytes),
                    "y", number(ec.getW().getAffineY(), bytes));
        }
        return curve == null ? Map.of() : Map.of("crv", curve);
    }

    /** Big-endian and unsigned in base64url, with leading zeros up to that length. */
    private static String number(BigInteger value, int length) {
        byte[] signed = value.toByteArray();
        byte[] unsigned = signed[0] == 0 && signed.length > 1 ? Arrays.copyOfRange(signed, 1, signed.length) : signed;
        byte[] padded = new byte[Math.max(length, unsigned.length)];
        System.arraycopy(unsigned, 0, padded, padded.length - unsigned.length, unsigned.length);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(padded);
    }
}
