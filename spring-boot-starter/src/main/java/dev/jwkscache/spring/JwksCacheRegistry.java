package dev.jwkscache.spring;

import dev.jwkscache.JwksCache;
import dev.jwkscache.JwksCaches;
import dev.jwkscache.UnknownIssuerException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The caches of an application by name, for whoever shows or measures them. Thread-safe; closes nothing.
 *
 * <p>There is one as soon as there are caches: those that the auto-configuration builds, or beans of type {@link JwksCache}
 * or {@link JwksCaches} of your own.
 */
public final class JwksCacheRegistry {
    /** The name of the cache whose issuer is named by {@code spring.security.oauth2.resourceserver.jwt}. */
    public static final String DEFAULT_NAME = "default";

    private final Map<String, JwksCache> caches;
    private final @Nullable JwksCache one;
    private final @Nullable JwksCaches many;
    private final Map<String, String> namesOfIssuers;

    private JwksCacheRegistry(
            Map<String, JwksCache> caches,
            @Nullable JwksCache one,
            @Nullable JwksCaches many,
            Map<String, String> namesOfIssuers) {
        this.caches = Collections.unmodifiableMap(new LinkedHashMap<>(caches));
        this.one = one;
        this.many = many;
        this.namesOfIssuers = Collections.unmodifiableMap(new LinkedHashMap<>(namesOfIssuers));
    }

    /** Caches of which that one has the keys of every token. */
    static JwksCacheRegistry of(JwksCache one, Map<String, JwksCache> named) {
        return new JwksCacheRegistry(named, one, null, Map.of());
    }

    /** Caches that are chosen by the token's issuer; issuers without a name are called what they are. */
    static JwksCacheRegistry of(JwksCaches many, Map<String, String> namesOfIssuers) {
        return new JwksCacheRegistry(Map.of(), null, many, namesOfIssuers);
    }

    /**
     * Returns the caches by name, in the order of the properties: the names of {@code jwks-cache.issuers},
     * {@value #DEFAULT_NAME} for the issuer of {@code spring.security.oauth2.resourceserver.jwt}, the names of beans for
     * {@link JwksCache} beans of your own. A {@link JwksCaches} bean of your own gives each issuer's name to its cache; asking
     * for them here counts as use of those that are only allowed.
     *
     * @return immutable; with a {@code JwksCaches} bean of your own, the issuers of this moment
     */
    public Map<String, JwksCache> caches() {
        JwksCaches issuers = many;
        if (issuers == null) {
            return caches;
        }
        Map<String, JwksCache> named = new LinkedHashMap<>();
        namesOfIssuers.forEach((issuer, name) -> add(named, name, issuers, issuer));
        issuers.issuers().stream()
                .filter(issuer -> !namesOfIssuers.containsKey(issuer))
                .forEach(issuer -> add(named, issuer, issuers, issuer));
        return Collections.unmodifiableMap(named);
    }

    /**
     * The same without the issuers of a {@link JwksCaches} bean of the application: such a one may allow anybody's tenants, and
     * whoever looks at all of them now and then keeps them all.
     */
    Map<String, JwksCache> permanent() {
        return many != null && namesOfIssuers.isEmpty() ? Map.of() : caches();
    }

    private static void add(Map<String, JwksCache> named, String name, JwksCaches issuers, String issuer) {
        try {
            named.put(name, issuers.forIssuer(issuer));
        } catch (UnknownIssuerException gone) {
            // Removed by the application.
        }
    }

    /** The one cache for all tokens, or null when the issuer chooses. */
    @Nullable
    JwksCache one() {
        return one;
    }

    /** The caches of which the issuer chooses one, or null when there is one for all tokens. */
    @Nullable
    JwksCaches many() {
        return many;
    }
}
