package dev.jwkscache.bench.lookup;

import dev.jwkscache.testkit.ScriptedProvider;
import dev.jwkscache.testkit.SigningKey;
import java.util.Objects;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A provider on loopback with a set of that many RSA keys. */
@State(Scope.Benchmark)
public class PublishedKeys {
    static final String ALG = "RS256";

    /** How many keys the set holds. */
    @Param({"2", "16", "200"})
    public int keys;

    ScriptedProvider provider;

    @Setup(Level.Trial)
    public void publish() {
        provider = ScriptedProvider.start(ALG);
        while (provider.keys().size() < keys) {
            provider.addKey(ALG);
        }
    }

    /** As a token brings them: strings of their own, equal to those of the set but never the same object. */
    String[] kids() {
        return provider.keys().stream()
                .map(SigningKey::kid)
                .map(kid -> new String(Objects.requireNonNull(kid).toCharArray()))
                .toArray(String[]::new);
    }

    @TearDown(Level.Trial)
    public void close() {
        provider.close();
    }

    /** The kids that one thread asks for, in turn. */
    @State(Scope.Thread)
    public static class Asked {
        private String[] kids;
        private int next;

        @Setup(Level.Trial)
        public void take(PublishedKeys published) {
            kids = published.kids();
        }

        String kid() {
            String[] all = kids;
            int current = next;
            next = current + 1 == all.length ? 0 : current + 1;
            return all[current];
        }
    }
}
