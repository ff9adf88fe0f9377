package dev.jwkscache.javajwt;

import com.auth0.jwt.JWT;
import com.auth0.jwt.exceptions.JWTVerificationException;
import com.auth0.jwt.interfaces.JWTVerifier;
import dev.jwkscache.JwksCache;
import dev.jwkscache.JwksException;
import dev.jwkscache.contract.AdapterContract;
import dev.jwkscache.contract.Verification;
import java.util.stream.Stream;

class JavaJwtContractTest extends AdapterContract {

    static Stream<String> algorithms() {
        return rsaAndEc();
    }

    @Override
    protected Verification open(Settings settings, String alg) {
        JwksCache cache = settings.cache();
        JWTVerifier verifier = JWT.require(JwksCacheAlgorithm.of(cache, alg)).build();
        return Verification.of(cache, verifier::verify);
    }

    @Override
    protected boolean isOurs(Exception thrown) {
        return !(thrown instanceof JWTVerificationException) && thrown instanceof JwksException;
    }

    @Override
    protected boolean triesCandidates() {
        return false;
    }
}
