package dev.jwkscache.bench.trouble;

import java.net.URI;
import java.security.PublicKey;
import java.util.List;
import org.jose4j.http.Get;
import org.jose4j.jwk.HttpsJwks;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.keys.resolvers.HttpsJwksVerificationKeyResolver;
import org.jose4j.lang.UnresolvableKeyException;

/**
 * jose4j's resolver on its {@code HttpsJwks}, with retaining on errors, which is off by default; its three retries stay.
 */
record Jose4jSubject(Tuning tuning) implements JvmSubject {
    @Override
    public About about() {
        return new About(
                "jose4j",
                Versions.of(HttpsJwks.class),
                Tuning.settings(
                        "defaultCacheDuration", Tuning.millis(tuning.lifetime()),
                        "retainCacheOnErrorDuration", Tuning.millis(tuning.lifetime()),
                        "refreshReprieveThreshold", "300 ms (its default)",
                        "Get: connect and read timeout", Tuning.millis(tuning.fetchTimeout()),
                        "Get: retries", "3 (its default)"));
    }

    @Override
    public KeySource open(URI jwksUri) {
        int timeout = (int) tuning.fetchTimeout().toMillis();
        Get get = new Get();
        get.setConnectTimeout(timeout);
        get.setReadTimeout(timeout);
        HttpsJwks jwks = new HttpsJwks(jwksUri.toString());
        jwks.setSimpleHttpGet(get);
        jwks.setDefaultCacheDuration(tuning.lifetime().toSeconds());
        jwks.setRetainCacheOnErrorDuration(tuning.lifetime().toSeconds());
        HttpsJwksVerificationKeyResolver resolver = new HttpsJwksVerificationKeyResolver(jwks);
        return new KeySource() {
            @Override
            public PublicKey key(String kid) throws UnresolvableKeyException {
                JsonWebSignature token = new JsonWebSignature();
                token.setAlgorithmHeaderValue(Scenario.ALG);
                token.setKeyIdHeaderValue(kid);
                return (PublicKey) resolver.resolveKey(token, List.of());
            }
        };
    }
}
