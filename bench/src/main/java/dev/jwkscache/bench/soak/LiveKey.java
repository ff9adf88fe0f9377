package dev.jwkscache.bench.soak;

import dev.jwkscache.VerificationKey;
import dev.jwkscache.testkit.ScriptedProvider;
import dev.jwkscache.testkit.SigningKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.util.Base64;
import java.util.Map;

/** A key of the live provider: its place in the order of publication, a token signed with it, and when it was withdrawn. */
final class LiveKey {
    final SigningKey key;
    final int ordinal;
    private final byte[] signed;
    private final byte[] signature;
    /** When its withdrawal began, in real nanoseconds; far in the future before. */
    volatile long withdrawnAt;

    volatile boolean withdrawn;

    LiveKey(ScriptedProvider provider, SigningKey key, int ordinal) {
        this.key = key;
        this.ordinal = ordinal;
        String token = provider.tokenSignedBy(key, Map.of());
        int dot = token.lastIndexOf('.');
        signed = token.substring(0, dot).getBytes(StandardCharsets.US_ASCII);
        signature = Base64.getUrlDecoder().decode(token.substring(dot + 1));
    }

    void withdrawing(long now) {
        withdrawnAt = now;
        withdrawn = true;
    }

    boolean standsAt(long nanos) {
        return !withdrawn || withdrawnAt - nanos > 0;
    }

    boolean verifiedBy(VerificationKey answer) {
        try {
            Signature verifier = answer.newSignature();
            verifier.update(signed);
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    @Override
    public String toString() {
        return key + " (number " + ordinal + ")";
    }
}
