package dev.jwkscache.sidecar.demo;

import dev.jwkscache.testkit.SigningKey;
import org.jspecify.annotations.Nullable;

/**
 * A token that callers present.
 *
 * @param text the JWT in compact form
 * @param issuer whose key signed it
 */
public record Token(String text, Issuer issuer) {

    /** A signing key and what became of it, as the callers must know to judge the answers they get. */
    public static final class Issuer {
        private final SigningKey key;
        private volatile boolean withdrawn;
        private volatile boolean refreshedAway;

        Issuer(SigningKey key) {
            this.key = key;
        }

        /** Signs its tokens. */
        public SigningKey key() {
            return key;
        }

        /** By which the set names the key. */
        public String kid() {
            @Nullable String kid = key.kid();
            return kid == null ? "" : kid;
        }

        /** Set before the provider withdraws the key, so that nobody takes a rightful refusal for a wrong one. */
        public void withdraw() {
            withdrawn = true;
        }

        /** Whether the provider has withdrawn the key, or is about to. */
        public boolean withdrawn() {
            return withdrawn;
        }

        /** Set when the cache has told that the key is gone: from now on nobody may accept it. */
        public void refreshAway() {
            refreshedAway = true;
        }

        /** Whether the cache knows of the withdrawal. */
        public boolean refreshedAway() {
            return refreshedAway;
        }
    }
}
