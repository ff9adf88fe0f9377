package dev.jwkscache.bench.trouble;

import com.auth0.jwk.JwkException;
import com.auth0.jwk.JwkProvider;
import com.auth0.jwk.JwkProviderBuilder;
import java.net.MalformedURLException;
import java.net.URI;
import java.security.PublicKey;
import java.util.concurrent.TimeUnit;

/**
 * auth0 jwks-rsa as its README sets it up, cached and rate limited; with timeouts, of which it has none by default.
 *
 * <p>It never fetches again for a kid that it has seen (its list of keys has no lifetime), so that an outage cannot hurt
 * it, and a withdrawn key lives for ever.
 */
record Auth0Subject(Tuning tuning) implements JvmSubject {
    private static final int KEYS = 10;

    @Override
    public About about() {
        return new About(
                "auth0 jwks-rsa",
                Versions.of(JwkProviderBuilder.class),
                Tuning.settings(
                        "cached", KEYS + " keys, " + Tuning.millis(tuning.lifetime()),
                        "rateLimited", KEYS + " kids, refilled by one in " + Tuning.millis(tuning.cooldown()),
                        "timeouts", Tuning.millis(tuning.fetchTimeout()) + " to connect and for each read"));
    }

    @Override
    public KeySource open(URI jwksUri) throws MalformedURLException {
        int timeout = (int) tuning.fetchTimeout().toMillis();
        long refill = 1_000 / tuning.cooldown().toMillis();
        JwkProvider provider = new JwkProviderBuilder(jwksUri.toURL())
                .cached(KEYS, tuning.lifetime())
                .rateLimited(KEYS, refill, TimeUnit.SECONDS)
                .timeouts(timeout, timeout)
                .build();
        return new KeySource() {
            @Override
            public PublicKey key(String kid) throws JwkException {
                return provider.get(kid).getPublicKey();
            }
        };
    }
}
