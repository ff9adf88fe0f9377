package dev.jwkscache.jjwt;

import dev.jwkscache.JwksCache;
import dev.jwkscache.JwksException;
import dev.jwkscache.contract.AdapterContract;
import dev.jwkscache.contract.Verification;
import io.jsonwebtoken.JwtException;
import io.jsonwebtoken.JwtParser;
import io.jsonwebtoken.Jwts;
import java.util.Set;
import java.util.stream.Stream;

class JjwtContractTest extends AdapterContract {

    static Stream<String> algorithms() {
        return Stream.concat(rsaAndEc(), Stream.of("Ed25519", "Ed448"));
    }

    @Override
    protected Verification open(Settings settings, String alg) {
        JwksCache cache = settings.cache();
        JwtParser parser = Jwts.parser()
                .keyLocator(JwksCacheLocator.of(cache, Set.of(alg)))
                .build();
        return Verification.of(cache, parser::parseSignedClaims);
    }

    @Override
    protected boolean isOurs(Exception thrown) {
        return !(thrown instanceof JwtException) && thrown instanceof JwksException;
    }

    @Override
    protected boolean triesCandidates() {
        return false;
    }
}
