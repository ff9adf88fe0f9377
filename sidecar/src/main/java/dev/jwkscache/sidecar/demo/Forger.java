package dev.jwkscache.sidecar.demo;

import dev.jwkscache.testkit.ScriptedProvider;
import java.util.random.RandomGenerator;

/** Forges tokens: most with a kid that nobody has, some with the kid of a real key under a signature that is none. */
public final class Forger {
    private static final int ONE_STOLEN_KID_IN = 20;

    private final ScriptedProvider provider;
    private final Tokens tokens;

    /** Steals the kids of these tokens. */
    public Forger(ScriptedProvider provider, Tokens tokens) {
        this.provider = provider;
        this.tokens = tokens;
    }

    /** A token that nobody may accept. */
    public String forge(RandomGenerator random) {
        String forged = provider.forgedToken();
        if (random.nextInt(ONE_STOLEN_KID_IN) != 0) {
            return forged;
        }
        String real = tokens.pick(random).text();
        return real.substring(0, real.lastIndexOf('.')) + forged.substring(forged.lastIndexOf('.'));
    }
}
