package dev.jwkscache.bench.soak;

import dev.jwkscache.CacheState;
import dev.jwkscache.JwksCache;
import dev.jwkscache.testkit.Behaviour;
import dev.jwkscache.testkit.ScriptedProvider;
import dev.jwkscache.testkit.SigningKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One provider on loopback and one cache with eight callers, in real time: every other cache runs on the threads of the
 * library, the others on a lent scheduler with a wall clock that leaps.
 */
final class LiveLife {
    private static final int CALLERS = 8;
    private static final Duration CALM = Duration.ofSeconds(10);

    final CopyOnWriteArrayList<LiveKey> current = new CopyOnWriteArrayList<>();
    final CopyOnWriteArrayList<LiveKey> gone = new CopyOnWriteArrayList<>();
    final Verdicts verdicts = new Verdicts();
    final LiveModel model;
    final Tally tally;
    volatile boolean over;
    private final boolean leaping;
    private final SplittableRandom random;
    private final Trail trail;
    private final UnaryOperator<Subject> disguise;
    private final LiveClock clock = new LiveClock();
    private final Rules rules;
    private final long start = System.nanoTime();
    private int made;

    LiveLife(SplittableRandom random, boolean leaping, Tally tally, Trail trail, UnaryOperator<Subject> disguise) {
        this.random = random;
        this.leaping = leaping;
        this.tally = tally;
        this.trail = trail;
        this.disguise = disguise;
        rules = new Rules(
                Duration.ofMillis(400),
                Duration.ofMillis(200),
                Duration.ofMillis(50),
                Duration.ofMillis(150),
                Duration.ofMillis(2_000),
                Duration.ofMillis(300),
                Duration.ofMillis(100),
                Duration.ofMillis(random.nextInt(3) == 0 ? 30 : 0));
        model = new LiveModel(rules, clock);
    }

    List<Verdicts.Forbidden> run(Duration length) throws InterruptedException {
        ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(2);
        try (ScriptedProvider provider = ScriptedProvider.start("ES256", "Ed25519")) {
            provider.keys().forEach(key -> add(provider, key));
            JwksCache.Builder builder =
                    rules.applyTo(JwksCache.builder(provider.jwksUri())).listener(model);
            if (leaping) {
                builder.time(clock, System::nanoTime, scheduler);
            }
            Subject cache = disguise.apply(Subject.of(builder.build()));
            cache.startAsync();
            List<Thread> callers = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                Thread caller = new Thread(new LiveCaller(this, cache, random.split()), "soak-caller-" + i);
                caller.setDaemon(true);
                caller.start();
                callers.add(caller);
            }
            while (System.nanoTime() - start < length.toNanos() && !verdicts.any()) {
                step(provider, cache);
            }
            calm(provider, cache);
            over = true;
            cache.close();
            for (Thread caller : callers) {
                caller.join(10_000);
                if (caller.isAlive()) {
                    verdicts.forbidden("close()", caller.getName() + " still waits", "«unavailable» at once");
                }
            }
            tally.count("fetches", provider.requestCount());
        } finally {
            scheduler.shutdownNow();
        }
        return verdicts.found();
    }

    private void step(ScriptedProvider provider, Subject cache) throws InterruptedException {
        tally.count("steps");
        Duration pause = Duration.ofMillis(random.nextLong(10, 120));
        switch (random.nextInt(20)) {
            case 0, 1, 2, 3 -> behave(provider, Fault.draw(random, rules));
            case 4 -> {
                if (random.nextBoolean()) {
                    behave(provider, drawHealthy());
                    break;
                }
                behave(provider, new Fault("refused", Behaviour.refuse(), Fault.Content.WORTHLESS, false));
                pause = rules.maxStaleness().plusMillis(random.nextLong(1, 1_000));
            }
            case 5, 6, 7, 8, 9, 10 -> behave(provider, drawHealthy());
            case 11, 12, 13 -> rotate(provider);
            case 14, 15 -> withdraw(provider);
            case 16, 17 -> leap();
            case 18 -> {
                note("refresh()");
                cache.refresh();
                tally.count("manual refreshes");
            }
            default -> {
                if (random.nextInt(4) == 0) {
                    note("purge()");
                    model.purging(true);
                    cache.purge();
                    model.purging(false);
                    tally.count("purges");
                }
            }
        }
        Thread.sleep(pause.toMillis());
    }

    private Fault drawHealthy() {
        return switch (random.nextInt(6)) {
            case 0 -> new Fault("ETag", Behaviour.withEtag(), Fault.Content.PUBLISHED, true);
            case 1 -> new Fault("gzip", Behaviour.gzip(), Fault.Content.PUBLISHED, true);
            case 2 ->
                new Fault(
                        "slow",
                        Behaviour.healthy()
                                .slow(Duration.ofMillis(random.nextLong(1, 120)))
                                .chunked(),
                        Fault.Content.PUBLISHED,
                        true);
            case 3 -> new Fault("redirect, same origin", Behaviour.redirectSameOrigin(), Fault.Content.PUBLISHED, true);
            default -> Fault.NONE;
        };
    }

    private void behave(ScriptedProvider provider, Fault fault) {
        // An unasked 304 confirms the set to whoever has asked with a tag of before: not a lie to test in real time.
        boolean quiet = fault.name().contains("Retry-After");
        Fault used = quiet
                ? new Fault(
                        "429 Retry-After",
                        Behaviour.tooManyRequests(Duration.ofSeconds(1)),
                        Fault.Content.WORTHLESS,
                        false)
                : fault.name().equals("304 unasked") ? Fault.NONE : fault;
        note("provider: " + used.behaviour());
        boolean worthless = used.content() == Fault.Content.WORTHLESS;
        if (!worthless) {
            model.providerIsGood(true);
        }
        provider.behave(used.behaviour());
        if (worthless) {
            model.providerIsGood(false);
        }
        tally.fault(used.name());
    }

    private void rotate(ScriptedProvider provider) {
        if (current.size() > 8) {
            withdraw(provider);
            return;
        }
        String algorithm = random.nextBoolean() ? "ES256" : "Ed25519";
        boolean sameKid = random.nextInt(6) == 0;
        String kid = sameKid ? current.get(random.nextInt(current.size())).key.kid() : "k" + (made + 1);
        note("rotate: " + algorithm + " " + kid);
        publish(provider, algorithm, kid);
        tally.count("rotations");
    }

    private void publish(ScriptedProvider provider, String algorithm, @Nullable String kid) {
        // The model must know a key before anybody can have fetched it and asks what it is.
        synchronized (model) {
            add(provider, provider.addKey(algorithm, kid));
        }
    }

    private void add(ScriptedProvider provider, SigningKey key) {
        LiveKey live = new LiveKey(provider, key, ++made);
        model.published(live);
        current.add(live);
    }

    private void withdraw(ScriptedProvider provider) {
        if (current.size() < 4) {
            return;
        }
        LiveKey key = current.remove(random.nextInt(current.size()));
        note("withdraw " + key);
        key.withdrawing(System.nanoTime());
        provider.withdraw(key.key);
        gone.add(key);
        if (gone.size() > 12) {
            gone.remove(0);
        }
        tally.count("withdrawals");
        // A newer key beside what is left tells the model that a set was asked for after the withdrawal.
        publish(provider, "ES256", "k" + (made + 1));
    }

    private void leap() {
        if (leaping) {
            long most = random.nextInt(3) == 0 ? 3_000 : 500;
            Duration by = Duration.ofMillis(random.nextLong(-most, most));
            note("leap " + by);
            clock.leap(by);
            tally.count("leaps and suspends");
        }
    }

    /** Ends the trouble: within a short time the keys are fresh again. */
    private void calm(ScriptedProvider provider, Subject cache) throws InterruptedException {
        behave(provider, Fault.NONE);
        long from = System.nanoTime();
        while (cache.status().state() != CacheState.FRESH && !verdicts.any()) {
            if (System.nanoTime() - from > CALM.toNanos()) {
                verdicts.forbidden("status()", cache.status().toString(), "fresh keys: all has been well for " + CALM);
            }
            Thread.sleep(20);
        }
    }

    void note(String what) {
        trail.step(Duration.ofNanos(System.nanoTime() - start), what);
    }
}
