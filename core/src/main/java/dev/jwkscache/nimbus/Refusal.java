package dev.jwkscache.nimbus;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.source.JWKSetUnavailableException;
import dev.jwkscache.JwksException;

/** Tells Nimbus that there are no keys, in its own words. */
final class Refusal {
    private Refusal() {}

    static KeySourceException of(JwksException cause) {
        return new JWKSetUnavailableException(cause.getMessage(), cause);
    }
}
