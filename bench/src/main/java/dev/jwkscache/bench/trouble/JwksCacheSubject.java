package dev.jwkscache.bench.trouble;

import dev.jwkscache.JwksCache;
import java.net.URI;
import java.security.PublicKey;

/** jwks-cache, as its guide says: started at boot, asked for kid and algorithm. */
record JwksCacheSubject(Tuning tuning) implements JvmSubject {
    static final String NAME = "jwks-cache";

    @Override
    public About about() {
        return new About(
                NAME,
                Versions.OURS,
                Tuning.settings(
                        "timeToLive", Tuning.millis(tuning.lifetime()),
                        "refreshInterval", Tuning.millis(tuning.refreshAfter()),
                        "fetchTimeout", Tuning.millis(tuning.fetchTimeout()),
                        "maxStaleness", Tuning.millis(tuning.maxStaleness()),
                        "missCooldown", Tuning.millis(tuning.cooldown()),
                        "missWait", Tuning.millis(tuning.fetchTimeout())));
    }

    static JwksCache.Builder builder(URI jwksUri, Tuning tuning) {
        return JwksCache.builder(jwksUri)
                .timeToLive(tuning.lifetime())
                .refreshInterval(tuning.refreshAfter())
                .fetchTimeout(tuning.fetchTimeout())
                .maxStaleness(tuning.maxStaleness())
                .missCooldown(tuning.cooldown())
                .missWait(tuning.fetchTimeout());
    }

    @Override
    public KeySource open(URI jwksUri) {
        JwksCache cache = builder(jwksUri, tuning).build();
        return new KeySource() {
            @Override
            public void start() {
                cache.start();
            }

            @Override
            public PublicKey key(String kid) {
                return cache.key(kid, Scenario.ALG).publicKey();
            }

            @Override
            public void close() {
                cache.close();
            }
        };
    }
}
