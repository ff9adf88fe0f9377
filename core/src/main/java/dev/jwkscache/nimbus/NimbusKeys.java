package dev.jwkscache.nimbus;

import com.nimbusds.jose.Algorithm;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import dev.jwkscache.Jwk;
import dev.jwkscache.JwkSet;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Writes keys that are ready as Nimbus's JWKs. */
final class NimbusKeys {
    /** How many octets at the end of a SubjectPublicKeyInfo are the key (RFC 8410 §4). */
    private static final Map<Curve, Integer> OCTETS = Map.of(Curve.Ed25519, 32, Curve.Ed448, 57);

    private NimbusKeys() {}

    static JWKSet of(JwkSet keys) {
        List<JWK> all = keys.keys().stream()
                .map(NimbusKeys::of)
                .filter(Objects::nonNull)
                .toList();
        return new JWKSet(all);
    }

    /** Null for a type that Nimbus has no JWK for. */
    private static @Nullable JWK of(Jwk key) {
        String kid = key.kid().orElse(null);
        Algorithm alg = key.declaredAlgorithm().map(JWSAlgorithm::parse).orElse(null);
        Curve curve = key.curve().map(Curve::parse).orElse(null);
        return switch (key.keyType()) {
            case "RSA" ->
                new RSAKey.Builder((RSAPublicKey) key.publicKey())
                        .keyID(kid)
                        .algorithm(alg)
                        .keyUse(KeyUse.SIGNATURE)
                        .build();
            case "EC" ->
                new ECKey.Builder(curve, (ECPublicKey) key.publicKey())
                        .keyID(kid)
                        .algorithm(alg)
                        .keyUse(KeyUse.SIGNATURE)
                        .build();
            case "OKP" ->
                new OctetKeyPair.Builder(curve, octets(key, Objects.requireNonNull(OCTETS.get(curve))))
                        .keyID(kid)
                        .algorithm(alg)
                        .keyUse(KeyUse.SIGNATURE)
                        .build();
            default -> null;
        };
    }

    private static Base64URL octets(Jwk key, int count) {
        byte[] encoded = key.publicKey().getEncoded();
        return Base64URL.encode(Arrays.copyOfRange(encoded, encoded.length - count, encoded.length));
    }
}
