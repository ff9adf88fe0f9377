package dev.jwkscache;

import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import io.jsonwebtoken.security.Jwk;
import io.jsonwebtoken.security.Jwks;
import io.jsonwebtoken.security.PrivateJwk;
import java.security.PublicKey;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.PublicJsonWebKey;

/** Another JOSE library, asked for the public key of a single JWK. */
enum PeerLibrary {
    NIMBUS {
        @Override
        PeerKey key(String jwk) throws Exception {
            JWK parsed = JWK.parse(jwk);
            if (parsed instanceof RSAKey rsa) {
                return PeerKey.of(rsa.toRSAPublicKey());
            }
            if (parsed instanceof ECKey ec) {
                return PeerKey.of(ec.toECPublicKey());
            }
            // OctetKeyPair.toPublicKey() is not implemented: what it has decoded is compared instead.
            return PeerKey.ofOctets(((OctetKeyPair) parsed).getDecodedX());
        }
    },
    JOSE4J {
        @Override
        PeerKey key(String jwk) throws Exception {
            return PeerKey.of(((PublicJsonWebKey) JsonWebKey.Factory.newJwk(jwk)).getPublicKey());
        }
    },
    JJWT {
        @Override
        PeerKey key(String jwk) {
            Jwk<?> parsed = Jwks.parser().build().parse(jwk);
            return PeerKey.of((PublicKey)
                    (parsed instanceof PrivateJwk<?, ?, ?> leaked
                            ? leaked.toPublicJwk().toKey()
                            : parsed.toKey()));
        }
    };

    /**
     * Makes the key.
     *
     * @throws Exception whatever the library throws when it refuses the JWK
     */
    abstract PeerKey key(String jwk) throws Exception;
}
