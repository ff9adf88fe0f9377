package dev.jwkscache;

import dev.jwkscache.spi.OriginResponse;
import dev.jwkscache.testkit.ScriptedProvider;
import dev.jwkscache.testkit.SigningKey;
import dev.jwkscache.testkit.VirtualTime;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Key sets that can be told apart: each key of generation n has the kid {@code g<n>-<i>}. */
final class Generations {
    static final String ALG = "EdDSA";
    /** Stands for a set of which something is missing. */
    static final int BROKEN = 99;

    static final int COUNT = 12;
    static final int KEYS = 2;

    private static final List<OriginResponse> RESPONSES = new ArrayList<>();
    private static final List<List<String>> THUMBPRINTS = new ArrayList<>();
    private static final OriginResponse REFUSAL = new OriginResponse(500, Map.of(), new byte[0]);

    static {
        try (ScriptedProvider provider = ScriptedProvider.inMemory(new VirtualTime(), ALG)) {
            for (int generation = 0; generation < COUNT; generation++) {
                List<String> jwks = new ArrayList<>();
                List<String> thumbprints = new ArrayList<>();
                for (int i = 0; i < KEYS; i++) {
                    SigningKey key = provider.addKey(ALG, kid(generation, i));
                    jwks.add(key.jwk());
                    thumbprints.add(key.thumbprint());
                }
                String document = "{\"keys\":[" + String.join(",", jwks) + "]}";
                RESPONSES.add(new OriginResponse(200, Map.of(), document.getBytes(StandardCharsets.UTF_8)));
                THUMBPRINTS.add(thumbprints);
            }
        }
    }

    private Generations() {}

    static String kid(int generation, int index) {
        return "g" + generation + "-" + index;
    }

    static OriginResponse response(int generation) {
        return RESPONSES.get(generation);
    }

    static OriginResponse refusal() {
        return REFUSAL;
    }

    static JwkSet parsed(int generation) {
        try {
            return new JwkSetParser(KeyRules.STANDARD)
                    .parse(response(generation).body());
        } catch (FetchException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The generation of a set; -1 for none. */
    static int of(@Nullable JwkSet keys) {
        if (keys == null) {
            return -1;
        }
        String kid = keys.kids().iterator().next();
        return Integer.parseInt(kid.substring(1, kid.indexOf('-')));
    }

    /** The generation of a set whose keys are all found, alone under their kids, with their own material; else 99. */
    static int whole(JwkSet keys) {
        if (keys.size() != KEYS
                || keys.kids().size() != KEYS
                || keys.find(null, ALG).size() != KEYS) {
            return BROKEN;
        }
        int generation = of(keys);
        for (int i = 0; i < KEYS; i++) {
            List<VerificationKey> found = keys.find(kid(generation, i), ALG);
            if (found.size() != 1 || found.get(0).publicKey() == null) {
                return BROKEN;
            }
            if (!found.get(0).thumbprint().equals(THUMBPRINTS.get(generation).get(i))) {
                return BROKEN;
            }
        }
        return generation;
    }
}
