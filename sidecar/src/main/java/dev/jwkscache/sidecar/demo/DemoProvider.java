package dev.jwkscache.sidecar.demo;

import dev.jwkscache.sidecar.Spans;
import dev.jwkscache.sidecar.demo.Token.Issuer;
import dev.jwkscache.sidecar.demo.Tokens.Batch;
import dev.jwkscache.sidecar.management.PageSection;
import dev.jwkscache.testkit.Behaviour;
import dev.jwkscache.testkit.ScriptedProvider;
import dev.jwkscache.testkit.SigningKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The identity provider in the hand of visitors. It does as careful providers do: a new key is published before it signs,
 * and while it is in trouble it issues no tokens with a key that others cannot know. Thread-safe.
 */
final class DemoProvider implements AutoCloseable {
    /** More would make the page long, and nothing clearer. */
    static final int MOST_PUBLISHED = 8;
    /** So many withdrawn keys go on having their tokens presented. */
    static final int WITHDRAWN_KEPT = 3;

    private static final List<String> ALGORITHMS = List.of("RS256", "ES256", "EdDSA");

    private static final Conduct HEALTHY = new Conduct("answers at once", Behaviour.healthy());
    private static final Conduct SLOW = new Conduct(
            "takes " + Spans.text(DemoSpans.SLOW) + " for each answer",
            Behaviour.healthy().slow(DemoSpans.SLOW));
    private static final Conduct DOWN = new Conduct("refuses connections", Behaviour.refuse());
    private static final List<Conduct> GARBAGE = List.of(
            new Conduct("answers 200 with a login page (HTML)", Behaviour.html()),
            new Conduct("answers 200 with an empty set", Behaviour.emptySet()),
            new Conduct("answers 200 with half a document", Behaviour.truncated()));

    private final ScriptedProvider provider;
    private final Supplier<Moment> clock;
    private final Judge judge;
    private final Tokens tokens;
    private final List<Coming> coming = new ArrayList<>();
    private Conduct conduct = HEALTHY;
    private @Nullable Moment wellSince;
    private int rotations;

    /** A way to answer, in words and in deed. */
    private record Conduct(String words, Behaviour behaviour) {}

    /** A key that is published and does not sign yet. */
    private record Coming(Batch batch, Moment publishedAt) {}

    /**
     * A key and what there is to say about it.
     *
     * @param state {@code coming}, {@code signing} or {@code withdrawn}
     */
    record KeyNews(String kid, String algorithm, String state, String words) {}

    /** Takes a healthy provider over, with a key for each of its algorithms; closed with this. */
    DemoProvider(ScriptedProvider provider, Supplier<Moment> clock, Judge judge) {
        this.provider = provider;
        this.clock = clock;
        this.judge = judge;
        tokens = new Tokens(provider);
        provider.keys().forEach(key -> tokens.circulate(tokens.sign(key)));
        wellSince = clock.get();
    }

    /** One that serves HTTP on a free port of 127.0.0.1. */
    static ScriptedProvider onLoopback() {
        return ScriptedProvider.start(ALGORITHMS.toArray(String[]::new));
    }

    Tokens tokens() {
        return tokens;
    }

    ScriptedProvider scripted() {
        return provider;
    }

    /** What it does at present, in words. */
    synchronized String conduct() {
        return conduct.words();
    }

    synchronized boolean isHealthy() {
        return conduct.equals(HEALTHY);
    }

    synchronized void recover() {
        if (!isHealthy()) {
            behave(HEALTHY);
            wellSince = clock.get();
        }
    }

    void slow() {
        misbehave(SLOW);
    }

    void down() {
        misbehave(DOWN);
    }

    /** Another kind of it each time. */
    synchronized void garbage() {
        misbehave(GARBAGE.get((GARBAGE.indexOf(conduct) + 1) % GARBAGE.size()));
    }

    private synchronized void misbehave(Conduct next) {
        wellSince = null;
        behave(next);
    }

    private void behave(Conduct next) {
        conduct = next;
        provider.behave(next.behaviour());
    }

    /** Publishes a new key, which signs when everybody can know of it. */
    synchronized void rotate() {
        if (provider.keys().size() >= MOST_PUBLISHED) {
            throw new PageSection.Refusal("there are " + MOST_PUBLISHED + " keys already: withdraw one first");
        }
        String algorithm = ALGORITHMS.get(rotations++ % ALGORITHMS.size());
        SigningKey key = provider.rotate(algorithm);
        coming.add(new Coming(tokens.sign(key), clock.get()));
    }

    /** Takes the oldest key out of the set. */
    synchronized void withdraw() {
        List<Issuer> signing = signing();
        if (signing.size() < 2) {
            throw new PageSection.Refusal("only one key signs: rotate first, and wait until the new one does");
        }
        Issuer oldest = signing.get(0);
        // Told before it is done, so that nobody takes a rightful refusal for a wrong one.
        oldest.withdraw();
        provider.withdraw(oldest.key());
        judge.withdrawn(oldest);
        List<Issuer> withdrawn =
                tokens.issuers().stream().filter(Issuer::withdrawn).toList();
        if (withdrawn.size() > WITHDRAWN_KEPT) {
            tokens.retire(withdrawn.get(0));
            judge.forget(withdrawn.get(0));
        }
    }

    /** Lets keys sign whose time has come; called again and again. */
    synchronized void tick() {
        Moment now = clock.get();
        coming.removeIf(key -> {
            boolean due = left(key, now).isZero() && judge.isSettled(now);
            if (due) {
                tokens.circulate(key.batch());
            }
            return due;
        });
    }

    /** How long a key must still be published by a provider that is well. */
    private Duration left(Coming key, Moment now) {
        if (wellSince == null) {
            return DemoSpans.LEAD;
        }
        Duration published = now.atLeastSince(key.publishedAt());
        Duration well = now.atLeastSince(wellSince);
        Duration left = DemoSpans.LEAD.minus(published.compareTo(well) < 0 ? published : well);
        return left.isNegative() ? Duration.ZERO : left;
    }

    private List<Issuer> signing() {
        return tokens.issuers().stream().filter(issuer -> !issuer.withdrawn()).toList();
    }

    /** All keys that matter, newest first. */
    synchronized List<KeyNews> keys() {
        Moment now = clock.get();
        List<KeyNews> news = new ArrayList<>();
        for (int i = coming.size() - 1; i >= 0; i--) {
            Coming key = coming.get(i);
            String when = wellSince == null
                    ? "signs " + Spans.text(DemoSpans.LEAD) + " after the provider is well again"
                    : "signs in " + wholeSeconds(left(key, now));
            news.add(news(key.batch().issuer(), "coming", "published, " + when));
        }
        List<Issuer> issuers = tokens.issuers();
        for (int i = issuers.size() - 1; i >= 0; i--) {
            Issuer issuer = issuers.get(i);
            Judge.Withdrawal withdrawal = judge.withdrawal(issuer);
            news.add(
                    withdrawal == null
                            ? news(issuer, "signing", "signs")
                            : news(issuer, "withdrawn", "withdrawn; " + fate(withdrawal, now)));
        }
        return news;
    }

    private static String fate(Judge.Withdrawal withdrawal, Moment now) {
        Moment last = withdrawal.lastAccepted();
        if (last == null) {
            return "its tokens are refused";
        }
        boolean quiet = now.atLeastSince(last).compareTo(Duration.ofSeconds(2)) > 0;
        return quiet
                ? wholeSeconds(last.atMostSince(withdrawal.at())) + " later its tokens were refused"
                : "its tokens still pass, as nobody can know of it yet";
    }

    private static KeyNews news(Issuer issuer, String state, String words) {
        return new KeyNews(issuer.kid(), issuer.key().algorithm(), state, words);
    }

    /** Rounded up, so that nothing comes later than said. */
    private static String wholeSeconds(Duration span) {
        return span.plusMillis(999).toSeconds() + " s";
    }

    @Override
    public void close() {
        provider.close();
    }
}
