package dev.jwkscache.bench.trouble;

import com.nimbusds.jose.jwk.source.CachingJWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSetBasedJWKSource;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import java.net.URI;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.springframework.http.client.SimpleClientHttpRequestFactory;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.web.client.RestTemplate;

/**
 * The keys of Spring Security's decoder, without a Spring cache, as {@code withJwkSetUri} makes it.
 *
 * <p>Its lifetime of 5 minutes cannot be set. So the source that the decoder's builder makes is taken out of the cache
 * that it puts around it, and put into one with the same switches and a shorter lifetime.
 */
record SpringSubject(Tuning tuning) implements JvmSubject {
    @Override
    public About about() {
        return new About(
                "Spring Security",
                Versions.of(NimbusJwtDecoder.class),
                Tuning.settings(
                        "lifetime (fixed at 5 min, scaled)", Tuning.millis(tuning.lifetime()),
                        "cache refresh timeout (fixed at 15 s, scaled)", Tuning.millis(tuning.longestWait()),
                        "restOperations: connect and read timeout", Tuning.millis(tuning.fetchTimeout()),
                        "refresh ahead, rate limit", "off (fixed)",
                        "cache", "none (its default)"));
    }

    @Override
    public KeySource open(URI jwksUri) {
        JWKSource<SecurityContext> source = JWKSourceBuilder.create(sourceOfDecoder(jwksUri))
                .cache(tuning.lifetime().toMillis(), tuning.longestWait().toMillis())
                .refreshAheadCache(false)
                .rateLimited(false)
                .build();
        return new NimbusKeys(source);
    }

    private JWKSetSource<SecurityContext> sourceOfDecoder(URI jwksUri) {
        SimpleClientHttpRequestFactory requests = new SimpleClientHttpRequestFactory();
        requests.setConnectTimeout(tuning.fetchTimeout());
        requests.setReadTimeout(tuning.fetchTimeout());
        AtomicReference<JWKSource<SecurityContext>> made = new AtomicReference<>();
        NimbusJwtDecoder.withJwkSetUri(jwksUri.toString())
                .restOperations(new RestTemplate(requests))
                .jwtProcessorCustomizer(processor -> made.set(
                        ((JWSVerificationKeySelector<SecurityContext>) processor.getJWSKeySelector()).getJWKSource()))
                .build();
        JWKSetBasedJWKSource<SecurityContext> source =
                (JWKSetBasedJWKSource<SecurityContext>) Objects.requireNonNull(made.get());
        return ((CachingJWKSetSource<SecurityContext>) source.getJWKSetSource()).getSource();
    }
}
