package dev.jwkscache.bench.trouble;

import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import java.net.MalformedURLException;
import java.net.URI;
import java.util.Map;

/**
 * Nimbus JOSE+JWT by its builder: with the defaults, which refresh ahead and limit the rate, or with outage tolerance too.
 *
 * <p>By default it waits 15 s for somebody else's refresh, refreshes 30 s ahead of 5 min, and makes two fetches in 30 s
 * at most. In proportion to the lifetime it would refresh 0.2 s ahead, less than one fetch may take; with its real
 * defaults it has sixty times as long. So it gets the most that it accepts here.
 */
record NimbusSubject(Tuning tuning, boolean outageTolerant) implements JvmSubject {
    @Override
    public About about() {
        String timeout = Tuning.millis(tuning.fetchTimeout());
        Map<String, String> settings = Tuning.settings(
                "cache(timeToLive)", Tuning.millis(tuning.lifetime()),
                "cache(cacheRefreshTimeout)", Tuning.millis(tuning.longestWait()),
                "refreshAheadCache(refreshAheadTime)",
                        Tuning.millis(tuning.lifetime().minus(tuning.refreshAfter())),
                "rateLimited(minTimeInterval)", Tuning.millis(tuning.cooldown()),
                "connect and read timeout", timeout + " (its default)",
                "outageTolerant", outageTolerant ? Tuning.millis(tuning.maxStaleness()) : "off (its default)",
                "retrying", "off (its default)");
        return new About(
                outageTolerant ? "Nimbus, outage-tolerant" : "Nimbus", Versions.of(JWKSourceBuilder.class), settings);
    }

    @Override
    public KeySource open(URI jwksUri) throws MalformedURLException {
        int timeout = (int) tuning.fetchTimeout().toMillis();
        DefaultResourceRetriever retriever =
                new DefaultResourceRetriever(timeout, timeout, JWKSourceBuilder.DEFAULT_HTTP_SIZE_LIMIT);
        JWKSourceBuilder<SecurityContext> builder = JWKSourceBuilder.<SecurityContext>create(jwksUri.toURL(), retriever)
                .cache(tuning.lifetime().toMillis(), tuning.longestWait().toMillis())
                .refreshAheadCache(
                        tuning.lifetime().minus(tuning.refreshAfter()).toMillis(), false)
                .rateLimited(tuning.cooldown().toMillis());
        if (outageTolerant) {
            builder.outageTolerant(tuning.maxStaleness().toMillis());
        }
        JWKSource<SecurityContext> source = builder.build();
        return new NimbusKeys(source);
    }
}
