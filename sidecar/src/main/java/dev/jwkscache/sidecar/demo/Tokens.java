package dev.jwkscache.sidecar.demo;

import dev.jwkscache.sidecar.demo.Token.Issuer;
import dev.jwkscache.testkit.ScriptedProvider;
import dev.jwkscache.testkit.SigningKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.random.RandomGenerator;

/** The tokens in circulation: of every key that ever signed, for tokens live longer than a key is current. */
public final class Tokens {
    private static final int OF_EACH_KEY = 6;

    private final ScriptedProvider provider;
    private final List<Issuer> issuers = new CopyOnWriteArrayList<>();
    private volatile List<Token> circulating = List.of();

    /** None so far. */
    public Tokens(ScriptedProvider provider) {
        this.provider = provider;
    }

    /** Tokens that one key has signed. */
    public record Batch(Issuer issuer, List<Token> tokens) {}

    /** Signs tokens that nobody has yet. */
    public Batch sign(SigningKey key) {
        Issuer issuer = new Issuer(key);
        List<Token> tokens = new ArrayList<>();
        for (int i = 0; i < OF_EACH_KEY; i++) {
            tokens.add(new Token(provider.tokenSignedBy(key, Map.of("jti", "demo-" + i)), issuer));
        }
        return new Batch(issuer, tokens);
    }

    /** From now on callers present these tokens too. Called by one thread at a time. */
    public void circulate(Batch batch) {
        issuers.add(batch.issuer());
        List<Token> tokens = new ArrayList<>(circulating);
        tokens.addAll(batch.tokens());
        circulating = List.copyOf(tokens);
    }

    /** Nobody presents the tokens of that key any more. Called by one thread at a time. */
    void retire(Issuer issuer) {
        issuers.remove(issuer);
        circulating = circulating.stream()
                .filter(token -> !token.issuer().equals(issuer))
                .toList();
    }

    /** All keys whose tokens circulate, oldest first. */
    public List<Issuer> issuers() {
        return issuers;
    }

    /** All tokens in circulation. */
    List<Token> all() {
        return circulating;
    }

    /** Any token in circulation. */
    public Token pick(RandomGenerator random) {
        List<Token> tokens = circulating;
        return tokens.get(random.nextInt(tokens.size()));
    }
}
