package dev.jwkscache.spring;

import dev.jwkscache.spring.JwksCacheProperties.Issuer;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * An issuer that the properties name.
 *
 * @param name what health, metrics and customizers call it
 * @param prefix of the properties that name it
 * @param issuer the claim {@code iss} of its tokens; null when it was left out, so that any is accepted
 * @param jwkSetUri the address of its keys; null when its metadata names that
 * @param own its settings
 */
record NamedIssuer(
        String name,
        String prefix,
        @Nullable String issuer,
        @Nullable String jwkSetUri,
        CacheProperties own) {
    static final String BOOT = "spring.security.oauth2.resourceserver.jwt";
    private static final String OWN = "jwks-cache.issuers";

    /** How many issuers the properties name, right or wrong. */
    static int count(Environment environment) {
        int named = Binder.get(environment)
                .bind(OWN, Bindable.mapOf(String.class, Object.class))
                .map(Map::size)
                .orElse(0);
        return named + (hasText(environment, "issuer-uri") || hasText(environment, "jwk-set-uri") ? 1 : 0);
    }

    /**
     * The issuers of Spring Boot's own properties and of {@code jwks-cache.issuers}, in that order.
     *
     * @throws JwksCacheStartException if one is incomplete, or two are the same
     */
    static List<NamedIssuer> all(Environment environment, JwksCacheProperties properties) {
        List<NamedIssuer> all = new ArrayList<>();
        if (hasText(environment, "issuer-uri") || hasText(environment, "jwk-set-uri")) {
            all.add(new NamedIssuer(
                    JwksCacheRegistry.DEFAULT_NAME,
                    BOOT,
                    text(environment.getProperty(BOOT + ".issuer-uri")),
                    text(environment.getProperty(BOOT + ".jwk-set-uri")),
                    new Issuer()));
        }
        properties
                .getIssuers()
                .forEach((name, issuer) -> all.add(new NamedIssuer(
                        name, OWN + "." + name, text(issuer.getIssuerUri()), text(issuer.getJwkSetUri()), issuer)));
        check(all);
        return all;
    }

    private static void check(List<NamedIssuer> all) {
        Map<String, NamedIssuer> byName = new HashMap<>();
        Map<String, NamedIssuer> byIssuer = new HashMap<>();
        for (NamedIssuer one : all) {
            if (one.issuer == null && one.jwkSetUri == null) {
                throw new JwksCacheStartException(
                        one.prefix + " has neither issuer-uri nor jwk-set-uri",
                        "Set " + one.prefix + ".issuer-uri to the claim 'iss' of its tokens.",
                        null);
            }
            if (one.issuer == null && all.size() > 1) {
                throw new JwksCacheStartException(
                        one.prefix + ".issuer-uri is not set, but with " + all.size()
                                + " issuers the claim 'iss' of a token chooses the keys",
                        "Set " + one.prefix + ".issuer-uri to the claim 'iss' of its tokens.",
                        null);
            }
            NamedIssuer namesake = byName.put(one.name, one);
            if (namesake != null) {
                throw new JwksCacheStartException(
                        "the name '" + one.name + "' stands for the issuer of " + namesake.prefix + " and for that of "
                                + one.prefix,
                        "Give the issuer in " + one.prefix + " another name.",
                        null);
            }
            NamedIssuer same = one.issuer == null ? null : byIssuer.put(one.issuer, one);
            if (same != null) {
                throw new JwksCacheStartException(
                        "the issuer " + one.issuer + " is named by " + same.prefix + " and by " + one.prefix,
                        "Remove one of them.",
                        null);
            }
        }
    }

    /**
     * The address that the cache is built for: that of the keys, or else the issuer itself.
     *
     * @throws JwksCacheStartException if it is none
     */
    URI address() {
        String property = jwkSetUri == null ? ".issuer-uri" : ".jwk-set-uri";
        String text = jwkSetUri == null ? issuer : jwkSetUri;
        try {
            return URI.create(String.valueOf(text));
        } catch (IllegalArgumentException e) {
            throw new JwksCacheStartException(
                    prefix + property + " is '" + text + "', which is no address", "Correct " + prefix + property, e);
        }
    }

    private static boolean hasText(Environment environment, String property) {
        return StringUtils.hasText(environment.getProperty(BOOT + "." + property));
    }

    private static @Nullable String text(@Nullable String value) {
        return StringUtils.hasText(value) ? value : null;
    }
}
