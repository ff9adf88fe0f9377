package dev.jwkscache.bench.token;

import dev.jwkscache.testkit.ScriptedProvider;
import java.time.Instant;
import java.util.Map;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A provider on loopback and tokens of it, with the claims that most have. */
@State(Scope.Benchmark)
public class SignedTokens {
    private static final int TOKENS = 16;

    /** The {@code alg} of the tokens. */
    @Param({"RS256", "ES256", "EdDSA"})
    public String alg = "RS256";

    ScriptedProvider provider;
    String[] tokens;

    @Setup(Level.Trial)
    public void sign() {
        provider = ScriptedProvider.start(alg);
        provider.addKey(alg);
        tokens = new String[TOKENS];
        long now = Instant.now().getEpochSecond();
        for (int i = 0; i < TOKENS; i++) {
            tokens[i] = provider.token(
                    alg,
                    Map.of(
                            "iss",
                            provider.issuer().toString(),
                            "sub",
                            "user-" + i,
                            "aud",
                            "bench",
                            "iat",
                            now,
                            "exp",
                            now + 86_400,
                            "scope",
                            "openid profile email"));
        }
    }

    @TearDown(Level.Trial)
    public void close() {
        provider.close();
    }

    /** The tokens that one thread verifies, in turn. */
    @State(Scope.Thread)
    public static class Turn {
        private int next;

        String token(SignedTokens signed) {
            next = (next + 1) % TOKENS;
            return signed.tokens[next];
        }
    }
}
