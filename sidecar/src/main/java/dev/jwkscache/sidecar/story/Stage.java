package dev.jwkscache.sidecar.story;

import dev.jwkscache.JwkSet;
import dev.jwkscache.JwksCache;
import dev.jwkscache.JwksCacheListener;
import dev.jwkscache.KeysUnavailableException;
import dev.jwkscache.RefreshTrigger;
import dev.jwkscache.sidecar.CommandFailure;
import dev.jwkscache.sidecar.demo.Crowd;
import dev.jwkscache.sidecar.demo.Forger;
import dev.jwkscache.sidecar.demo.Tally;
import dev.jwkscache.sidecar.demo.Token;
import dev.jwkscache.sidecar.demo.Token.Issuer;
import dev.jwkscache.sidecar.demo.Tokens;
import dev.jwkscache.sidecar.demo.Tokens.Batch;
import dev.jwkscache.sidecar.demo.Verifier;
import dev.jwkscache.sidecar.demo.Verifier.Verdict;
import dev.jwkscache.testkit.Behaviour;
import dev.jwkscache.testkit.ScriptedProvider;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Everything that takes part in the demonstration: provider, cache, callers, forgers, and what they count. */
final class Stage implements AutoCloseable {
    static final int CALLERS = 8;
    private static final int CALLER_PAUSE_MILLIS = 15;
    private static final int FORGERS = 2;
    private static final int FORGER_PAUSE_MILLIS = 4;
    private static final int FORGERIES_AT_ONCE = 4;
    private static final int ATTEMPTS_TO_START = 5;
    private static final long BETWEEN_ATTEMPTS_MILLIS = 1000;

    private final Pace pace;
    private final ScriptedProvider provider = ScriptedProvider.start("RS256", "ES256", "EdDSA");
    private final Tokens tokens = new Tokens(provider);
    private final Forger forger = new Forger(provider, tokens);
    private final CompletableFuture<Batch> rotation;
    private final Scoreboard score = new Scoreboard();
    private final AtomicLong missFetches = new AtomicLong();
    private final AtomicLong refreshes = new AtomicLong();
    private final JwksCache cache;
    private final Verifier verifier;
    private @Nullable Crowd callers;
    private @Nullable Crowd forgers;
    private volatile @Nullable JwkSet keys;

    /**
     * Sets the stage; nobody moves before {@link #start()}.
     *
     * @param audience hears what happens in the cache
     */
    Stage(Pace pace, JwksCacheListener audience) {
        this.pace = pace;
        provider.keys().forEach(key -> tokens.circulate(tokens.sign(key)));
        // The next key is made ahead, for that takes long; what is published is frozen until the rotation.
        provider.publish(provider.document());
        rotation = CompletableFuture.supplyAsync(() -> tokens.sign(provider.rotate("RS256")));
        cache = JwksCache.builder(provider.jwksUri())
                .timeToLive(pace.timeToLive())
                .refreshInterval(pace.refreshInterval())
                .fetchTimeout(pace.fetchTimeout())
                .maxStaleness(pace.maxStaleness())
                .missCooldown(pace.missCooldown())
                .listener(new Witness())
                .listener(audience)
                .build();
        verifier = new Verifier(cache);
    }

    /** Loads the keys and lets the callers begin. */
    void start() throws InterruptedException {
        load();
        // The first use of an algorithm loads it into the JVM, which is not what the callers are to wait for.
        for (Issuer issuer : tokens.issuers()) {
            verifier.verify(provider.tokenSignedBy(issuer.key(), Map.of()));
        }
        callers = Crowd.of(CALLERS, "caller", CALLER_PAUSE_MILLIS, this::call, score::wrong);
    }

    /** A loopback provider answers at once, except on a machine that is busy with something else. */
    private void load() throws InterruptedException {
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

    private void call(RandomGenerator random) {
        Token token = tokens.pick(random);
        boolean wasWithdrawn = token.issuer().withdrawn();
        boolean wasRefreshedAway = token.issuer().refreshedAway();
        Tally tally = score.current();
        Verdict verdict = verifier.verify(token.text());
        if (!wasWithdrawn) {
            tally.waited(verdict.lookupNanos());
        }
        if (verdict.accepted()) {
            if (wasRefreshedAway) {
                tally.withdrawnAccepted.increment();
                score.wrong("a token of the withdrawn key was accepted after the refresh");
            } else if (wasWithdrawn) {
                tally.lingering.increment();
            } else {
                tally.verified.increment();
            }
        } else if (token.issuer().withdrawn()) {
            tally.withdrawnRefused.increment();
        } else {
            tally.goodRefused.increment();
            score.wrong("a good token was refused: " + verdict.refusal());
        }
    }

    private void forge(RandomGenerator random) {
        for (int i = 0; i < FORGERIES_AT_ONCE; i++) {
            Tally tally = score.current();
            Verdict verdict = verifier.verify(forger.forge(random));
            if (verdict.accepted()) {
                tally.forgedAccepted.increment();
                score.wrong("a forged token was accepted");
            } else {
                tally.forgedRefused.increment();
            }
        }
    }

    void behave(Behaviour behaviour) {
        provider.behave(behaviour);
    }

    /** A new key is published and signs at once; the old one stays published, and its tokens in circulation. */
    Issuer rotate() {
        Batch next = rotation.join();
        provider.publishKeys();
        tokens.circulate(next);
        return next.issuer();
    }

    void withdraw(Issuer issuer) {
        issuer.withdraw();
        provider.withdraw(issuer.key());
    }

    void startForging() {
        forgers = Crowd.of(FORGERS, "forger", FORGER_PAUSE_MILLIS, this::forge, score::wrong);
    }

    void stopForging() {
        if (forgers != null) {
            forgers.close();
            forgers = null;
        }
    }

    Pace pace() {
        return pace;
    }

    JwksCache cache() {
        return cache;
    }

    Tokens tokens() {
        return tokens;
    }

    Scoreboard score() {
        return score;
    }

    /** Fetches that unknown kids have caused. */
    long missFetches() {
        return missFetches.get();
    }

    /** Fetches that brought or confirmed a set. */
    long refreshes() {
        return refreshes.get();
    }

    /** The keys of the last refresh, looked at without touching the cache, which may fetch when asked. */
    @Nullable
    JwkSet keys() {
        return keys;
    }

    boolean hasKey(Issuer issuer) {
        JwkSet now = keys;
        return now != null && now.kids().contains(issuer.kid());
    }

    @Override
    public void close() {
        stopForging();
        if (callers != null) {
            callers.close();
        }
        cache.close();
        provider.close();
    }

    /** How much longer than meant a chapter may take on a busy machine to show what it shows. */
    Duration patience() {
        return pace.maxStaleness().dividedBy(2);
    }

    private final class Witness implements JwksCacheListener {
        @Override
        public void refreshed(Refreshed event) {
            keys = event.keys();
            refreshes.incrementAndGet();
            count(event.trigger());
            for (Issuer issuer : tokens.issuers()) {
                if (issuer.withdrawn() && !event.keys().kids().contains(issuer.kid())) {
                    issuer.refreshAway();
                }
            }
        }

        @Override
        public void refreshFailed(RefreshFailed event) {
            count(event.trigger());
        }

        private void count(RefreshTrigger trigger) {
            if (trigger == RefreshTrigger.MISS) {
                missFetches.incrementAndGet();
            }
        }
    }
}
