package dev.jwkscache.bench.forged;

import dev.jwkscache.JwksCache;
import dev.jwkscache.UnknownKeyException;
import dev.jwkscache.testkit.ScriptedProvider;
import java.time.Duration;
import java.util.Objects;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A cache in its cooldown: the one fetch for unknown kids has been made. */
@State(Scope.Benchmark)
public class SpentBudget implements AutoCloseable {
    static final String ALG = "RS256";

    JwksCache cache;
    String knownKid;
    private ScriptedProvider provider;

    @Setup(Level.Trial)
    public void spend() {
        provider = ScriptedProvider.start(ALG);
        cache = JwksCache.builder(provider.jwksUri())
                .missCooldown(Duration.ofHours(1))
                .build();
        cache.start();
        knownKid = Objects.requireNonNull(provider.current(ALG).kid());
        refusal("the first");
    }

    UnknownKeyException refusal(String kid) {
        try {
            throw new IllegalStateException("forged, and yet there is " + cache.key(kid, ALG));
        } catch (UnknownKeyException refusal) {
            return refusal;
        }
    }

    @Override
    @TearDown(Level.Trial)
    public void close() {
        cache.close();
        provider.close();
    }

    /** Kids that no set holds, none twice in a row. */
    @State(Scope.Thread)
    public static class Forger {
        private static final int KIDS = 1024;
        private final String[] kids = new String[KIDS];
        private int next;

        @Setup(Level.Trial)
        public void forge() {
            for (int i = 0; i < KIDS; i++) {
                kids[i] = "forged-" + Integer.toHexString(i * 0x9E3779B9) + "-kAqD6Byag3ADD3lswBHurfQJU";
            }
        }

        String kid() {
            next = (next + 1) % KIDS;
            return kids[next];
        }
    }
}
