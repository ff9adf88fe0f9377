package dev.jwkscache.bench.soak;

import dev.jwkscache.VerificationKey;
import dev.jwkscache.spi.JwksOrigin;
import dev.jwkscache.spi.OriginRequest;
import dev.jwkscache.spi.OriginResponse;
import dev.jwkscache.testkit.ScriptedProvider;
import dev.jwkscache.testkit.SigningKey;
import dev.jwkscache.testkit.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One provider and its caches in virtual time, from a seed of its own: the same seed makes the same steps. Short enough
 * that a failure is replayed in a blink.
 */
final class VirtualLife implements AutoCloseable {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final SplittableRandom random;
    private final Tally tally;
    private final Trail trail;
    private final UnaryOperator<Subject> disguise;
    private final VirtualTime time = new VirtualTime(START);
    private final ScriptedProvider provider = ScriptedProvider.inMemory(time, Publisher.ALGORITHMS);
    private final Publisher publisher = new Publisher(provider);
    private final List<Fault> once = new ArrayList<>();
    private final List<CompletableFuture<OriginResponse>> open = new ArrayList<>();
    private Fault standing = Fault.NONE;
    private Rules rules;
    private Stage stage;
    private int forged;

    VirtualLife(long seed, Tally tally, Trail trail, UnaryOperator<Subject> disguise) {
        this.random = new SplittableRandom(seed);
        this.tally = tally;
        this.trail = trail;
        this.disguise = disguise;
        this.rules = Rules.draw(random);
        this.stage = build();
    }

    /** Takes steps until something forbidden happens, or as many as asked for. */
    List<Verdicts.Forbidden> run(int steps) {
        for (int i = 0; i < steps && !stage.verdicts.any(); i++) {
            step();
        }
        if (!stage.verdicts.any()) {
            note("close");
            stage.close();
        }
        tally.count("simulated seconds", time.elapsed().toSeconds());
        return stage.verdicts.found();
    }

    private Stage build() {
        Stage built = new Stage(rules, provider.jwksUri(), time, random, tally, this::originFor, disguise);
        note("build with " + rules + ", provider: " + standing.behaviour());
        built.healthy(standing.timely() && once.isEmpty());
        return built;
    }

    private void step() {
        tally.count("steps");
        switch (random.nextInt(40)) {
            case 0, 1, 2, 3, 4, 5 -> advance(Duration.ofNanos(random.nextLong(1, 200_000_000L)));
            case 6, 7, 8, 9 -> advance(Duration.ofMillis(random.nextLong(1, 15_000)));
            case 10, 11, 12 -> advance(Duration.ofMillis(random.nextLong(1, 600_000)));
            case 13 ->
                advance(rules.maxStaleness()
                        .multipliedBy(random.nextLong(1, 30))
                        .dividedBy(10));
            case 14, 15, 16 -> advanceToEdge();
            case 17, 18, 19 -> behave(Fault.draw(random, rules));
            case 20, 21, 22, 23 -> behave(Fault.drawHealthy(random, rules));
            case 24 -> behaveOnce();
            case 25, 26, 27 -> rotate();
            case 28 -> withdraw();
            case 29 -> changeKeys();
            case 30, 31 -> leap();
            case 32, 33 -> begin();
            case 34 -> manual();
            case 35 -> flood();
            case 36 -> report();
            case 37 -> rarely();
            default -> advance(Duration.ofMillis(random.nextLong(1, 3_000)));
        }
        check();
        for (int i = random.nextInt(4); i > 0; i--) {
            lookup(draw());
        }
        if (random.nextInt(3) == 0) {
            stage.checkStatus();
        }
        check();
    }

    private void check() {
        open.removeIf(CompletableFuture::isDone);
        if (open.size() > (stage.truth.flight() == null ? 0 : 1)) {
            stage.verdicts.forbidden("a fetch past its deadline", "its exchange is still open", "it is cancelled");
            open.clear();
        }
        stage.check();
    }

    private void advance(Duration by) {
        note("advance " + by);
        stage.truth.newEpoch();
        time.advance(by);
    }

    /** Goes to where an answer changes, or just before or after. */
    private void advanceToEdge() {
        Trusted set = stage.truth.trusted();
        if (set == null) {
            advance(rules.fetchTimeout());
            return;
        }
        Duration edge = random.nextBoolean() ? rules.maxStaleness() : rules.timeToLive();
        long left =
                edge.toNanos() - set.mostAge(stage.truth.now()) + random.nextLong(-1, 2) * random.nextInt(1_500_000);
        if (random.nextInt(3) == 0) {
            suspend(Duration.ofNanos(Math.max(0, left)));
        } else {
            advance(Duration.ofNanos(Math.max(0, left)));
        }
    }

    private void behave(Fault fault) {
        note("provider: " + fault.behaviour());
        standing = fault;
        once.clear();
        stage.healthy(fault.timely());
    }

    private void behaveOnce() {
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            Fault fault = random.nextInt(3) > 0 ? Fault.draw(random, rules) : Fault.drawHealthy(random, rules);
            note("provider, for one request: " + fault.behaviour());
            once.add(fault);
        }
        stage.healthy(false);
    }

    private void rotate() {
        if (publisher.hasMany()) {
            withdraw();
            return;
        }
        note("rotate: " + publisher.rotate(random));
        tally.count("rotations");
    }

    private void withdraw() {
        SigningKey key = publisher.withdraw(random);
        if (key != null) {
            note("withdraw " + key);
            tally.count("withdrawals");
        }
    }

    private void changeKeys() {
        switch (random.nextInt(4)) {
            case 0 -> {
                note("publish broken entries among the keys");
                publisher.publishBroken();
            }
            case 1 -> {
                note("publish the keys again");
                publisher.publishKeys();
            }
            default -> {
                note("new material: " + publisher.replaceMaterial(random));
                tally.count("materials replaced");
            }
        }
    }

    private void leap() {
        long most = rules.maxStaleness().toMillis() * 2;
        Duration by = Duration.ofMillis(random.nextLong(1, random.nextInt(3) == 0 ? most : 60_000));
        switch (random.nextInt(4)) {
            case 0 -> suspend(by);
            case 1 -> leapWall("leap forward " + by, by);
            case 2 -> leapWall("leap back " + by, by.negated());
            default -> {
                // As a time server does: the wall clock is what it would be without all that.
                Instant right = START.plus(time.elapsed());
                leapWall(
                        "set the wall clock right",
                        Duration.between(time.wallClock().instant(), right));
            }
        }
    }

    private void suspend(Duration by) {
        note("suspend " + by);
        stage.truth.clockShows();
        time.suspend(by);
        stage.truth.clockShows();
        stage.fetchRules.leap();
        tally.count("leaps and suspends");
    }

    private void leapWall(String what, Duration by) {
        note(what);
        stage.truth.clockShows();
        time.leapWall(by);
        stage.truth.clockShows();
        stage.fetchRules.leap();
        tally.count("leaps and suspends");
    }

    private void begin() {
        boolean atOnce = (once.isEmpty() ? standing : once.get(0)).name().equals("healthy")
                && stage.truth.flight() == null
                && stage.truth.trusted() != null
                && stage.truth.surelyUsable(stage.truth.now());
        if (atOnce && random.nextInt(3) == 0) {
            note("start()");
            stage.start();
        } else if (random.nextBoolean()) {
            note("startAsync()");
            stage.startAsync();
        }
    }

    private void manual() {
        if (random.nextInt(3) == 0) {
            note("purge()");
            stage.purge();
            tally.count("purges");
            return;
        }
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            note("refresh()");
            stage.refresh();
            tally.count("manual refreshes");
        }
    }

    private void flood() {
        int size = random.nextInt(1, 60);
        note("flood of " + size + " forged kids");
        for (int i = 0; i < size && !stage.verdicts.any(); i++) {
            stage.lookup(new Ask("forged", "forged-" + ++forged, "ES256"));
            if (random.nextInt(4) == 0) {
                stage.truth.newEpoch();
                time.advance(Duration.ofMillis(random.nextLong(1, 500)));
                stage.check();
            }
        }
    }

    private void report() {
        Ask ask = draw();
        VerificationKey key = stage.anyKey(ask);
        if (key != null) {
            note("reportBadSignature of " + ask);
            stage.reportBadSignature(key);
        }
    }

    private void rarely() {
        if (random.nextInt(6) == 0) {
            note("close and build again");
            stage.close();
            if (stage.verdicts.any()) {
                return;
            }
            rules = Rules.draw(random);
            // What was slow for the settings before may be too slow for these.
            standing = random.nextBoolean() ? Fault.draw(random, rules) : Fault.drawHealthy(random, rules);
            once.clear();
            stage = build();
            provider.clearRequests();
            tally.count("caches");
        }
    }

    private void lookup(Ask ask) {
        note(ask.toString());
        if (random.nextInt(8) == 0 && stage.isAtOnce(ask)) {
            stage.lookupBlocking(ask, random.nextBoolean());
        } else if (!ask.wholeSet()) {
            stage.lookup(ask);
        }
    }

    private Ask draw() {
        List<SigningKey> keys = publisher.keys();
        List<SigningKey> gone = publisher.withdrawn();
        return switch (random.nextInt(12)) {
            case 0 -> new Ask("forged", "forged-" + ++forged, "ES256");
            case 1 -> new Ask("without kid", random.nextBoolean() ? null : "", alg());
            case 2 -> Ask.SET;
            case 3 -> new Ask("wrong alg", of(keys).kid(), alg());
            case 4 -> new Ask("alg never served", of(keys).kid(), Ask.NEVER);
            case 5, 6, 7 -> gone.isEmpty() ? ask("published", of(keys)) : ask("withdrawn", of(gone));
            default -> ask("published", of(keys));
        };
    }

    private String alg() {
        String alg = Publisher.ALGORITHMS[random.nextInt(Publisher.ALGORITHMS.length)];
        return alg.equals("Ed25519") ? "EdDSA" : alg;
    }

    private SigningKey of(List<SigningKey> keys) {
        return keys.get(random.nextInt(keys.size()));
    }

    private static Ask ask(String kind, SigningKey key) {
        return new Ask(kind, key.kid(), key.joseAlgorithm());
    }

    private JwksOrigin originFor(Truth truth) {
        return request -> fetch(request, truth);
    }

    private CompletableFuture<OriginResponse> fetch(OriginRequest request, Truth truth) {
        Fault fault = once.isEmpty() ? standing : once.remove(0);
        stage.healthy(standing.timely() && once.isEmpty());
        provider.behave(fault.behaviour());
        tally.count("fetches");
        tally.fault(fault.name());
        Exchange exchange = truth.requested(request, fault, publisher.served(fault.content()));
        Map<String, List<String>> headers = new HashMap<>();
        put(headers, "If-None-Match", request.etag());
        put(headers, "If-Modified-Since", request.lastModified());
        put(headers, "Cache-Control", request.forced() ? "no-cache" : null);
        CompletableFuture<OriginResponse> answer = new CompletableFuture<>();
        open.add(answer);
        var response = provider.exchange(headers);
        answer.whenComplete((value, failure) -> {
            if (answer.isCancelled()) {
                truth.cancelled(exchange);
            }
            response.cancel(true);
        });
        response.whenComplete((given, failure) -> {
            if (answer.isDone()) {
                return;
            }
            if (given == null) {
                truth.answered(exchange, null);
                answer.completeExceptionally(failure);
            } else {
                OriginResponse converted = new OriginResponse(given.status(), given.headers(), given.body());
                truth.answered(exchange, converted);
                answer.complete(converted);
            }
        });
        return answer;
    }

    private static void put(Map<String, List<String>> headers, String name, @Nullable String value) {
        if (value != null) {
            headers.put(name, List.of(value));
        }
    }

    private void note(String what) {
        trail.step(time.elapsed(), what);
    }

    Duration elapsed() {
        return time.elapsed();
    }

    @Override
    public void close() {
        provider.close();
    }
}
