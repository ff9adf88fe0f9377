package dev.jwkscache.kafka;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import org.apache.kafka.common.security.oauthbearer.JwtValidatorException;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerToken;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jspecify.annotations.Nullable;

/** A token that was verified, as Kafka wants to know it. Its text never shows the token. */
record AccessToken(String value, Set<String> scope, long lifetimeMs, String principalName, Long startTimeMs)
        implements OAuthBearerToken {

    /**
     * Reads what Kafka's own validator reads: a scope that is text is one scope.
     *
     * @throws JwtValidatorException if a claim is of the wrong type, or the subject is blank
     */
    static AccessToken of(String value, JwtClaims claims, ValidatorSettings settings) {
        try {
            String subject = claims.getStringClaimValue(settings.subClaim());
            if (subject == null || subject.isBlank()) {
                throw new JwtValidatorException("the access token has no subject in its claim " + settings.subClaim());
            }
            return new AccessToken(
                    value,
                    scopes(claims.getClaimValue(settings.scopeClaim()), settings.scopeClaim()),
                    claims.getExpirationTime().getValueInMillis(),
                    subject.strip(),
                    claims.getIssuedAt().getValueInMillis());
        } catch (MalformedClaimException e) {
            throw new JwtValidatorException("a claim of the access token has the wrong type");
        }
    }

    private static Set<String> scopes(@Nullable Object claim, String name) {
        Set<String> scopes = new LinkedHashSet<>();
        Collection<?> values =
                claim instanceof Collection<?> several ? several : claim == null ? Set.of() : Set.of(claim);
        for (Object scope : values) {
            if (!(scope instanceof String text) || text.isBlank() || !scopes.add(text.strip())) {
                throw new JwtValidatorException("the claim " + name + " of the access token has a scope that is blank,"
                        + " doubled or no text");
            }
        }
        return Set.copyOf(scopes);
    }

    @Override
    public String toString() {
        return "AccessToken[principalName=" + principalName + ", scope=" + scope + ", lifetimeMs=" + lifetimeMs + "]";
    }
}
