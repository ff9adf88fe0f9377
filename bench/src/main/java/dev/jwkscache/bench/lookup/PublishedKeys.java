package dev.jwkscache.bench.lookup;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import dev.jwkscache.testkit.ScriptedProvider;
import dev.jwkscache.testkit.SigningKey;
import java.util.Objects;
import org.jose4j.jws.JsonWebSignature;
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

    /** What one thread asks for: the kids of the set in turn, and headers where a library wants those. */
    @State(Scope.Thread)
    public static class Asked {
        private String[] kids;
        private JWSHeader[] nimbusHeaders;
        private JsonWebSignature[] jose4jTokens;
        private int next;

        @Setup(Level.Trial)
        public void take(PublishedKeys published) {
            kids = published.kids();
            nimbusHeaders = new JWSHeader[kids.length];
            jose4jTokens = new JsonWebSignature[kids.length];
            for (int i = 0; i < kids.length; i++) {
                nimbusHeaders[i] =
                        new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(kids[i]).build();
                jose4jTokens[i] = new JsonWebSignature();
                jose4jTokens[i].setAlgorithmHeaderValue(ALG);
                jose4jTokens[i].setKeyIdHeaderValue(kids[i]);
            }
        }

        String kid() {
            return kids[turn()];
        }

        JWSHeader nimbusHeader() {
            return nimbusHeaders[turn()];
        }

        JsonWebSignature jose4jToken() {
            return jose4jTokens[turn()];
        }

        private int turn() {
            int current = next;
            next = current + 1 == kids.length ? 0 : current + 1;
            return current;
        }
    }
}
