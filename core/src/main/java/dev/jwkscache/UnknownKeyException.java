package dev.jwkscache;

import org.jspecify.annotations.Nullable;

/**
 * No key of the set fits the token's kid and algorithm, or there is no set for its {@linkplain UnknownIssuerException
 * issuer}: the caller's fault, 401. Carries no stack trace, since forged tokens make it at any rate they like.
 */
public sealed class UnknownKeyException extends JwksException permits UnknownIssuerException {
    private static final long serialVersionUID = 1;

    private final @Nullable String kid;
    private final String alg;

    UnknownKeyException(@Nullable String kid, String alg) {
        super(null, null, false);
        this.kid = kid;
        this.alg = alg;
    }

    /** Names kid and algorithm, escaped and cut; put together only when somebody reads it. */
    @Override
    public String getMessage() {
        return "no key fits kid " + SafeText.quoted(kid) + " and alg " + SafeText.quoted(alg);
    }
}
