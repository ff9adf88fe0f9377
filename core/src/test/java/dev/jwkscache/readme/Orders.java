package dev.jwkscache.readme;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import dev.jwkscache.JwksCache;
import dev.jwkscache.nimbus.JwksCacheKeySelector;
import dev.jwkscache.nimbus.JwksCacheVerifierFactory;
import java.text.ParseException;
import java.util.Set;

/** The service of the test kit's README. */
final class Orders {
    private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();

    Orders(JwksCache cache) {
        processor.setJWSKeySelector(new JwksCacheKeySelector<>(cache, Set.of(JWSAlgorithm.RS256)));
        processor.setJWSVerifierFactory(new JwksCacheVerifierFactory(cache));
        // The tokens of virtual time are not of today.
        processor.setJWTClaimsSetVerifier((claims, context) -> {});
    }

    int status(String token) {
        try {
            processor.process(token, null);
            return 200;
        } catch (KeySourceException e) {
            return 503;
        } catch (BadJOSEException | JOSEException | ParseException e) {
            return 401;
        }
    }
}
