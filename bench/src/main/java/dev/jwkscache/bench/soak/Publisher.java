package dev.jwkscache.bench.soak;

import dev.jwkscache.testkit.ScriptedProvider;
import dev.jwkscache.testkit.SigningKey;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Changes the keys of a provider at random, names them so that a seed replays them, and knows what is published. */
final class Publisher {
    static final String[] ALGORITHMS = {"ES256", "ES384", "Ed25519"};
    private static final int FEW = 4;
    private static final int MANY = 14;

    private final ScriptedProvider provider;
    private final List<SigningKey> withdrawn = new ArrayList<>();
    private @Nullable KeySet verbatim;
    private int made;

    /** Takes over a provider whose first keys have kids of their own and replaces them by named ones. */
    Publisher(ScriptedProvider provider) {
        this.provider = provider;
        List<SigningKey> first = provider.keys();
        for (String algorithm : ALGORITHMS) {
            provider.addKey(algorithm, nextKid());
        }
        first.forEach(provider::withdraw);
    }

    KeySet served(Fault.Content content) {
        KeySet own = new KeySet(provider.keys(), content == Fault.Content.OWN_AND_STRANGER ? 1 : 0);
        return content == Fault.Content.PUBLISHED && verbatim != null ? verbatim : own;
    }

    SigningKey rotate(SplittableRandom random) {
        String kid = random.nextInt(12) == 0 ? null : nextKid();
        return provider.addKey(ALGORITHMS[random.nextInt(ALGORITHMS.length)], kid);
    }

    /** Withdraws a key, or says null where that would leave too few. */
    @Nullable
    SigningKey withdraw(SplittableRandom random) {
        List<SigningKey> keys = provider.keys();
        if (keys.size() <= FEW) {
            return null;
        }
        SigningKey key = keys.get(random.nextInt(keys.size()));
        provider.withdraw(key);
        remember(key);
        return key;
    }

    /** Publishes new material under an old kid, beside the old or in place of it. */
    SigningKey replaceMaterial(SplittableRandom random) {
        List<SigningKey> keys = provider.keys();
        SigningKey old = keys.get(random.nextInt(keys.size()));
        SigningKey replacement = provider.addKey(old.algorithm(), old.kid());
        if (random.nextInt(4) > 0) {
            provider.withdraw(old);
            remember(old);
        }
        return replacement;
    }

    /** Publishes the keys of now with broken entries around them, until {@link #publishKeys()}. */
    void publishBroken() {
        verbatim = new KeySet(provider.keys(), 0);
        String entries = provider.keys().stream().map(SigningKey::jwk).collect(Collectors.joining(","));
        provider.publish("{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"broken\"}," + entries
                + ",42,null,{\"kty\":\"oct\",\"k\":\"AAAA\",\"kid\":\"symmetric\"}]}");
    }

    void publishKeys() {
        verbatim = null;
        provider.publishKeys();
    }

    boolean hasMany() {
        return provider.keys().size() >= MANY;
    }

    List<SigningKey> keys() {
        return provider.keys();
    }

    /** Some of the keys that were withdrawn. */
    List<SigningKey> withdrawn() {
        return withdrawn;
    }

    private void remember(SigningKey key) {
        withdrawn.add(key);
        if (withdrawn.size() > 20) {
            withdrawn.remove(0);
        }
    }

    private String nextKid() {
        return "k" + ++made;
    }
}
