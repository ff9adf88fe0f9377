package dev.jwkscache.sidecar;

import dev.jwkscache.testkit.SigningKey;
import org.jspecify.annotations.Nullable;

/**
 * A token that callers present.
 *
 * @param text the JWT in compact form
 * @param issuer whose key signed it
 */
record Token(String text, Issuer issuer) {

    /** A signing key and what became of it, as the callers must know to judge the answers they get. */
    static final class Issuer {
        private final SigningKey key;
        private volatile boolean withdrawn;
        private volatile boolean refreshedAway;

        Issuer(SigningKey key) {
            this.key = key;
        }

        SigningKey key() {
            return key;
        }

        String kid() {
            @Nullable String kid = key.kid();
            return kid == null ? "" : kid;
        }

        /** Set before the provider withdraws the key, so that nobody takes a rightful refusal for a wrong one. */
        void withdraw() {
            withdrawn = true;
        }

        boolean withdrawn() {
            return withdrawn;
        }

        /** Set when the cache has told that the key is gone: from now on nobody may accept it. */
        void refreshAway() {
            refreshedAway = true;
        }

        boolean refreshedAway() {
            return refreshedAway;
        }
    }
}
