package dev.jwkscache.sidecar.demo;

import dev.jwkscache.JwksCache;
import dev.jwkscache.KeysUnavailableException;
import dev.jwkscache.sidecar.CommandFailure;
import dev.jwkscache.sidecar.demo.Token.Issuer;
import dev.jwkscache.sidecar.demo.Verifier.Verdict;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Services whose callers present real tokens all the time. The keys of each are kept by a {@link JwksCache} of its own whose
 * provider is the sidecar: the library as a client of the sidecar, over HTTP. Not for several
 * threads at once.
 */
final class Services implements AutoCloseable {
    static final int COUNT = 3;
    static final int CALLERS_OF_EACH = 3;

    private static final int CALLER_PAUSE_MILLIS = 15;
    private static final int FORGERS = 2;
    private static final int FORGER_PAUSE_MILLIS = 8;
    private static final int FORGERIES_AT_ONCE = 4;
    private static final int ATTEMPTS_TO_START = 10;
    private static final long BETWEEN_ATTEMPTS_MILLIS = 1000;

    private final Tokens tokens;
    private final Forger forger;
    private final Judge judge;
    private final Score score;
    private final Supplier<Moment> clock;
    private final List<JwksCache> caches = new ArrayList<>();
    private final List<Verifier> verifiers = new ArrayList<>();
    private final List<Crowd> callers = new ArrayList<>();
    private final List<Crowd> formerForgers = new ArrayList<>();
    private @Nullable Crowd forgers;

    Services(DemoProvider provider, Judge judge, Score score, Supplier<Moment> clock, URI keySet) {
        this.tokens = provider.tokens();
        this.forger = new Forger(provider.scripted(), tokens);
        this.judge = judge;
        this.score = score;
        this.clock = clock;
        for (int i = 0; i < COUNT; i++) {
            JwksCache cache = JwksCache.builder(keySet)
                    .timeToLive(DemoSpans.CALLERS_TIME_TO_LIVE)
                    .refreshInterval(DemoSpans.CALLERS_REFRESH_INTERVAL)
                    .maxStaleness(DemoSpans.CALLERS_MAX_STALENESS)
                    .missCooldown(DemoSpans.CALLERS_MISS_COOLDOWN)
                    .build();
            caches.add(cache);
            verifiers.add(new Verifier(cache));
        }
    }

    /** Loads the keys and lets callers begin. */
    void start() throws InterruptedException {
        for (JwksCache cache : caches) {
            load(cache);
        }
        // The first use of an algorithm loads it into the JVM, which is not what callers are to wait for.
        for (Token token : tokens.all()) {
            verifiers.get(0).verify(token.text());
        }
        judge.begin();
        for (int i = 0; i < COUNT; i++) {
            Verifier verifier = verifiers.get(i);
            callers.add(Crowd.of(
                    CALLERS_OF_EACH,
                    "caller-" + (i + 1),
                    CALLER_PAUSE_MILLIS,
                    random -> present(tokens.pick(random), verifier),
                    score::wrong));
        }
    }

    private static void load(JwksCache cache) throws InterruptedException {
        for (int attempt = 1; true; attempt++) {
            try {
                cache.start();
                return;
            } catch (KeysUnavailableException e) {
                if (attempt == ATTEMPTS_TO_START) {
                    throw new CommandFailure("the demonstration cannot begin: " + e.getMessage());
                }
                Thread.sleep(BETWEEN_ATTEMPTS_MILLIS);
            }
        }
    }

    private void present(Token token, Verifier verifier) {
        Issuer issuer = token.issuer();
        Moment presented = clock.get();
        boolean wasWithdrawn = issuer.withdrawn();
        Verdict verdict = verifier.verify(token.text());
        if (!wasWithdrawn) {
            score.waited(verdict.lookupNanos());
        }
        score.count(judge.judge(issuer, wasWithdrawn, verdict.accepted(), presented), verdict.refusal());
    }

    private void forge(RandomGenerator random) {
        for (int i = 0; i < FORGERIES_AT_ONCE; i++) {
            Verifier victim = verifiers.get(random.nextInt(COUNT));
            score.countForged(victim.verify(forger.forge(random)).accepted());
        }
    }

    void flood() {
        if (forgers == null) {
            forgers = Crowd.of(FORGERS, "forger", FORGER_PAUSE_MILLIS, this::forge, score::wrong);
        }
    }

    /** Returns at once; who is under way ends what he does. */
    void endFlood() {
        if (forgers != null) {
            forgers.stop();
            formerForgers.add(forgers);
            forgers = null;
        }
    }

    /** Ends all callers, and then their caches. */
    @Override
    public void close() {
        endFlood();
        callers.forEach(Crowd::stop);
        callers.forEach(Crowd::close);
        formerForgers.forEach(Crowd::close);
        caches.forEach(JwksCache::close);
    }
}
