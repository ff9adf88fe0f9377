package dev.jwkscache;

import org.jspecify.annotations.Nullable;

/**
 * No keys are kept for a token's issuer, nor may be: the caller's fault, 401. Carries no stack trace, since forged tokens
 * make it at any rate they like.
 */
public final class UnknownIssuerException extends UnknownKeyException {
    private static final long serialVersionUID = 1;

    private final @Nullable String issuer;

    UnknownIssuerException(@Nullable String issuer) {
        super(null, "");
        this.issuer = issuer;
    }

    /** Names the issuer, escaped and cut; put together only when somebody reads it. */
    @Override
    public String getMessage() {
        return "no keys are kept for issuer " + SafeText.quoted(issuer)
                + "; if its tokens are to be accepted, add it to JwksCaches to the letter";
    }
}
