package dev.jwkscache.sidecar.demo;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import dev.jwkscache.JwksCache;
import dev.jwkscache.JwksException;
import dev.jwkscache.VerificationKey;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.text.ParseException;
import java.util.Set;

/** Checks the signatures of tokens as a service would; claims are not its business. */
public final class Verifier {
    private static final Set<String> ACCEPTED = Set.of("RS256", "ES256", "EdDSA");

    private final JwksCache cache;

    /** Takes the keys from a cache. */
    public Verifier(JwksCache cache) {
        this.cache = cache;
    }

    /**
     * What came of a token.
     *
     * @param refusal why it was refused; empty where it was accepted
     * @param lookupNanos how long the lookup of the key took
     */
    public record Verdict(String refusal, long lookupNanos) {
        /** Whether the signature is one of a key that may be trusted. */
        public boolean accepted() {
            return refusal.isEmpty();
        }
    }

    /** Checks the signature; never throws. */
    public Verdict verify(String token) {
        JWSObject jws;
        try {
            jws = JWSObject.parse(token);
        } catch (ParseException e) {
            return new Verdict("no JWS", 0);
        }
        JWSHeader header = jws.getHeader();
        String algorithm = header.getAlgorithm().getName();
        if (!ACCEPTED.contains(algorithm)) {
            return new Verdict("algorithm " + algorithm + " is not accepted", 0);
        }
        long asked = System.nanoTime();
        VerificationKey key;
        try {
            key = cache.key(header.getKeyID(), algorithm);
        } catch (JwksException e) {
            return new Verdict(String.valueOf(e.getMessage()), System.nanoTime() - asked);
        }
        long waited = System.nanoTime() - asked;
        if (fits(jws, key)) {
            return new Verdict("", waited);
        }
        // Perhaps the provider has new material under an old kid; the cache looks, as often as its budget allows.
        cache.reportBadSignature(key);
        return new Verdict("the signature does not fit", waited);
    }

    private static boolean fits(JWSObject jws, VerificationKey key) {
        try {
            Signature signature = key.newSignature();
            signature.update(jws.getSigningInput());
            return signature.verify(jws.getSignature().decode());
        } catch (GeneralSecurityException malformed) {
            return false;
        }
    }
}
